"""The screen at a door in a real Chromium: the real agent, simulated people, no network at all."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from edge.clock import SystemClock
from edge.hadir.reading.decode import read_thoroughly
from edge.outbox import Outbox
from edge.wire.desired import device_key_of_certificate, seal_for_device
from edge.wire.hadir.codes import make_badge_code, public_bytes_of, sign_as_phone
from edge.wire.hadir.phones import SimulatedBadge, new_phone, save_phones
from edge.wire.hadir.pin import hash_pin
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing, encode_roster
from edge.wire.hadir.workplace import (
    WorkplaceDocument,
    device_key_of,
    encode_workplace,
    scan_message,
    site_number_of,
)
from edge.wire.messages import decode_body, encode
from edge.wire.records.bodies import Assurance, HadirScan, Lane, ScanMethod
from hub.db import Database
from hub.hadir.workplace.place import Position
from hub.hadir.workplace.service import Scanned, Workplace
from hub.migrations.schema import upgrade
from hub.people.models import PhoneKey
from tests.browser.sample import SampleCity
from tests.browser.test_accessibility import AXE, violations
from tests.edge.agent_city import Device

PATIENCE_MS = 120_000
ADDRESS = "HTTPS://HADIR.PONTIANAK.GO.ID/S/"
HUB_KEY = bytes(range(32))
PHONE = new_phone(101)
BADGE_PERSON, PIN = 9, "4821"
DOORS = """
[kiosk]
port = {port}
[[doors]]
id = "pintu"
source = "scene:door?phones=phones.json&per_minute=30&seed=3"
fps = 8
[[doors]]
id = "samping"
source = "scene:door?phones=badges.json&per_minute=8&seed=5"
fps = 8
strict = true
witness = true
"""


class Entrance:
    """A device with two doors whose hub and broker are nowhere to be found."""

    def __init__(self, folder: Path) -> None:
        self.device = Device(folder, name="pi-balai")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        text = DOORS.format(port=self.port)
        for name in ("phones", "badges"):
            text = text.replace(f"{name}.json", str(folder / f"{name}.json"))
        self.device.configure(text)
        badge = make_badge_code(
            self.device.signing_key, hub_key=1, person=BADGE_PERSON, serial=1, valid_until=date(2030, 1, 1)
        )
        save_phones(folder / "phones.json", (PHONE,))
        save_phones(folder / "badges.json", (), (SimulatedBadge(text=badge),))
        self._deliver("roster", self._roster(), "roster.sealed")
        self._deliver("workplace", self._workplace(), "workplace.sealed")
        self.start()

    def start(self) -> None:
        with (self.device.folder / "agent.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "edge.cli", "run", "--config", str(self.device.config_path)],
                stderr=log,
                cwd=Path(__file__).parents[2],
            )

        deadline_s = time.monotonic() + 240
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", self.port)):
                assert time.monotonic() < deadline_s, (self.device.folder / "agent.log").read_text()
                time.sleep(0.1)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=240)

    def url(self, door: str) -> str:
        return f"http://127.0.0.1:{self.port}/{door}"

    def scans(self) -> list[HadirScan]:
        """What the stopped device accepted."""
        outbox = Outbox.open(self.device.folder / "outbox.db", max_bytes=4 * 2**20, clock=SystemClock())
        rows = outbox.rows(Lane.ATTENDANCE, limit=1_000)
        bodies = [decode_body(row.payload) for row in rows]
        outbox.close()
        return [body for body in bodies if isinstance(body, HadirScan)]

    def _deliver(self, document: str, plain: bytes, name: str) -> None:
        """Put what the hub sent before the network went down where the device keeps it."""
        sealed = seal_for_device(
            document,
            1,
            plain,
            device="pi-balai",
            device_key=device_key_of_certificate((self.device.folder / "device.pem").read_bytes()),
            signing_key=self.device.signing_key,
        )
        (self.device.folder / name).write_bytes(encode(sealed) + b"\n")

    def _roster(self) -> bytes:
        now = datetime.now(UTC)
        entries = (
            Entry(101, 0, PHONE.public_key, Standing.ACTIVE, 1, "Budi S."),
            Entry(BADGE_PERSON, 0, b"", Standing.BADGE_ALLOWED, 1, "Sri W.", hash_pin(PIN, bytes(16))),
        )
        badge_keys = ((1, public_bytes_of(self.device.signing_key)),)
        return encode_roster(RosterDocument(1, 0, now, now + LIFETIME, badge_keys, entries))

    @staticmethod
    def _workplace() -> bytes:
        key = base64.b64encode(device_key_of(HUB_KEY, "pi-balai")).decode()
        document = WorkplaceDocument(version=1, key=key, site=site_number_of("balai"), address=ADDRESS)
        return encode_workplace(document)


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    entrance = Entrance(tmp_path_factory.mktemp("door"))
    yield entrance
    entrance.process.kill()
    entrance.process.wait()


@pytest.fixture
def screen(browser: Browser, entrance: Entrance, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = getattr(request, "param", (800, 480))
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def qr_text(shown: Locator, folder: Path) -> str:
    path = folder / "qr.png"
    shown.screenshot(path=path)
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    (text,) = read_thoroughly(np.asarray(picture, np.uint8), lambda luma: ())
    return text


def keep_picture(page: Page, name: str) -> None:
    """Keep a screenshot where somebody asked for them."""
    if folder := os.environ.get("PONTIVE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"kiosk-{name}.png")


def test_a_phone_that_is_shown_is_greeted_by_name(screen: Page, entrance: Entrance) -> None:
    screen.goto(entrance.url("pintu"))
    expect(screen.locator("#clock")).to_have_text(re.compile(r"^\d\d\.\d\d\.\d\d$"), timeout=PATIENCE_MS)
    expect(screen.locator("#name")).to_have_text("Budi S.", timeout=PATIENCE_MS)
    expect(screen.locator("#initials")).to_have_text("BS")
    expect(screen.locator("body")).to_have_attribute("data-tone", "good")
    expect(screen.locator("#action")).to_have_text(re.compile(r"^(MASUK|PULANG) \d\d\.\d\d$"))
    keep_picture(screen, "greeting")
    # After 1.2 s the next person is asked to come.
    expect(screen.locator("#name")).to_have_text("")
    expect(screen.locator("#words")).to_have_text("Tunjukkan kode Hadir ke kamera")
    expect(screen.locator("#footers")).to_contain_text("Luring — data tersimpan")
    keep_picture(screen, "idle")


# What is said stands for a second or two; a busy machine may look too late.
KEEP_WORDS = """() => {
    window.heard = [];
    const parts = ["words", "name"].map((id) => document.getElementById(id));
    const keep = () => heard.push(...parts.map((part) => part.textContent));
    new MutationObserver(keep).observe(document.body, {childList: true, characterData: true, subtree: true});
}"""


def tap(screen: Page, digits: str) -> None:
    for key in [*digits, "Enter"]:
        screen.locator(f'[data-key="{key}"]').tap(timeout=10_000)


def enter(screen: Page, pad: Locator, answer: str, type_pin: Callable[[], None]) -> None:
    """Type a PIN until the door answers: a badge waits for its PIN for half a minute only."""
    deadline_s = time.monotonic() + PATIENCE_MS / 1000
    while True:
        expect(pad).to_be_visible(timeout=PATIENCE_MS)
        with suppress(PlaywrightTimeoutError):  # the pad went away meanwhile
            type_pin()
        for _ in range(40):
            if answer in screen.evaluate("heard"):
                return
            screen.wait_for_timeout(250)
        assert time.monotonic() < deadline_s, screen.evaluate("heard")


def test_a_badge_is_accepted_with_its_pin_by_touch_after_a_wrong_one_from_the_keyboard(
    screen: Page, entrance: Entrance
) -> None:
    screen.goto(entrance.url("samping"))
    pad = screen.locator("#pad")
    expect(pad).to_be_visible(timeout=PATIENCE_MS)
    expect(screen.locator("#witness")).to_be_visible()
    screen.keyboard.type("00009")
    screen.keyboard.press("Backspace")
    expect(screen.locator("#dots")).to_have_text("●●●●")
    keep_picture(screen, "pin")
    screen.evaluate(KEEP_WORDS)
    enter(screen, pad, "PIN salah, sisa 4 kali.", lambda: screen.keyboard.type("0000\n"))
    enter(screen, pad, "Sri W.", lambda: tap(screen, PIN))
    expect(pad).to_be_hidden()
    expect(screen.locator("#challenge")).to_have_text(re.compile(r"^\d{3}$"))
    keep_picture(screen, "strict")
    log = (entrance.device.folder / "agent.log").read_text()
    assert PIN not in log.replace("outbox", "")
    assert "Sri" not in log


@pytest.mark.parametrize(
    "screen", [(800, 480), (480, 800), (1920, 1080), (1080, 1920)], indirect=True, ids=str
)
def test_everything_fits_and_the_code_is_read_at_every_size(
    screen: Page, entrance: Entrance, tmp_path: Path
) -> None:
    screen.goto(entrance.url("pintu"))
    qr = screen.locator("#qr")
    expect(qr).to_be_visible(timeout=PATIENCE_MS)
    size = screen.viewport_size
    assert size is not None
    keep_picture(screen, f"{size['width']}x{size['height']}")
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in ("#clock", "#said", "#qr", "#footers"):
        box = screen.locator(part).bounding_box()
        assert box is not None, part
        assert box["x"] >= 0, part
        assert box["y"] >= 0, part
        assert box["x"] + box["width"] <= size["width"] + 1, part
        assert box["y"] + box["height"] <= size["height"] + 1, part
    assert qr_text(qr, tmp_path).startswith(ADDRESS)


@pytest.mark.parametrize("door", ["pintu", "samping"])
def test_the_screen_has_no_violation_that_axe_can_find(
    browser: Browser, entrance: Entrance, door: str
) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 480}, bypass_csp=True)
    page = context.new_page()
    page.goto(entrance.url(door))
    expect(page.locator("#clock")).to_have_text(re.compile(r"^\d\d\."), timeout=PATIENCE_MS)
    page.evaluate(AXE)
    assert violations(page) == []
    page.evaluate("document.getElementById('pad').hidden = false")
    assert violations(page) == []
    context.close()


def test_the_code_on_the_screen_is_accepted_by_the_hub_and_renewed(
    screen: Page, entrance: Entrance, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path}/hub.db")
    upgrade(database)
    city = SampleCity(database, tmp_path)
    city.load()
    city.employ(datetime.now(UTC))
    with database.writing() as db:
        db.add(
            PhoneKey(
                person_number=101,
                slot=0,
                algorithm="ed25519",
                public_key=PHONE.public_key,
                enrolled_at=datetime.now(UTC),
            )
        )
    screen.goto(entrance.url("pintu"))
    qr = screen.locator("#qr")
    expect(qr).to_be_visible(timeout=PATIENCE_MS)
    text = qr_text(qr, tmp_path)
    now = datetime.now(UTC)
    signed_at = int(now.timestamp())
    scanned = Scanned(
        text, signed_at, 0, sign_as_phone(PHONE.signing_key, scan_message(text, signed_at)),
        Position(-0.0239, 109.3406, 8.0),
    )  # fmt: skip
    workplace = Workplace(hub_key=HUB_KEY, address=ADDRESS, radius_m=150, zone=ZoneInfo("Asia/Pontianak"))
    with database.writing() as db:
        answer = workplace.take(db, 101, scanned, now)
    assert answer.message == "H00", answer
    database.close()
    path = screen.locator("#modules").get_attribute("d")
    expect(screen.locator("#modules")).not_to_have_attribute("d", path or "", timeout=PATIENCE_MS)
    assert qr_text(qr, tmp_path) != text


def test_the_page_finds_a_restarted_agent_by_itself(screen: Page, entrance: Entrance) -> None:
    screen.goto(entrance.url("pintu"))
    expect(screen.locator("#words")).to_have_text("Tunjukkan kode Hadir ke kamera", timeout=PATIENCE_MS)
    entrance.stop()
    expect(screen.locator("#words")).to_have_text("Menyambung kembali ke perangkat …", timeout=PATIENCE_MS)
    expect(screen.locator("#qr")).to_be_hidden()
    keep_picture(screen, "lost")
    scans = entrance.scans()
    assert {(scan.method, scan.assurance) for scan in scans if scan.person == BADGE_PERSON} == {
        (ScanMethod.BADGE, Assurance.WEAK)
    }
    entrance.start()
    expect(screen.locator("#qr")).to_be_visible(timeout=PATIENCE_MS)
    expect(screen.locator("#words")).not_to_have_text(
        "Menyambung kembali ke perangkat …", timeout=PATIENCE_MS
    )
    assert time.time() > 0
