"""A person's month as the phone shows it: results with reasons, and the scans they come from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.models import DoorScan
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.reading.rows import month_of
from hub.hadir.results.rules import DayResult
from hub.hadir.results.showing.recap import Recap, RecapLine, recap_of
from hub.people.reach import Reach, people_within
from hub.places.models import Door

_EVERYBODY = Reach(is_city=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan: when, where, and whether the same code was used twice."""

    at: datetime
    place: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class OwnDay:
    """One day with its result and the scans of that date."""

    result: DayResult
    scans: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """The month of one person, newest day first."""

    recap: Recap
    line: RecapLine
    days: tuple[OwnDay, ...]


def own_month(
    db: Session, *, person: int | None, month: date, today: date, zone: ZoneInfo
) -> OwnMonth | None:
    """Return a person's month, or ``None`` for somebody who is placed nowhere in it.

    Args:
        db: Any session.
        person: Internal number.
        month: Its first day.
        today: In the city.
        zone: The city's.
    """
    within = people_within(db, _EVERYBODY, month, last_of(month))
    placed = next((one for one in within if one.number == person), None)
    if placed is None:
        return None
    recap = recap_of(db, people=(placed,), month=month, today=today, zone=zone)
    scans = _scans(db, placed.number, month, zone)
    line = recap.lines[0]
    days = [OwnDay(result, tuple(scans[result.day])) for result in line.days if result is not None]
    return OwnMonth(recap, line, tuple(reversed(days)))


def _scans(db: Session, person: int, month: date, zone: ZoneInfo) -> dict[date, list[Seen]]:
    first, after = month_of(month), last_of(month) + timedelta(days=1)
    begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, after))
    rows = db.execute(
        select(DoorScan, Door.name)
        .join(Door, (Door.device == DoorScan.device) & (Door.id == DoorScan.door), isouter=True)
        .where(DoorScan.person == person, DoorScan.at >= begin, DoorScan.at < end)
        .order_by(DoorScan.at, DoorScan.id)
    )
    found: dict[date, list[Seen]] = defaultdict(list)
    for scan, name in rows:
        seen = Seen(scan.at, name or scan.door, scan.is_repeated)
        found[scan.at.astimezone(zone).date()].append(seen)
    return found
