"""Today as it stands: how many of each OPD are there, and each person of one OPD."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.hadir.results.publishing.outcomes import results
from hub.hadir.results.rules import DayResult, DayStatus
from hub.people.models import Opd
from hub.people.reach import PlacedPerson, Reach, opds_within, people_within


class Now(StrEnum):
    """What somebody is at this moment, as far as doors say."""

    PRESENT = "present"
    LATE = "late"
    WAITED_FOR = "waited-for"
    AWAY = "away"  # leave, duty
    FREE = "free"


@dataclass(frozen=True, slots=True)
class PersonToday:
    """One person today."""

    person: PlacedPerson
    now: Now
    result: DayResult


@dataclass(frozen=True, slots=True)
class OpdToday:
    """One OPD today; ``people`` is filled for the OPD that was asked for."""

    opd: Opd
    counts: dict[Now, int]
    total: int


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page: OPDs with their counts, and the people of one."""

    opds: tuple[OpdToday, ...]
    people: tuple[PersonToday, ...]


def today_of(db: Session, *, reach: Reach, opd: int | None, now: datetime, zone: ZoneInfo) -> Today:
    """Return how today stands within reach.

    Args:
        db: Any session.
        reach: Who may be shown.
        opd: Whose people are listed one by one.
        now: Aware.
        zone: The city's.
    """
    day = now.astimezone(zone).date()
    people = people_within(db, reach, day, day)
    _inputs, found = results(db, persons=[p.number for p in people], first=day, last=day, zone=zone)
    lines = [
        PersonToday(person, now_of(found[person.number, day]), found[person.number, day])
        for person in people
        if (person.number, day) in found
    ]
    counted = tuple(_counted(one, lines) for one in opds_within(db, reach, day))
    return Today(counted, tuple(line for line in lines if line.person.opd == opd))


def now_of(result: DayResult) -> Now:
    """Return what somebody is now, by the day's result as far as it goes."""
    if result.status in (DayStatus.FREE, DayStatus.HOLIDAY):
        return Now.FREE
    if result.status is DayStatus.LEAVE:
        return Now.AWAY
    if result.arrived_at is None:
        return Now.WAITED_FOR
    return Now.LATE if result.late_min else Now.PRESENT


def _counted(opd: Opd, lines: Sequence[PersonToday]) -> OpdToday:
    of_opd = [line.now for line in lines if line.person.opd == opd.number]
    return OpdToday(opd, dict(Counter(of_opd)), len(of_opd))
