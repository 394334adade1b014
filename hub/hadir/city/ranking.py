"""A month of each OPD as rates of published working days; what a rate rests on stands beside it.

Only published results count: a day that is not complete is nobody's fault. OPDs with few working
days are listed and not ranked: one person's flu would decide their place.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.hadir.models import DayOutcome
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.rules import DayStatus
from hub.people.models import Opd, Placement
from hub.people.reach import Reach, opds_within, people_within

# Ten people for two weeks: below that, one person moves a rate by a whole percent.
RANKED_FROM_DAYS = 100
_LATE = frozenset({DayStatus.LATE, DayStatus.LATE_AND_EARLY})
_EARLY = frozenset({DayStatus.LEFT_EARLY, DayStatus.LATE_AND_EARLY})
_MISSING = frozenset({DayStatus.NO_IN_SCAN, DayStatus.NO_OUT_SCAN})
WORKED = frozenset({DayStatus.PRESENT, DayStatus.ABSENT}) | _LATE | _EARLY | _MISSING


class Rate(StrEnum):
    """What OPDs can be ranked by."""

    ON_TIME = "tepat"
    LATE = "terlambat"
    ABSENT = "tanpa-keterangan"


@dataclass(frozen=True, slots=True)
class OpdMonth:
    """One OPD's month; ``worked`` working days were published, ``place`` None: not ranked."""

    opd: Opd
    people: int
    worked: int
    on_time: int
    late: int
    missing: int
    absent: int
    away: int
    place: int | None = None

    def share(self, rate: Rate) -> float | None:
        """Return a rate in percent; None without a single working day."""
        count = {Rate.ON_TIME: self.on_time, Rate.LATE: self.late, Rate.ABSENT: self.absent}[rate]
        return 100 * count / self.worked if self.worked else None


def rank_opds(db: Session, *, reach: Reach, month: date, rate: Rate) -> tuple[OpdMonth, ...]:
    """Return the OPDs within reach, the best first, those that are not ranked last.

    Args:
        db: Any session.
        reach: Whose people count.
        month: Its first day.
        rate: What to rank by: much is good for being on time, little for the others.
    """
    last = last_of(month)
    people: dict[int, int] = defaultdict(int)
    for person in people_within(db, reach, month, last):
        people[person.opd] += 1
    counts = _counts(db, reach, month, last)
    lines = [_month(opd, people[opd.number], counts[opd.number]) for opd in opds_within(db, reach, last)]
    sign = -1 if rate is Rate.ON_TIME else 1
    ranked = sorted(
        (one for one in lines if one.worked >= RANKED_FROM_DAYS),
        key=lambda one: (sign * (one.share(rate) or 0.0), one.opd.name),
    )
    others = [one for one in lines if one.worked < RANKED_FROM_DAYS]
    return (*_placed(ranked, rate), *others)


def _placed(ranked: Iterable[OpdMonth], rate: Rate) -> list[OpdMonth]:
    """Give places; equal rates share one."""
    placed: list[OpdMonth] = []
    for number, one in enumerate(ranked, start=1):
        before = placed[-1] if placed else None
        is_equal = before is not None and before.share(rate) == one.share(rate)
        placed.append(replace(one, place=before.place if before and is_equal else number))
    return placed


def _counts(db: Session, reach: Reach, first: date, last: date) -> dict[int, dict[str, int]]:
    query = (
        select(Placement.opd, DayOutcome.status, func.count())
        .join(
            Placement,
            (Placement.person_number == DayOutcome.person_number)
            & (Placement.valid_from <= DayOutcome.day)
            & or_(Placement.valid_to.is_(None), Placement.valid_to >= DayOutcome.day),
        )
        .where(DayOutcome.is_current.is_(True), DayOutcome.day.between(first, last), reach.condition())
        .group_by(Placement.opd, DayOutcome.status)
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for opd, status, count in db.execute(query):
        counts[opd][status] = count
    return counts


def _month(opd: Opd, people: int, counts: dict[str, int]) -> OpdMonth:
    def of(statuses: Iterable[DayStatus]) -> int:
        return sum(counts.get(status, 0) for status in statuses)

    return OpdMonth(
        opd=opd,
        people=people,
        worked=of(WORKED),
        on_time=of([DayStatus.PRESENT, DayStatus.LEFT_EARLY]),
        late=of(_LATE),
        missing=of(_MISSING),
        absent=of([DayStatus.ABSENT]),
        away=of([DayStatus.LEAVE]),
    )
