"""What screens say about how well the doors of a device read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import DoorReading
from hub.places.reading.models import DoorReadingDay

# Of the frames with a code in them: beyond this somebody should look at lamp and lens. Misses say
# less, as people also walk by without a phone in their hand.
MUCH_UNREADABLE, ENOUGH_FRAMES = 0.5, 200


@dataclass(frozen=True, slots=True)
class DoorQuality:
    """One door: its newest minute, and the sums of that day."""

    door: str
    at: datetime
    newest: DoorReading
    read: int
    misses: int
    unreadable: int
    worst_p95_ms: float
    reduced_minutes: int

    @property
    def is_troubled(self) -> bool:
        """Whether so many codes were seen and not read today that a technician should look."""
        return is_troubled(read=self.read, unreadable=self.unreadable)

    @property
    def passes(self) -> tuple[tuple[str, int], ...]:
        """Which ways of looking read how many codes in the newest minute."""
        return tuple((one.name, one.count) for one in self.newest.by_pass)


def is_troubled(*, read: int, unreadable: int) -> bool:
    """Return whether so many codes were seen and not read that a technician should look.

    Args:
        read: Codes read on a day.
        unreadable: Frames with a code that could not be read.
    """
    seen = read + unreadable
    return seen >= ENOUGH_FRAMES and unreadable > MUCH_UNREADABLE * seen


def qualities_of(db: Session, device: str) -> tuple[DoorQuality, ...]:
    """Return the newest day of each door of a device."""
    query = select(DoorReadingDay).where(DoorReadingDay.device == device).order_by(DoorReadingDay.day.desc())
    newest: dict[str, DoorReadingDay] = {}
    for row in db.scalars(query):
        newest.setdefault(row.door, row)
    return tuple(_quality(newest[door]) for door in sorted(newest))


def _quality(row: DoorReadingDay) -> DoorQuality:
    body = decode_body(row.newest.encode())
    assert isinstance(body, DoorReading)
    return DoorQuality(
        door=row.door,
        at=row.newest_at,
        newest=body,
        read=row.read,
        misses=row.misses,
        unreadable=row.unreadable,
        worst_p95_ms=row.worst_p95_ms,
        reduced_minutes=row.reduced_minutes,
    )
