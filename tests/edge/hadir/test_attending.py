"""The loop of a door, with a camera and a clock that the test holds."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray

from edge.cameras.port import Bgr, Frame
from edge.clock import SettableClock
from edge.config import DoorSettings
from edge.hadir.feedback import SimulatedFeedback
from edge.hadir.phones.drawing import draw_code
from edge.hadir.worker import attend
from edge.supervision.messages import DoorScreen, RosterChanged, Said, Stop, Witnessed
from edge.wire.hadir.codes import make_badge_code, public_bytes_of
from edge.wire.hadir.phones import new_phone
from edge.wire.hadir.pin import hash_pin
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing, encode_roster
from edge.wire.records.bodies import DeviceIncident, DoorReading, HadirScan, ScanFlag, ScanRefused

PHONE, FORGER = new_phone(1), new_phone(1)


def frame_of(text: str, *, is_spoiled: bool = False) -> NDArray[np.uint8]:
    """A code on a grey wall; spoiled, its corners stand and its data is wrong."""
    frame = np.full((480, 640), 110, np.uint8)
    code = np.kron(draw_code(text), np.ones((5, 5), np.uint8))
    if is_spoiled:
        code[70:180, 70:180] = 255 - code[70:180, 70:180]
    frame[60 : 60 + code.shape[0], 20 : 20 + code.shape[1]] = code
    return frame


class Shown:
    """Shows picture after picture, and lets a second pass before each."""

    def __init__(self, clock: SettableClock, pictures: list[NDArray[np.uint8]]) -> None:
        self._clock = clock
        self._pictures = pictures
        self.is_seen = threading.Semaphore(0)

    def open(self) -> None:
        return

    def frames(self) -> Iterator[Frame]:
        for seq, picture in enumerate(self._pictures):
            self._clock.advance(1)
            yield Frame(picture, float(seq), seq, is_key=True)
            # The next picture comes when this one was read, as a camera's would at its pace.
            self.is_seen.acquire()
        threading.Event().wait(60)

    def picture(self) -> Bgr:
        raise NotImplementedError

    def close(self) -> None:
        return


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


def attended(clock: SettableClock, pictures: list[NDArray[np.uint8]]) -> tuple[list[Any], list[str]]:
    """Show the pictures one after the other; return what was recorded and what was said."""
    ours, theirs = multiprocessing.Pipe()
    now = clock.now().at
    entries = (Entry(1, 0, PHONE.public_key, Standing.ACTIVE, 1, "Budi"),)
    ours.send(RosterChanged(1, encode_roster(RosterDocument(1, 0, now, now + LIFETIME, (), entries))))
    feedback = SimulatedFeedback()
    camera = Shown(clock, pictures)
    settings = DoorSettings(id="pintu", source="test")
    parts: dict[str, Any] = {"cameras": [lambda: camera], "clock": clock, "feedback": feedback}
    thread = threading.Thread(target=attend, args=(settings, theirs), kwargs=parts)
    thread.start()
    said = []
    for _ in pictures:
        time.sleep(0.3)  # longer than a look; a frame that is skipped would only weaken the test
        camera.is_seen.release()
    time.sleep(0.5)
    clock.advance(61)
    deadline_s = time.monotonic() + 240
    while not {ScanRefused, DoorReading} <= {type(m.body) for m in said if isinstance(m, Said)}:
        assert time.monotonic() < deadline_s, f"no refusals were reported, only {said}"
        if ours.poll(0.5):
            said.append(ours.recv())
    ours.send(Stop())
    thread.join(timeout=240)
    assert not thread.is_alive()
    bodies = [m.body for m in said if isinstance(m, Said)]
    assert any(isinstance(body, DoorReading) and body.frames for body in bodies)
    return bodies, [message.code for message in feedback.messages]


def test_forged_codes_are_refused_and_reported_without_a_name(clock: SettableClock) -> None:
    at_s = int(clock.now().at.timestamp())
    recorded, said = attended(clock, [frame_of(FORGER.code(at_s, nonce)) for nonce in range(4)])
    assert set(said) == {"E06"}
    assert any(isinstance(body, DeviceIncident) and body.what == "forged-codes" for body in recorded)
    assert any(isinstance(body, ScanRefused) and body.message == "E06" for body in recorded)


def test_a_code_that_nobody_can_read_gets_a_hint(clock: SettableClock) -> None:
    at_s = int(clock.now().at.timestamp())
    spoiled = [frame_of(PHONE.code(at_s, nonce), is_spoiled=True) for nonce in range(6)]
    _, said = attended(clock, spoiled)
    assert "T12" in said


def test_the_screen_is_told_what_changes_and_a_badge_may_be_vouched_for(clock: SettableClock) -> None:
    ours, theirs = multiprocessing.Pipe()
    now = clock.now().at
    key = Ed25519PrivateKey.generate()
    badge = make_badge_code(key, hub_key=1, person=9, serial=1, valid_until=date(2030, 1, 1))
    entries = (Entry(9, 0, b"", Standing.BADGE_ALLOWED, 1, "Sri W.", hash_pin("4821", bytes(16))),)
    document = RosterDocument(1, 0, now, now + LIFETIME, ((1, public_bytes_of(key)),), entries)
    ours.send(RosterChanged(1, encode_roster(document)))
    camera, feedback = Shown(clock, [frame_of(badge)]), SimulatedFeedback()
    parts: dict[str, Any] = {"cameras": [lambda: camera], "clock": clock, "feedback": feedback}
    settings = DoorSettings(id="pintu", source="test", strict=True)
    thread = threading.Thread(target=attend, args=(settings, theirs), kwargs=parts)
    thread.start()
    screens: list[DoorScreen] = []
    scan: Said | None = None
    while scan is None:
        assert ours.poll(240), f"only {screens}"
        message = ours.recv()
        if isinstance(message, DoorScreen):
            screens.append(message)
            if message.is_asking_pin:
                ours.send(Witnessed())
        elif isinstance(message, Said) and isinstance(message.body, HadirScan):
            scan = message
    assert len(screens[0].challenge) == 3
    assert [screen.is_asking_pin for screen in screens][-1]
    assert all(one != other for one, other in pairwise(screens)), "only changes are told"
    assert scan.body.flags == (ScanFlag.WITNESSED,)  # type: ignore[union-attr]  # a scan
    ours.send(Stop())
    thread.join(timeout=240)
    assert not thread.is_alive()
