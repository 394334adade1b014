"""A whole door: simulated people, the real decoder, the real state machine, a pipe to the test."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from edge.cameras.port import CameraError
from edge.clock import SystemClock
from edge.config import DoorSettings
from edge.hadir.feedback import SimulatedFeedback
from edge.hadir.messages import Message
from edge.hadir.worker import attend, camera_of, run
from edge.supervision.messages import (
    Beat,
    DoorScreen,
    Faulted,
    FromWorker,
    Order,
    PinTyped,
    RosterChanged,
    Said,
    Stop,
    Stored,
)
from edge.wire.hadir.phones import SimulatedPhone, new_phone, save_phones
from edge.wire.hadir.pin import hash_pin
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing, encode_roster
from edge.wire.messages import RunSelftest
from edge.wire.records.bodies import CameraFault, DeviceIncident, HadirScan, ScanMethod

PHONES = tuple(new_phone(person, is_p256=person % 2 == 0) for person in range(1, 9))


def roster(phones: tuple[SimulatedPhone, ...] = PHONES, version: int = 3) -> RosterChanged:
    now = datetime.now(UTC)
    entries = tuple(Entry(p.person, 0, p.public_key, Standing.ACTIVE, 1, f"Budi {p.person}") for p in phones)
    badge = Entry(99, 0, b"", Standing.BADGE_ALLOWED, 1, "Sri", hash_pin("4821", bytes(16)))
    document = RosterDocument(version, 0, now, now + LIFETIME, (), (*entries, badge))
    return RosterChanged(version=version, plain=encode_roster(document))


@pytest.fixture
def source(tmp_path: Path) -> str:
    save_phones(tmp_path / "phones.json", PHONES)
    return f"scene:door?phones={tmp_path / 'phones.json'}&per_minute=40&seed=2"


@pytest.fixture
def pipes() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = multiprocessing.Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


class Running:
    """A door in a thread, seen from the agent's end of the pipe."""

    def __init__(self, settings: DoorSettings, pipes: tuple[Connection, Connection]) -> None:
        self.pipe, theirs = pipes
        self.feedback = SimulatedFeedback()
        cameras = [partial(camera_of, s, settings.fps) for s in (settings.source, *settings.more_sources)]
        parts: dict[str, Any] = {"cameras": cameras, "clock": SystemClock(), "feedback": self.feedback}
        self.thread = threading.Thread(target=attend, args=(settings, theirs), kwargs=parts)
        self.thread.start()

    def next(self, kind: type[FromWorker]) -> Any:
        """Return the next message of a kind."""
        deadline_s = time.monotonic() + 240
        while time.monotonic() < deadline_s:
            if self.pipe.poll(1) and isinstance(message := self.pipe.recv(), kind):
                return message
        raise AssertionError(f"no {kind.__name__} for 240 s")

    def next_scan(self) -> Said:
        while not isinstance((said := self.next(Said)).body, HadirScan):
            continue
        assert isinstance(said, Said)
        return said

    def words(self, code: str) -> Message:
        """Wait until the door says this."""
        deadline_s = time.monotonic() + 240
        while time.monotonic() < deadline_s:
            for message in list(self.feedback.messages):
                if message.code == code:
                    return message
            time.sleep(0.01)
        raise AssertionError(f"no {code} for 240 s")

    def stop(self) -> None:
        self.pipe.send(Stop())
        self.thread.join(timeout=120)
        assert not self.thread.is_alive()


def test_people_are_greeted_after_the_agent_kept_their_scan(
    source: str, pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    memory = tmp_path / "door.used"
    running = Running(DoorSettings(id="pintu", source=source, memory=str(memory)), pipes)
    running.pipe.send(roster())
    said = running.next_scan()
    assert said.ticket > 0
    assert said.body.door == "pintu"  # type: ignore[union-attr]  # a scan
    assert said.body.method is ScanMethod.PHONE  # type: ignore[union-attr]
    assert not memory.exists()
    assert not any(message.is_accepted for message in running.feedback.messages)
    running.pipe.send(Stored(ticket=said.ticket, is_kept=True))
    assert f"Budi {said.body.person}" in running.words("H00").text  # type: ignore[union-attr]
    assert memory.stat().st_size > 0
    assert running.next(Beat).frames > 0
    running.stop()


def test_a_scan_that_was_not_kept_is_not_greeted(source: str, pipes: tuple[Connection, Connection]) -> None:
    running = Running(DoorSettings(id="pintu", source=source), pipes)
    running.pipe.send(roster())
    running.pipe.send(Stored(ticket=running.next_scan().ticket, is_kept=False))
    running.words("E13")
    assert not any(message.is_accepted for message in running.feedback.messages)
    running.stop()


def test_a_damaged_roster_and_orders_for_others_leave_the_door_at_work(
    source: str, pipes: tuple[Connection, Connection], caplog: pytest.LogCaptureFixture
) -> None:
    running = Running(DoorSettings(id="pintu", source=source), pipes)
    running.pipe.send(roster())
    running.pipe.send(RosterChanged(version=4, plain=b"rubbish"))
    running.pipe.send(Order(command=RunSelftest()))
    running.pipe.send(PinTyped(digits="4821"))
    assert running.next_scan().body.roster_version == 3  # type: ignore[union-attr]  # a scan
    assert "roster 4 is not used" in caplog.text
    assert "4821" not in repr(PinTyped(digits="4821"))
    running.stop()


def test_two_cameras_of_a_door_share_one_memory(source: str, pipes: tuple[Connection, Connection]) -> None:
    settings = DoorSettings(id="pintu", source=source, more_sources=(source,))
    running = Running(settings, pipes)
    running.pipe.send(roster())
    # Both draw the same people in the same order, each with codes of their own.
    recorded: dict[int, int] = {}
    for _ in range(3):
        said = running.next_scan()
        person = said.body.person  # type: ignore[union-attr]  # a scan
        # On a machine under load it may take the people a minute to come round again.
        assert said.mono_ns - recorded.get(person, -(10**12)) > 60 * 10**9
        recorded[person] = said.mono_ns
        running.pipe.send(Stored(ticket=said.ticket, is_kept=True))
    running.stop()


def test_a_strict_door_asks_for_its_figures(source: str, pipes: tuple[Connection, Connection]) -> None:
    running = Running(DoorSettings(id="pintu", source=source, strict=True), pipes)
    running.pipe.send(roster())
    assert "Verifikasi acak" in running.words("E09").text
    running.stop()


def test_a_camera_that_gives_up_ends_the_door_with_its_fault(
    tmp_path: Path, pipes: tuple[Connection, Connection]
) -> None:
    missing = f"scene:door?phones={tmp_path / 'nobody.json'}"
    running = Running(DoorSettings(id="pintu", source=missing), pipes)
    faulted = running.next(Faulted)
    assert faulted.fault is CameraFault.NOT_FOUND
    assert "nobody.json" in faulted.detail
    running.thread.join(timeout=120)
    assert not running.thread.is_alive()


@pytest.mark.parametrize("source", ["nonsense:1", "scene:door?phones=a&per_minute=0"])
def test_a_source_that_cannot_be_is_a_fault_at_once(
    source: str, pipes: tuple[Connection, Connection]
) -> None:
    run(DoorSettings(id="pintu", source=source), pipes[1])
    assert isinstance(pipes[0].recv(), Faulted)


def test_other_sources_are_opened_like_any_camera() -> None:
    with pytest.raises(CameraError):
        camera_of("nonsense:1", 15)


def test_the_entry_point_attends_until_told_to_stop(
    source: str, pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    settings = DoorSettings(id="pintu", source=source, memory=str(tmp_path / "door.used"))
    thread = threading.Thread(target=run, args=(settings, pipes[1]))
    thread.start()
    heard: set[type] = set()
    while not {Beat, DoorScreen} <= heard:
        assert pipes[0].poll(240)
        heard.add(type(pipes[0].recv()))
    pipes[0].send(Stop())
    thread.join(timeout=120)
    assert not thread.is_alive()


def test_the_other_camera_goes_on_while_one_cannot_be_opened(
    source: str, pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    missing = f"scene:door?phones={tmp_path / 'later.json'}"
    running = Running(DoorSettings(id="pintu", source=source, more_sources=(missing,)), pipes)
    running.pipe.send(roster())
    lost = running.next(Said)
    while not isinstance(lost.body, DeviceIncident):
        lost = running.next(Said)
    assert lost.body.what == "door-camera-lost"
    assert lost.body.detail.startswith("pintu kamera 2: not-found: ")
    assert running.next_scan().body.door == "pintu"  # type: ignore[union-attr]  # a scan
    running.stop()


def test_a_network_camera_of_a_door_gets_the_password_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def note(source: str, *, fps: float, password_file: str | None = None) -> None:
        asked.append((source, password_file))

    monkeypatch.setattr("edge.hadir.worker.camera_for", note)
    camera_of("rtsp://hadir@10.0.0.7/sub", 15, "/etc/pontive/kamera.sandi")
    assert asked == [("rtsp://hadir@10.0.0.7/sub", "/etc/pontive/kamera.sandi")]
