"""What devices send that is of no use: refused, counted, and named by device and reason."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from edge.wire.live import MAX_LARGE_THUMB_BYTES, MAX_THUMB_BYTES
from hub.db import Database
from hub.ingest.keeping.deadletter import bury
from hub.ingest.models import DeadLetter
from hub.live.known import REFRESH_S, KnownCameras
from hub.live.refusals import MOST_REASONS, Refusals
from hub.live.streams import CameraKey
from hub.live.thumbs import WANTED_S, Thumbs

OURS, FOREIGN = CameraKey("pi-jawi", "utara"), CameraKey("pi-jawi", "gerbang")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Clock:
    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def test_too_large_and_somebody_elses_camera_are_refused_counted_and_named(database: Database) -> None:
    def keep(letters: object) -> None:
        with database.writing() as session:
            bury(session, letters)  # type: ignore[arg-type]  # what Refusals gives

    refusals = Refusals(keep=keep, now=lambda: NOW)
    thumbs = Thumbs(is_known={OURS}.__contains__, refuse=refusals.refuse)
    thumbs.look()
    thumbs.arrived(OURS, b"jpeg")
    for _ in range(3):
        thumbs.arrived(OURS, bytes(5_000_000))
        refusals.write()
    thumbs.arrived(FOREIGN, b"jpeg")
    thumbs.arrived(FOREIGN, b"jpeg")
    thumbs.arrived(OURS, b"")
    refusals.write()
    refusals.write()
    assert set(thumbs.look()) == {OURS}
    assert thumbs.look()[OURS].jpeg == b"jpeg"
    assert refusals.total == 6
    with database.reading() as session:
        rows = {(row.topic, row.reason): row.times for row in session.scalars(select(DeadLetter))}
    assert rows == {
        ("pontive/1/up/pi-jawi/thumb/utara", f"thumb of more than {MAX_THUMB_BYTES} bytes"): 3,
        ("pontive/1/up/pi-jawi/thumb/gerbang", "thumb of a camera that this device does not have (2x)"): 1,
        ("pontive/1/up/pi-jawi/thumb/utara", "thumb of no bytes"): 1,
    }


def test_invented_ids_do_not_fill_the_memory() -> None:
    kept: list[int] = []
    refusals = Refusals(keep=lambda letters: kept.append(len(letters)), now=lambda: NOW)
    for number in range(MOST_REASONS + 50):
        refusals.refuse(CameraKey("pi-jawi", f"k{number}"), "no")
    refusals.write()
    assert kept == [MOST_REASONS]
    assert refusals.total == MOST_REASONS + 50


def test_larger_ones_are_taken_while_somebody_wants_them() -> None:
    clock = Clock()
    thumbs = Thumbs(monotonic=clock)
    large = bytes(MAX_THUMB_BYTES + 1)
    assert thumbs.want(OURS, 480)
    assert not thumbs.want(OURS, 480)
    assert thumbs.wanted() == {480: {"pi-jawi": ["utara"]}}
    thumbs.arrived(OURS, large)
    thumbs.arrived(OURS, bytes(MAX_LARGE_THUMB_BYTES + 1))
    thumbs.arrived(FOREIGN, b"jpeg")
    found = thumbs.newest(OURS, after_s=0, timeout_s=0)
    assert found is not None
    assert len(found.jpeg) == len(large)
    assert thumbs.newest(OURS, after_s=clock.now_s, timeout_s=0) is None
    clock.now_s += WANTED_S
    assert thumbs.wanted() == {}
    thumbs.arrived(OURS, bytes(MAX_THUMB_BYTES + 2))
    assert thumbs.newest(OURS, after_s=0, timeout_s=0) == found


def test_the_inventory_is_asked_now_and_then_and_may_be_away() -> None:
    clock, asked = Clock(), []

    def read() -> list[CameraKey]:
        asked.append(clock.now_s)
        if len(asked) == 2:
            raise OperationalError("select", {}, Exception("locked"))
        return [OURS]

    known = KnownCameras(read, monotonic=clock)
    assert OURS in known
    assert FOREIGN not in known
    assert len(asked) == 1
    clock.now_s += REFRESH_S
    assert OURS in known, "as it was"
    clock.now_s += REFRESH_S
    assert OURS in known
    assert len(asked) == 3
    assert known.devices() == ["pi-jawi"]
