"""Whom a change of rows would change, worked out before anything is kept.

The rows are changed within a savepoint, the published days are worked out anew, and the savepoint is
thrown away. What was not published yet is nobody's change.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.results.calendar import Scope, Subject
from hub.hadir.results.publishing.outcomes import Change, recount
from hub.people.models import Person, Unit
from hub.people.reach import Reach, people_within

# A change of a whole year of the city would take minutes; what lies further back is found when publishing.
LOOK_BACK = timedelta(days=62)
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Effect:
    """Whose days may change, and which."""

    subject: Subject
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Preview:
    """Published days that would come out otherwise; ``is_cut``: there are more, or days before ``first``.

    ``unpublished`` are the spans of days on which somebody concerned has no published result yet;
    ``ahead`` is where the days begin that have not come, or ``None``.
    """

    changes: tuple[Change, ...]
    names: dict[int, str]
    first: date
    last: date
    is_cut: bool
    unpublished: tuple[tuple[date, date], ...] = ()
    ahead: date | None = None

    @property
    def people(self) -> int:
        """How many people it changes."""
        return len({change.person for change in self.changes})


def preview_of(db: Session, act: Callable[[], Effect], *, today: date, zone: ZoneInfo) -> Preview:
    """Try a change and say whom it changes; afterwards everything is as it was.

    Args:
        db: A writing session.
        act: Changes rows and says whom that concerns.
        today: In the city.
        zone: The city's.

    Raises:
        InputError: what ``act`` refuses.
    """
    savepoint = db.begin_nested()
    try:
        effect = act()
        db.flush()
        return _changes(db, effect, today, zone)
    finally:
        savepoint.rollback()


def _changes(db: Session, effect: Effect, today: date, zone: ZoneInfo) -> Preview:
    first, last = max(effect.first, today - LOOK_BACK), min(effect.last, today)
    found: list[Change] = []
    # No day is published before it is over.
    unpublished = {today} if first <= today <= last else set()
    if first <= last:
        persons = _persons(db, effect.subject, first, last)
        for counted in recount(db, persons=persons, first=first, last=last, zone=zone):
            found += counted.retroactive
            unpublished |= {*counted.unknown, *(change.day for change in counted.only_new().changes)}
            if len(found) > MAX_SHOWN:
                break
    shown = sorted(found, key=lambda change: (change.day, change.person))[:MAX_SHOWN]
    numbers = {change.person for change in shown}
    names = {
        one.number: one.short_name for one in db.scalars(select(Person).where(Person.number.in_(numbers)))
    }
    is_cut = len(found) > MAX_SHOWN or effect.first < first
    ahead = max(effect.first, today + timedelta(days=1))
    return Preview(
        tuple(shown),
        names,
        first,
        last,
        is_cut,
        unpublished=tuple(_spans(unpublished)),
        ahead=ahead if ahead <= effect.last else None,
    )


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Yield runs of days that follow each other, each as its first and last day."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None or day - last > timedelta(days=1):
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _persons(db: Session, subject: Subject, first: date, last: date) -> list[int] | None:
    match subject.scope:
        case Scope.CITY:
            return None
        case Scope.PERSON:
            return [subject.number]
        case Scope.OPD:
            reach = Reach(is_city=False, opds=frozenset({subject.number}))
        case Scope.UNIT:
            unit = db.get(Unit, subject.number)
            reach = Reach(is_city=False, units=frozenset({subject.number} if unit else ()))
    return [one.number for one in people_within(db, reach, first, last)]
