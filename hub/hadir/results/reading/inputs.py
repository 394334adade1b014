"""Everything that day results depend on, read in a few queries for many people and days.

The rules are pure and slow databases are not their concern: nothing is asked per person here.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.hadir.models import (
    AllowanceTariff,
    DayCorrection,
    DoorScan,
    HoursPeriod,
    PersonLeave,
    PublicHoliday,
    WorkCalendar,
    WorkShift,
)
from hub.hadir.results.calendar import Calendar, Holiday, Period, Plan, Rows, Scope, Shift, Subject, plan_of
from hub.hadir.results.merging import Merged
from hub.hadir.results.reading import rows as stored
from hub.hadir.results.reading.applied import combined
from hub.hadir.results.reading.seen import merged_scans
from hub.hadir.results.reading.watermarks import complete_until_by_site, services_by_site
from hub.hadir.results.rules import DayInput, DayResult, DayStatus, Scan, day_result
from hub.hadir.results.served import service_at
from hub.hadir.results.tariff import Tariff
from hub.people.models import Placement, Unit

# More numbers than this in one query are slower than reading all and leaving some out.
MAX_ASKED = 600
_BEFORE_DAY, _AFTER_DAY = timedelta(hours=12), timedelta(hours=48)

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person works on some days."""

    opd: int
    unit: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _Shared:
    """What everybody of a unit has in common; ``plans`` fills as days are asked for."""

    rows: Rows
    tariffs: tuple[Tariff, ...]
    plans: dict[date, Plan]


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    midnight: datetime
    scans_from: datetime
    scans_to: datetime


class DayInputs:
    """The inputs of the rules for some people and a range of days."""

    def __init__(
        self, db: Session, *, persons: Collection[int] | None, first: date, last: date, zone: ZoneInfo
    ) -> None:
        """Read all rows that may concern these people and days.

        Args:
            db: Any session; nothing is written.
            persons: Their numbers; ``None``: everybody who is placed somewhere.
            first: The first day.
            last: The last day, included.
            zone: The city's.
        """
        self._zone = zone
        self.days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self._bounds = {day: _bounds(day, zone) for day in self.days}
        chosen = _Chosen(persons)
        self._read_rows(db, first, last)
        self.places: dict[int, list[Place]] = _grouped(
            (row.person_number, Place(row.opd, row.unit, row.valid_from, row.valid_to))
            for row in db.scalars(chosen.of(select(Placement), Placement.person_number))
            if chosen.has(row.person_number)
        )
        self._leaves = _grouped(
            (row.person_number, stored.leave_of(row))
            for row in db.scalars(chosen.of(_leaves_between(first, last), PersonLeave.person_number))
        )
        self._shifts: dict[int, dict[date, Shift]] = defaultdict(dict)
        for shift in db.scalars(chosen.of(_shifts_between(first, last), WorkShift.person_number)):
            self._shifts[shift.person_number][shift.day] = stored.shift_of(shift)
        applied = chosen.of(_corrections_between(first, last), DayCorrection.person_number)
        self._corrections = combined(db.scalars(applied))
        self._read_scans: Callable[[], dict[int, Merged]] = partial(
            merged_scans,
            db,
            first=self._bounds[first].scans_from,
            until=self._bounds[last].scans_to,
            narrowed=partial(chosen.of, column=DoorScan.person),
        )
        self._shared: dict[tuple[int, int, int], _Shared] = {}
        self._site_of_unit = {unit.number: unit.site for unit in db.scalars(select(Unit))}
        self._complete = complete_until_by_site(db)
        self._services = services_by_site(db)

    @cached_property
    def merged(self) -> dict[int, Merged]:
        """Scans by person; read when they are first asked for: a published month needs none."""
        return self._read_scans()

    @cached_property
    def _times(self) -> dict[int, list[datetime]]:
        return {person: [scan.at for scan in one.scans] for person, one in self.merged.items()}

    def _read_rows(self, db: Session, first: date, last: date) -> None:
        """Read the rows with a scope: few, whatever the size of the city."""
        self._calendars = [stored.calendar_of(row) for row in db.scalars(select(WorkCalendar))]
        holidays = select(PublicHoliday).where(PublicHoliday.day.between(first, last + timedelta(days=1)))
        self._holidays = [stored.holiday_of(row) for row in db.scalars(holidays)]
        self._periods = [stored.period_of(row) for row in db.scalars(select(HoursPeriod))]
        self._tariffs = [stored.tariff_of(row) for row in db.scalars(select(AllowanceTariff))]
        scoped: list[Calendar | Holiday | Period | Tariff] = [
            *self._calendars, *self._holidays, *self._periods, *self._tariffs
        ]  # fmt: skip
        self._with_own_rows = {row.subject.number for row in scoped if row.subject.scope is Scope.PERSON}

    @property
    def persons(self) -> list[int]:
        """Everybody who is placed somewhere on one of the days, in order."""
        first, last = self.days[0], self.days[-1]
        return sorted(
            person
            for person, places in self.places.items()
            if any(p.valid_from <= last and (p.valid_to is None or first <= p.valid_to) for p in places)
        )

    def place_on(self, person: int, day: date) -> Place | None:
        """Return where a person works on a day; ``None``: not with the city."""
        for place in self.places.get(person, ()):
            if place.valid_from <= day and (place.valid_to is None or day <= place.valid_to):
                return place
        return None

    def given(self, person: int, day: date) -> DayInput | None:
        """Return what the rules need for a person and day; ``None`` when nothing is asked of them."""
        place = self.place_on(person, day)
        if place is None:
            return None
        shared = self._shared_of(person, place)
        rows, shifts = shared.rows, self._shifts.get(person)
        leaves = self._leaves.get(person)
        if shifts or leaves:
            rows = replace(rows, shifts=shifts, leaves=leaves or ())
        return DayInput(
            day=day,
            rows=rows,
            scans=self._scans_on(person, day),
            tariffs=shared.tariffs,
            zone=self._zone,
            complete_until=self.complete_until(place),
            service=service_at(self._site_of_unit.get(place.unit, ""), self._services),
            next_start=plan_of(day + timedelta(days=1), rows, self._zone).start if shifts else None,
            correction=self._corrections.get((person, day)),
        )

    def result(self, person: int, day: date) -> DayResult | None:
        """Return the result of a day; ``None`` when nothing is asked of the person."""
        given, place = self.given(person, day), self.place_on(person, day)
        if given is None or place is None:
            return None
        if self._shifts.get(person) or self._leaves.get(person):
            return day_result(given)
        # Most people of a unit have the same plan: working it out is a fifth of the whole.
        shared = self._shared_of(person, place)
        plan = shared.plans.get(day)
        if plan is None:
            plan = shared.plans[day] = plan_of(day, shared.rows, self._zone)
        return day_result(given, plan)

    def is_settled(self, person: int, result: DayResult) -> bool:
        """Return whether nothing can come any more that changes a result by itself."""
        place = self.place_on(person, result.day)
        until = None if place is None else self.complete_until(place)
        return result.status is not DayStatus.INCOMPLETE and self.is_over(result.day, until)

    def complete_until(self, place: Place) -> datetime | None:
        """Return how far all readers have delivered that people of this place pass."""
        return self._complete.get(self._site_of_unit.get(place.unit, ""), self._complete.get(""))

    def is_over(self, day: date, until: datetime | None) -> bool:
        """Return whether everything of a day is in, the night after it left out."""
        return until is not None and until >= self._bounds[day].midnight + timedelta(days=1)

    def tariffs_of(self, person: int, day: date) -> tuple[Tariff, ...]:
        """Return the tariffs that may concern a person."""
        place = self.place_on(person, day)
        return () if place is None else self._shared_of(person, place).tariffs

    def _scans_on(self, person: int, day: date) -> Sequence[Scan]:
        merged = self.merged.get(person)
        if merged is None:
            return ()
        times, bounds = self._times[person], self._bounds[day]
        return merged.scans[bisect_left(times, bounds.scans_from) : bisect_left(times, bounds.scans_to)]

    def _shared_of(self, person: int, place: Place) -> _Shared:
        own = person if person in self._with_own_rows else 0
        key = (place.opd, place.unit, own)
        found = self._shared.get(key)
        if found is None:
            wanted = {Subject(), Subject(Scope.OPD, place.opd), Subject(Scope.UNIT, place.unit)}
            if own:
                wanted.add(Subject(Scope.PERSON, own))
            found = self._shared[key] = _Shared(
                Rows(
                    calendars=[row for row in self._calendars if row.subject in wanted],
                    holidays=[row for row in self._holidays if row.subject in wanted],
                    periods=[row for row in self._periods if row.subject in wanted],
                ),
                tuple(row for row in self._tariffs if row.subject in wanted),
                {},
            )
        return found


class _Chosen:
    """Narrows queries to some people, as far as that is quicker."""

    def __init__(self, persons: Collection[int] | None) -> None:
        self._persons = None if persons is None else frozenset(persons)

    def of(self, query: Query, column: InstrumentedAttribute[int]) -> Query:
        if self._persons is None or len(self._persons) > MAX_ASKED:
            return query
        return query.where(column.in_(self._persons))

    def has(self, person: int) -> bool:
        return self._persons is None or person in self._persons


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for person, value in pairs:
        grouped[person].append(value)
    return dict(grouped)


def _bounds(day: date, zone: ZoneInfo) -> _Day:
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    return _Day(day, midnight, midnight - _BEFORE_DAY, midnight + _AFTER_DAY)


def _leaves_between(first: date, last: date) -> Select[Any]:
    is_near: ColumnElement[bool] = (PersonLeave.last >= first) & (PersonLeave.first <= last)
    return select(PersonLeave).where(is_near, PersonLeave.is_withdrawn.is_(False)).order_by(PersonLeave.id)


def _shifts_between(first: date, last: date) -> Select[Any]:
    return select(WorkShift).where(WorkShift.day.between(first, last + timedelta(days=1)))


def _corrections_between(first: date, last: date) -> Select[Any]:
    return (
        select(DayCorrection)
        .where(DayCorrection.applied_at.is_not(None), DayCorrection.day.between(first, last))
        .order_by(DayCorrection.applied_at, DayCorrection.id)
    )
