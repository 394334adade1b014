"""What who decides about a correction sees beside it: the day's scans as they were, and its result."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.models import DayCorrection, DoorScan
from hub.hadir.results.publishing.outcomes import results
from hub.hadir.results.rules import DayResult
from hub.people.models import Unit


@dataclass(frozen=True, slots=True)
class Beside:
    """A day as it stands before the decision; ``result`` is None where nothing is asked of the person."""

    unit: str
    scans: tuple[datetime, ...]
    result: DayResult | None


def beside(db: Session, rows: Sequence[DayCorrection], zone: ZoneInfo) -> dict[int, Beside]:
    """Return the day beside each correction.

    Args:
        db: Any session.
        rows: The corrections.
        zone: The city's.

    Returns:
        By the correction's number.
    """
    people: dict[date, set[int]] = defaultdict(set)
    for row in rows:
        people[row.day].add(row.person_number)
    names = {unit.number: unit.name for unit in db.scalars(select(Unit))} if rows else {}
    found: dict[int, Beside] = {}
    # One reading a day, whoever asks: nobody may ask for days of more than two months ago.
    for day, persons in people.items():
        inputs, known = results(db, persons=sorted(persons), first=day, last=day, zone=zone)
        scans = _scans(db, persons, day, zone)
        for row in rows:
            if row.day == day:
                place = inputs.place_on(row.person_number, day)
                unit = "" if place is None else names.get(place.unit, "")
                result = known.get((row.person_number, day))
                found[row.id] = Beside(unit, tuple(scans[row.person_number]), result)
    return found


def _scans(db: Session, persons: Collection[int], day: date, zone: ZoneInfo) -> dict[int, list[datetime]]:
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    # The morning after belongs to who works the night; it is said to be the next day's.
    query = select(DoorScan.person, DoorScan.at).where(
        DoorScan.person.in_(persons), DoorScan.at >= begin, DoorScan.at < begin + timedelta(hours=36)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for person, at in db.execute(query.order_by(DoorScan.at, DoorScan.id)):
        found[person].append(at)
    return found
