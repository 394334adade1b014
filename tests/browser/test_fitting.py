"""A technician's way on a phone, from the list of points to the signed sheet; each page fit to read.

With ``PONTIVE_PICTURES`` the pages are also drawn for the guide (docs/panduan/teknisi.md).
"""

import io
import os
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from edge.wire.joining.claims import read_claim_code
from edge.wire.joining.enrolment import Enrolled, open_answer
from hub.ingest.models import DevicePresence, Still
from hub.updates.models import DeviceUpdate, Release, RolloutDevice
from hub.updates.rollouts import SYSTEM, Wish, change_rollout, start_rollout
from hub.updates.rules import RolloutState
from provisioning.trust.ca import CityAuthority
from provisioning.trust.keyfiles import ensure_signing_key
from tests.browser.conftest import Hub, new_page, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.hub.enrolment.conftest import blank

WIDTH = 360


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "boks.jpg"
    Image.effect_noise((320, 240), 60).convert("RGB").save(path)
    return path


@pytest.fixture
def found() -> list[str]:
    return []


@pytest.fixture
def look(found: list[str]) -> Callable[..., None]:
    """Return what looks a page over, and draws it when pictures are wanted."""
    folder = os.environ.get("PONTIVE_PICTURES", "")

    def over(page: Page, name: str, since: str = "") -> None:
        # A click returns before the next page has begun.
        expect(page.locator("main h1").first).to_be_visible()
        page.wait_for_load_state()
        for theme in ("dark", "light"):
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            page.evaluate(AXE)
            found.extend(f"{name}, {theme}: {one}" for one in violations(page))
            if folder:
                # The guide shows the light one.
                drawn = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
                box = page.locator(since).bounding_box() if since else None
                top = max(0, int(box["y"] + page.evaluate("scrollY")) - 20) if box else 0
                file = name if theme == "light" else f"{name}-gelap"
                part = drawn.crop((0, top, WIDTH, min(drawn.height, top + 900)))
                part.save(Path(folder) / f"{file}.webp", quality=60)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"{name} is {beyond} px wider than {WIDTH}")

    return over


def test_a_technician_puts_a_device_into_service_on_a_phone(
    browser: Browser,
    hub: Hub,
    complaints: list[str],
    look: Callable[..., None],
    found: list[str],
    photo: Path,
) -> None:
    CityAuthority(hub.folder / "issuing", now=datetime.now(UTC))
    ensure_signing_key(hub.folder / "hub-signing.key", hub.folder / "hub-signing.pem")
    page = new_page(browser, complaints, width=WIDTH, bypass_csp=True)
    sign_in(page, hub)
    page.get_by_role("button", name="Warna terang").click()
    page.goto(f"{hub.address}/teknisi/pemasangan")
    look(page, "pemasangan-daftar")
    page.get_by_role("link", name="Simpang").first.click()
    page.wait_for_url("**/teknisi/pemasangan/*")
    look(page, "pemasangan-titik")
    page.get_by_role("button", name="Buat kode").click()
    expect(page.get_by_text("hanya tampil sekali")).to_be_visible()
    look(page, "pemasangan-kode")
    code = page.locator("input[name=kode]").first.get_attribute("value")
    _enrol(hub, code or "")
    page.goto(f"{hub.address}/teknisi/pemasangan/jawi")
    look(page, "pemasangan-terpasang")
    _is_live(hub)
    page.goto(f"{hub.address}/teknisi/perangkat/pi-jawi/serah-terima")
    look(page, "pemasangan-periksa")
    for box in page.locator("input[name=lihat]").all():
        box.check()
    page.get_by_label("Foto boks dan kamera").set_input_files(photo)
    page.get_by_label("Catatan").fill("contoh: dipasang di tiang baru")
    look(page, "pemasangan-serah-terima", "#h-eye")
    page.get_by_role("button", name="Serah terimakan").click()
    expect(page.get_by_text("Serah terima yang tercatat")).to_be_visible()
    page.goto(f"{hub.address}/teknisi/pemasangan/jawi")
    look(page, "pemasangan-selesai")
    page.goto(f"{hub.address}/perangkat/pi-jawi")
    look(page, "pemasangan-perangkat")
    page.get_by_role("link", name=re.compile("Sertifikat")).click()
    expect(page.get_by_role("heading", level=1, name="Sertifikat")).to_be_visible()
    look(page, "pemasangan-cabut")
    page.goto(f"{hub.address}/teknisi/perangkat/pi-jawi/kartu")
    look(page, "pemasangan-kartu")
    _is_paused(hub)
    page.goto(f"{hub.address}/pembaruan")
    expect(page.get_by_text("Dijeda oleh hub sendiri")).to_be_visible()
    look(page, "pembaruan-dijeda")
    assert found == []


def _enrol(hub: Hub, text: str) -> None:
    """Ask as the blank device that holds the code."""
    one = blank(read_claim_code(text))
    request = urllib.request.Request(
        f"{hub.address}/enrol",
        data=msgspec.json.encode(one.asked),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        assert isinstance(open_answer(answer.read(), one.asked, code=one.code, device_key=one.key), Enrolled)


def _is_live(hub: Hub) -> None:
    """Let the device be heard a moment ago, with its clock set and a still of each camera."""
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        for row in db.query(Still).filter_by(device="pi-jawi"):
            row.received_at = now
        presence = db.get(DevicePresence, "pi-jawi")
        assert presence is not None
        presence.is_online, presence.last_seen_at = True, now


def _is_paused(hub: Hub) -> None:
    """Let a rollout have failed at a device and paused itself."""
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        db.add(
            DeviceUpdate(
                device="pi-jawi",
                board="virt",
                running_number=1,
                running_name="0.1.0",
                state="returned",
                fault="not-heard",
                at=now,
            )
        )
        release = Release(
            board="virt",
            number=2,
            name="0.2.0",
            sha256="0" * 64,
            size_bytes=9,
            notes="contoh",
            added_at=now,
            added_by="contoh",
        )
        db.add(release)
        db.flush()
        rollout = start_rollout(db, release, Wish(), actor="contoh", now=now)
        db.add(
            RolloutDevice(
                rollout=rollout.id,
                device="pi-jawi",
                place=0,
                state="returned",
                fault="not-heard",
                asked_at=now,
                at=now,
            )
        )
        reason = "1 dari 1 perangkat gagal, batas 10 %"
        change_rollout(db, rollout, RolloutState.PAUSED, actor=SYSTEM, now=now, reason=reason)
