"""Setting a camera up in a real browser: mouse, finger and keyboard, down to a device that obeys."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from edge.commissioning.keeper import SettingsKeeper
from edge.config import CameraSettings
from edge.identity import read_identity
from edge.wire.camera_settings import ZonePurpose
from edge.wire.desired import open_desired
from edge.wire.messages import (
    Command,
    CountWithMe,
    GoToPreset,
    LearnScale,
    Online,
    Reply,
    TellPresets,
    TellSettings,
    decode_command,
)
from edge.wire.records.bodies import ClockQuality
from hub.ingest.models import DeviceCommand
from hub.ingest.presence import PresenceBook
from hub.ingest.saying.commands import note_reply, note_sent
from hub.places.settings.source import SettingsSource
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.sample import BOOT, EPOCH
from tests.browser.test_accessibility import AXE, violations
from tests.edge.agent_city import Device

PATH = "/kamera/pi-jawi/utara/atur"
JALAN = {"id": "jalan", "points": [[0.2, 0.7], [0.8, 0.7]], "forward": "ke kota", "backward": "keluar"}
PRESETS = json.dumps(
    [{"token": token, "name": name, "has_position": True} for token, name in (("1", "Jalan"), ("2", "Pasar"))]
)
SETTINGS = json.dumps({"lines": [JALAN], "masks": [], "scale": 0.0, "fps": 10.0})


class SimulatedDevice:
    """Answers the commands of the page as ingest and a device would, and takes signed settings."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub = hub
        self.device = Device(folder, name="pi-jawi")
        config = self.device.configure("")
        identity = read_identity(config.hub, device="pi-jawi")
        self.keeper = SettingsKeeper(
            cameras=tuple(
                CameraSettings(id=name, source="scene:street", onvif=onvif)
                for name, onvif in (("utara", "http://10.0.0.9/"), ("selatan", ""))
            ),
            path=folder / "overlay.json",
            unseal=lambda desired: open_desired(
                desired,
                device="pi-jawi",
                device_key=identity.key,
                hub_keys=[self.device.signing_key.public_key()],
            ),
            now=lambda: datetime.now(UTC),
        )
        certificates = folder / "certificates"
        certificates.mkdir(exist_ok=True)
        (certificates / "pi-jawi.pem").write_bytes((folder / "device.pem").read_bytes())
        self.source = SettingsSource(
            database=hub.database, signing_key=self.device.signing_key, certificates=certificates
        )
        self.turned_to: list[str] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def fetch(self) -> None:
        """Take what ingest would send, and say which version is in force."""
        for desired in self.source.for_device(
            "pi-jawi", roster_version=0, config_version=self.keeper.version
        ):
            self.keeper.accept(desired)
        now = datetime.now(UTC)
        birth = Online(
            epoch=EPOCH,
            boot_id=BOOT,
            at=now,
            clock=ClockQuality.SYNCED,
            firmware="1",
            hardware="Pi",
            uptime_s=1,
            config_version=self.keeper.version,
        )
        with self.hub.database.writing() as db:
            PresenceBook().say(db, "pi-jawi", birth, at=now)

    def _serve(self) -> None:
        while not self._is_over.wait(0.2):
            with self.hub.database.writing() as db:
                waiting = db.scalars(
                    select(DeviceCommand).where(
                        DeviceCommand.sent_at.is_(None), DeviceCommand.device == "pi-jawi"
                    )
                ).all()
                now = datetime.now(UTC)
                note_sent(db, waiting, now=now)
                for row in waiting:
                    reply = self._reply(decode_command(row.body.encode()))
                    if reply is not None:
                        note_reply(
                            db, device="pi-jawi", correlation=row.correlation.encode(), reply=reply, now=now
                        )

    def _reply(self, command: Command) -> Reply | None:
        match command:
            case TellSettings():
                return Reply(command="tell-settings", is_done=True, values={"settings": SETTINGS})
            case LearnScale():
                return Reply(command="learn-scale", is_done=True, values={"scale": 0.0421})
            case CountWithMe():
                return None
            case TellPresets():
                return Reply(command="tell-presets", is_done=True, values={"presets": PRESETS})
            case GoToPreset(token=token):
                self.turned_to.append(token)
                return Reply(command="go-to-preset", is_done=True, values={"token": token})
            case _:
                return Reply(command="other", is_done=True)


@pytest.fixture
def device(hub: Hub, tmp_path: Path) -> Iterator[SimulatedDevice]:
    one = SimulatedDevice(hub, tmp_path)
    yield one
    one.stop()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    box = page.locator("#lukisan").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    page.mouse.up()


def tap(page: Page, x: float, y: float) -> None:
    box = page.locator("#lukisan").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_a_line_is_drawn_with_the_mouse_and_the_device_counts_on_it(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/kamera/pi-jawi/utara")
    page.get_by_role("link", name="Atur kamera").click()
    expect(page.locator("#petunjuk")).to_contain_text("dimuat dari perangkat")
    expect(page.locator(".shape-lines")).to_have_count(1)
    page.get_by_role("button", name="+ Garis").click()
    drag(page, (0.25, 0.3), (0.75, 0.4))
    expect(page.locator(".shape-lines")).to_have_count(2)
    page.get_by_label("Nama pendek, Garis 2").fill("Timur Raya")
    page.get_by_label("Arah panah, Garis 2").fill("ke pelabuhan")
    page.get_by_label("Catatan").fill("garis baru")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi 1")
    expect(page.locator("#keadaan")).to_contain_text("Versi 1 menunggu perangkat")
    device.fetch()
    expect(page.locator("#keadaan")).to_have_attribute("data-step", "in-force")
    camera = device.keeper.cameras[0]
    assert [line.id for line in camera.lines] == ["jalan", "timur-raya"]
    assert camera.lines[1].forward == "ke pelabuhan"
    assert camera.lines[1].points[0] == pytest.approx((0.25, 0.3), abs=0.01)
    assert camera.lines[1].points[1] == pytest.approx((0.75, 0.4), abs=0.01)
    assert complaints == []


def test_areas_are_drawn_by_touch_on_a_phone_and_nothing_sticks_out(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints, width=360, has_touch=True)
    sign_in(page, hub)
    page.goto(hub.address + PATH.replace("utara", "selatan"))
    expect(page.locator("#petunjuk")).to_contain_text("dimuat dari perangkat")
    page.get_by_role("button", name="+ Penutup privasi").tap()
    for corner in ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5)):
        tap(page, *corner)
    page.get_by_role("button", name="Selesai").tap()
    expect(page.locator(".shape-privacy_masks")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name="Simpan dan kirim").tap()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    device.fetch()
    (mask,) = device.keeper.cameras[1].privacy_masks
    assert mask[2] == pytest.approx((0.4, 0.5), abs=0.02)
    assert complaints == []


def test_a_line_is_drawn_and_moved_by_keyboard_alone(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + "/kamera/pi-jawi/selatan/atur")
    expect(page.locator("#pesan")).to_have_text("")
    before = page.locator(".shape-lines").count()
    page.get_by_role("button", name="+ Garis").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".shape-lines")).to_have_count(before + 1)
    expect(page.locator(".handle").first).to_be_focused()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowLeft")
    value = page.evaluate("JSON.parse(document.querySelector('[name=setelan]').value).lines.at(-1).points[0]")
    assert value == pytest.approx([0.29, 0.55], abs=0.001)
    assert complaints == []


def test_the_scale_is_learnt_and_an_old_version_comes_back(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    page.locator("#skala").fill("0")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    device.fetch()
    page.reload()
    page.get_by_role("button", name="Pelajari skala").click()
    expect(page.locator("#skala")).to_have_value("0.0421")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    device.fetch()
    assert device.keeper.cameras[0].scale == 0.0421
    page.reload()
    page.locator(".versions button").last.click()
    expect(page.locator("main > .notice")).to_contain_text("dikirim lagi")
    device.fetch()
    assert device.keeper.cameras[0].scale == 0.0
    assert complaints == []


def test_what_cannot_be_used_is_said_and_the_drawing_stays(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    page.locator("#fps").fill("500")
    shapes = page.locator(".shape").count()
    page.locator("#simpan").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("fps")
    assert page.locator(".shape").count() == shapes
    assert all("422" in complaint for complaint in complaints)


def test_counting_together_compares_taps_with_the_device(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    page.get_by_role("button", name="Mulai menghitung").click()
    expect(page.locator("#hitung-pesan")).to_contain_text("Hitung!")
    button = page.locator("#ketukan button").first
    for _ in range(3):
        button.click()
    with hub.database.writing() as db:
        row = db.scalars(select(DeviceCommand).order_by(DeviceCommand.id.desc())).first()
        assert row is not None
        counted: dict[str, float | str | bool] = {"jalan.forward": 5.0, "jalan.backward": 0.0}
        reply = Reply(command="count-with-me", is_done=True, values=counted)
        correlation = row.correlation.encode()
        note_reply(db, device="pi-jawi", correlation=correlation, reply=reply, now=datetime.now(UTC))
    cells = page.locator("#banding tbody tr").first.locator("td")
    expect(cells).to_have_text(["jalan: ke kota", "3", "5", "2"])
    assert complaints == []


def taps(page: Page, *corners: tuple[float, float]) -> None:
    box = page.locator("#lukisan").bounding_box()
    assert box is not None
    for x, y in corners:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_zone_gauge_and_ground_are_drawn_and_reach_the_device(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH.replace("utara", "selatan"))
    expect(page.locator("#pesan, #petunjuk").filter(has_text="Menunggu jawaban")).to_have_count(0)
    page.get_by_role("button", name="+ Zona").click()
    taps(page, (0.2, 0.3), (0.5, 0.3), (0.5, 0.6), (0.2, 0.6))
    page.get_by_role("button", name="Selesai").click()
    page.get_by_label("Untuk apa, Zona 1").select_option("crowd")
    head = page.get_by_role("button", name="Tinggi orang: 15 %")
    head.focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_label("Tinggi orang (persen gambar), Zona 1")).to_have_value("20")
    page.get_by_role("button", name="+ Papan duga air").click()
    taps(page, (0.8, 0.2), (0.85, 0.2), (0.85, 0.8), (0.8, 0.8))
    page.get_by_label("Angka ujung atas (m), Papan duga air 1").fill("-1")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Papan duga papan-1: angka ujung atas harus lebih besar")
    page.get_by_label("Angka ujung atas (m), Papan duga air 1").fill("2.5")
    page.get_by_role("button", name="+ Ukuran jalan").click()
    taps(page, (0.3, 0.7), (0.6, 0.7), (0.7, 0.95), (0.2, 0.95))
    page.get_by_label("Titik 3 memanjang (m), Ukuran jalan").fill("12")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    device.fetch()
    camera = device.keeper.cameras[1]
    (zone,), (gauge,) = camera.zones, camera.gauges
    assert (zone.id, zone.purpose, zone.person_height) == ("zona-1", ZonePurpose.CROWD, 0.2)
    assert zone.polygon[2] == pytest.approx((0.5, 0.6), abs=0.01)
    assert (gauge.top_m, gauge.bottom_m) == (2.5, 0)
    assert gauge.corners[0] == pytest.approx((0.8, 0.2), abs=0.01)
    assert camera.ground is not None
    assert camera.ground.metres[2] == (3.5, 12.0)
    assert complaints == []


def test_each_preset_is_drawn_for_itself_and_names_differ(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    expect(page.locator(".shape-lines")).not_to_have_count(0)
    page.get_by_text("Kamera berputar (PTZ)").click()
    page.get_by_role("button", name="Baca preset dari kamera").click()
    expect(page.locator("#preset li")).to_have_count(2)
    page.get_by_role("button", name="Atur di preset ini: Jalan").click()
    expect(page.locator("#petunjuk")).to_contain_text("tunggu gambarnya")
    kept = page.locator(".shape-lines").count()
    page.get_by_role("button", name="Atur di preset ini: Pasar").click()
    expect(page.locator(".shape-lines")).to_have_count(0)
    page.get_by_role("button", name="+ Zona").click()
    taps(page, (0.2, 0.3), (0.5, 0.3), (0.5, 0.6))
    page.get_by_role("button", name="Selesai").click()
    page.get_by_role("button", name="+ Garis").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    page.get_by_label("Preset yang diatur").select_option("jalan")
    expect(page.locator(".shape-lines")).to_have_count(kept)
    device.fetch()
    jalan, pasar = device.keeper.cameras[0].presets
    assert (jalan.id, jalan.token, pasar.id, pasar.token) == ("jalan", "1", "pasar", "2")
    assert len(jalan.lines) == kept
    assert len(pasar.lines) == len(pasar.zones) == 1
    assert {line.id for line in jalan.lines}.isdisjoint({line.id for line in pasar.lines})
    assert device.keeper.cameras[0].lines == ()
    assert device.turned_to == ["1", "2"]
    page.get_by_role("button", name="Lepas: Pasar").click()
    page.get_by_role("button", name="Simpan dan kirim").click()
    expect(page.locator("#pesan")).to_contain_text("Tersimpan sebagai versi")
    device.fetch()
    assert [preset.id for preset in device.keeper.cameras[0].presets] == ["jalan"]
    assert complaints == []


def test_sizes_that_were_seen_propose_the_limits_of_a_line(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice
) -> None:
    page = new_page(browser, complaints)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    page.get_by_role("button", name="Mulai menghitung").click()
    expect(page.locator("#hitung-pesan")).to_contain_text("Hitung!")
    line = page.locator("#ketukan button").first.get_attribute("data-key")
    assert line is not None
    line = line.removesuffix(".forward")
    seen = "0.030 0.032 0.035 0.060 0.064 0.066 0.150 0.160"
    values: dict[str, float | str | bool] = {f"{line}.forward": 8.0, f"{line}.sizes": seen}
    with hub.database.writing() as db:
        row = db.scalars(select(DeviceCommand).order_by(DeviceCommand.id.desc())).first()
        assert row is not None
        reply = Reply(command="count-with-me", is_done=True, values=values)
        note_reply(
            db, device="pi-jawi", correlation=row.correlation.encode(), reply=reply, now=datetime.now(UTC)
        )
    expect(page.locator(".strip circle")).to_have_count(8)
    page.get_by_role("button", name="Usulkan dari hitungan: Garis 1").click()
    expect(page.get_by_label("Mobil mulai (persen gambar), Garis 1")).to_have_value("4.6")
    expect(page.get_by_label("Besar mulai (persen gambar), Garis 1")).to_have_value("9.9")
    limits = page.evaluate(
        "(({presets, lines}) => (presets ? presets[0].lines : lines)[0].sizes)"
        "(JSON.parse(document.querySelector('[name=setelan]').value))"
    )
    assert limits == [0.046, 0.099]
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_with_everything_drawn_has_no_violations(
    browser: Browser, hub: Hub, complaints: list[str], device: SimulatedDevice, width: int
) -> None:
    page = new_page(browser, complaints, width=width, bypass_csp=True)
    sign_in(page, hub)
    page.goto(hub.address + PATH)
    expect(page.locator("#pesan, #petunjuk").filter(has_text="Menunggu jawaban")).to_have_count(0)
    for name in ("+ Garis", "+ Zona", "+ Papan duga air", "+ Ukuran jalan"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
    page.get_by_label("Untuk apa").last.select_option("crowd")
    page.get_by_text("Kamera berputar (PTZ)").click()
    page.get_by_role("button", name="Baca preset dari kamera").click()
    expect(page.locator("#preset li")).not_to_have_count(0)
    for theme in ("dark", "light"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.evaluate(AXE)
        assert violations(page) == [], theme
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []
