"""What who decides about a correction sees beside it: the day's scans as they were, and its result."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.models import DayCorrection, DoorScan
from hub.hadir.results.calendar import plan_of
from hub.hadir.results.publishing.outcomes import results
from hub.hadir.results.reading.inputs import DayInputs
from hub.hadir.results.rules import DayResult
from hub.people.models import Unit

# Overtime may last until after midnight; a night until noon.
_DAY, _NIGHT = timedelta(hours=28), timedelta(hours=36)


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
                until = _counted_until(inputs, row.person_number, day, zone)
                seen = tuple(at for at in scans[row.person_number] if at < until)
                found[row.id] = Beside(unit, seen, result)
    return found


def _counted_until(inputs: DayInputs, person: int, day: date, zone: ZoneInfo) -> datetime:
    """Return until when scans are told: the morning after only to who works the night."""
    given = inputs.given(person, day)
    plan = None if given is None else plan_of(day, given.rows, zone)
    is_night = plan is not None and plan.end is not None and plan.end.astimezone(zone).date() > day
    return datetime.combine(day, time(), zone) + (_NIGHT if is_night else _DAY)


def _scans(db: Session, persons: Collection[int], day: date, zone: ZoneInfo) -> dict[int, list[datetime]]:
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    query = select(DoorScan.person, DoorScan.at).where(
        DoorScan.person.in_(persons), DoorScan.at >= begin, DoorScan.at < begin + _NIGHT
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for person, at in db.execute(query.order_by(DoorScan.at, DoorScan.id)):
        found[person].append(at)
    return found
