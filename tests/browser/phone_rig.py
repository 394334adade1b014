"""A civil servant's phone (a Chromium page) and a real door (decoder, state machine, roster of the hub)."""

import io
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from edge.clock import SettableClock
from edge.hadir.answers import Answer, Store, Tell
from edge.hadir.door import Door
from edge.hadir.judging.challenge import Challenges
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.hadir.reading.decode import Decoder
from edge.hadir.reading.second_opinion import NoSecondOpinion
from hub.hadir.roster import build_roster
from hub.people.enrolment.codes import issue_enrolment_code
from hub.people.models import Person, Placement
from tests.browser.conftest import PASSWORD, Hub, new_page

BADGE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
PHONE = {"width": 360, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# A browser of 2021: no Ed25519, and no signal that ends a request after a time.
OLD_BROWSER = """
  delete AbortSignal.timeout;
  const make = SubtleCrypto.prototype.generateKey;
  SubtleCrypto.prototype.generateKey = function (algorithm, ...rest) {
    if ((algorithm.name ?? algorithm) === "Ed25519") {
      return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    }
    return make.call(this, algorithm, ...rest);
  };
"""


def phone_page(browser: Browser, complaints: list[str], **options: object) -> Page:
    """A browser of its own with a small screen."""
    return new_page(browser, complaints, **{**PHONE, **options})  # type: ignore[arg-type]


def employ(hub: Hub, *numbers: int) -> None:
    """More people of OPD 1 than the sample city has."""
    now = datetime.now(UTC)
    with hub.database.writing() as db:
        for number in numbers:
            db.add(Person(number=number, short_name=f"Pegawai {number}", opd=1, changed_at=now))
            db.flush()
            since = (now - timedelta(days=60)).date()
            db.add(Placement(person_number=number, opd=1, unit=11, valid_from=since))


def issue(hub: Hub, person: int) -> str:
    with hub.database.writing() as db:
        return issue_enrolment_code(db, person, "admin-opd", datetime.now(UTC))


def type_code(page: Page, hub: Hub, code: str) -> None:
    page.goto(hub.address + "/hadir/ponsel/daftar")
    page.fill("#code", code.lower())
    page.get_by_role("button", name="Lanjut").click()


def enrol(page: Page, hub: Hub, person: int) -> None:
    """All that a new civil servant does: code, account, key."""
    type_code(page, hub, issue(hub, person))
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button", name="Buat akun").click()
    make_key(page)


def make_key(page: Page) -> None:
    page.get_by_role("button", name="Daftarkan ponsel ini").click()
    expect(page.locator("#qr[data-code]")).to_be_visible(timeout=120_000)


def shown_code(page: Page) -> str:
    """The text that the page says it draws."""
    return page.locator("#qr").get_attribute("data-code") or ""


def keep_picture(page: Page, name: str, *, full: bool = True) -> None:
    """Keep what is seen when somebody wants to look at it: PONTIVE_SHOTS names a folder."""
    if folder := os.environ.get("PONTIVE_SHOTS"):
        page.screenshot(path=Path(folder) / f"phone-{name}.png", full_page=full)


def photograph(page: Page) -> NDArray[np.uint8]:
    """The whole screen as a camera's luma, (H, W) uint8."""
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"), dtype=np.uint8)


def read(luma: NDArray[np.uint8]) -> str:
    """Read a screen with the decoder of doors; exactly one code must be on it."""
    decoder = Decoder(second_opinion=NoSecondOpinion(), elapsed_s=lambda: 0.0)
    (text,) = decoder.read(luma, 0.0).texts
    return text


@dataclass
class Entrance:
    """A door whose roster comes from the hub, and which keeps every scan at once."""

    hub: Hub
    is_strict: bool = False
    door: Door = field(init=False)
    clock: SettableClock = field(init=False)
    stores: list[Store] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = SettableClock(datetime.now(UTC), mono_ns=1_000_000_000_000)
        challenges = Challenges(lambda _below: 482) if self.is_strict else None
        self.door = Door(
            door="pintu", direction="both", memory=UsedCodes(MemoryUses()), challenges=challenges
        )
        self.renew_roster()

    def renew_roster(self) -> None:
        with self.hub.database.reading() as db:
            document = build_roster(db, badge_keys=((1, BADGE_KEY),), now=datetime.now(UTC))
        self.door.roster = advance(None, document)

    def sees(self, text: str, *, later_s: float = 0.0) -> list[str]:
        """Show a code to the door; return what it says."""
        passed = datetime.now(UTC) - self.clock.now().at
        self.clock.advance(passed.total_seconds() + later_s)
        return self._settled(self.door.present(text, self.clock.now()))

    def _settled(self, answers: list[Answer]) -> list[str]:
        said = []
        for answer in answers:
            if isinstance(answer, Store):
                self.stores.append(answer)
                said += self._settled(self.door.stored(answer.ticket, is_kept=True, now=self.clock.now()))
            elif isinstance(answer, Tell):
                said.append(answer.message.code)
        return said
