"""An outbox on a real disk, and bodies to put in."""

from pathlib import Path

import pytest

from edge.clock import SettableClock
from edge.outbox import Entry, Outbox
from edge.outbox.disk import Disk
from edge.wire.records.bodies import Body, CameraIntegrity, HadirScan, PictureState, SensorReading

MIB = 1024 * 1024


class Bench:
    """Opens one outbox again and again and puts bodies into it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "outbox.db"
        self.clock = SettableClock()
        self.outboxes: list[Outbox] = []

    def open(self, *, max_bytes: int = 2 * MIB, disk: Disk | None = None) -> Outbox:
        outbox = Outbox.open(self.path, max_bytes=max_bytes, clock=self.clock, disk=disk)
        self.outboxes.append(outbox)
        return outbox

    def put(self, outbox: Outbox, *bodies: Body) -> list[int]:
        now = self.clock.now()
        return outbox.append_many([Entry(body, now.at, now.mono_ns, now.quality) for body in bodies])

    def reading(self, value: float = 1.0) -> SensorReading:
        return SensorReading(sensor="air", quantity="water_level_m", value=value)

    def event(self, letters: int = 10) -> CameraIntegrity:
        return CameraIntegrity(camera="cam", picture=PictureState.BLACK, detail="x" * letters)

    def scan(self, person: int = 7) -> HadirScan:
        return HadirScan(
            door="pintu",
            person=person,
            method="phone",
            assurance="strong",
            issued_at=self.clock.now().at,
            token="0" * 32,
            roster_version=1,
        )


@pytest.fixture
def bench(tmp_path: Path):
    one = Bench(tmp_path)
    yield one
    for outbox in one.outboxes:
        outbox.close()
