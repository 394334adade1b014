"""A month of one OPD or one person: a letter a day, sums, and which rules and data they rest on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.models import AllowanceTariff, DayAdjustment, MonthClosing
from hub.hadir.results.month import MonthResult, month_result
from hub.hadir.results.publishing.outcomes import last_of, results
from hub.hadir.results.reading.inputs import DayInputs
from hub.hadir.results.reading.rows import month_of
from hub.hadir.results.rules import DayResult, DayStatus
from hub.hadir.results.tariff import tariff_on
from hub.people.reach import PlacedPerson

NOT_PLACED = ""


@dataclass(frozen=True, slots=True)
class RecapLine:
    """One person's month; ``days`` has a result or ``None`` (not in the city, not yet) for each day."""

    person: PlacedPerson
    days: tuple[DayResult | None, ...]
    month: MonthResult
    adjusted_hundredths: int


@dataclass(frozen=True, slots=True)
class Recap:
    """A month of some people.

    ``complete_until`` is how far all their readers have delivered; ``versions`` are the tariffs
    that were applied; ``is_example``: one of them is no decision of the city.
    """

    days: tuple[date, ...]
    lines: tuple[RecapLine, ...]
    versions: tuple[str, ...]
    complete_until: datetime | None
    is_closed: bool
    is_example: bool = False

    @property
    def worked_out(self) -> int:
        """How many days have a result."""
        return sum(day is not None for line in self.lines for day in line.days)


def recap_of(
    db: Session, *, people: Sequence[PlacedPerson], month: date, today: date, zone: ZoneInfo
) -> Recap:
    """Return the month of some people, up to today.

    Args:
        db: Any session.
        people: Whose.
        month: Any day of it.
        today: In the city.
        zone: The city's.
    """
    first, last = month_of(month), last_of(month)
    numbers = [person.number for person in people]
    inputs, found = results(db, persons=numbers, first=first, last=last, zone=zone)
    adjusted = _adjustments(db, first)
    lines = tuple(
        _line(
            person,
            inputs,
            [found.get((person.number, day)) if day <= today else None for day in inputs.days],
            adjusted.get(person.number, 0),
            today,
        )
        for person in people
    )
    used = {day.tariff_version for line in lines for day in line.days if day is not None}
    return Recap(
        days=tuple(inputs.days),
        lines=lines,
        versions=tuple(sorted(used - {""})),
        complete_until=_complete_until(inputs, numbers, min(last, today)),
        is_closed=db.get(MonthClosing, first) is not None,
        is_example=_has_example(db, used),
    )


def _has_example(db: Session, versions: Collection[str]) -> bool:
    query = select(AllowanceTariff.id).where(
        AllowanceTariff.version.in_(versions), AllowanceTariff.is_example.is_(True)
    )
    return db.scalars(query).first() is not None


def _line(
    person: PlacedPerson,
    inputs: DayInputs,
    days: Sequence[DayResult | None],
    adjusted: int,
    today: date,
) -> RecapLine:
    known = [day for day in days if day is not None]
    tariff = tariff_on(inputs.days[-1], inputs.tariffs_of(person.number, inputs.days[-1]))
    return RecapLine(person, tuple(days), month_result(known, tariff, today=today), adjusted)


def _complete_until(inputs: DayInputs, numbers: Sequence[int], day: date) -> datetime | None:
    places = [inputs.place_on(number, day) for number in numbers]
    marks = [inputs.complete_until(place) for place in places if place is not None]
    known = [mark for mark in marks if mark is not None]
    return min(known) if known and len(known) == len(marks) else None


def _adjustments(db: Session, month: date) -> dict[int, int]:
    """Return what was booked in this month for frozen ones, in hundredths of a percent."""
    sums: dict[int, int] = {}
    rows = db.execute(
        select(DayAdjustment.person_number, DayAdjustment.percent_hundredths).where(
            DayAdjustment.booked_in == month
        )
    )
    for person, hundredths in rows:
        sums[person] = sums.get(person, 0) + hundredths
    return sums


def letters(line: RecapLine) -> tuple[str, ...]:
    """Return the grid's cells: a code, ``?`` for what is not complete, nothing for other days."""
    return tuple(NOT_PLACED if day is None else _letter(day) for day in line.days)


def _letter(day: DayResult) -> str:
    return DayStatus.INCOMPLETE.value if day.status is DayStatus.INCOMPLETE else day.code
