"""How citizens took the answers: how many were opened again, and what they rated. Reads only.

Counted with the other sides of a month, so that a page adds up a few lines and never looks at steps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from hub.cases.complaints.statistics.counting import Tally
from hub.cases.definition.service import Family
from hub.cases.definition.stages import Effect, PublicStatus
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.versions import all_kept

OUTCOME, RATING = "outcome", "rating"
ANSWERED, REOPENED = "answered", "reopened"
# The choices of the field "rating" of the service, and what each is worth.
STARS: Mapping[str, int] = {"s1": 1, "s2": 2, "s3": 3, "s4": 4, "s5": 5}


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What a page says of it; shares and averages of nothing are ``None``."""

    answered: int
    reopened: int
    ratings: int
    stars: int

    @property
    def reopened_percent(self) -> float | None:
        """How many of a hundred answered complaints were opened again."""
        return 100 * self.reopened / self.answered if self.answered else None

    @property
    def average(self) -> float | None:
        """The average rating, from 1 to 5."""
        return self.stars / self.ratings if self.ratings else None


def count_outcomes(db: Session, begin: datetime, end: datetime) -> Iterator[tuple[str, str, int]]:
    """Count what became of the complaints that came in between two moments: side, key, count."""
    answered, reopening = _words_of_services(db)
    for key, condition in (
        (ANSWERED, CaseStep.to_stage.in_(answered)),
        (REOPENED, CaseStep.action.in_(reopening)),
    ):
        query = (
            select(func.count(distinct(CaseStep.case_id)))
            .join(CaseRecord, CaseRecord.id == CaseStep.case_id)
            .where(
                CaseRecord.family == Family.COMPLAINT,
                CaseRecord.opened_at >= begin,
                CaseRecord.opened_at < end,
                condition,
            )
        )
        if found := db.scalars(query).one():
            yield OUTCOME, key, found
    yield from _ratings(db, begin, end)


def satisfaction_of(sides: Mapping[str, Sequence[Tally]], *, year: str = "") -> Satisfaction:
    """Return what was counted, of one year or of all."""

    def count(side: str, key: str) -> int:
        return sum(
            one.count for one in sides.get(side, ()) if one.key == key and (not year or one.year == year)
        )

    ratings = {stars: count(RATING, key) for key, stars in STARS.items()}
    return Satisfaction(
        answered=count(OUTCOME, ANSWERED),
        reopened=count(OUTCOME, REOPENED),
        ratings=sum(ratings.values()),
        stars=sum(stars * many for stars, many in ratings.items()),
    )


def reopened_and_open(db: Session) -> int:
    """Return how many complaints were opened again and wait for an answer."""
    _answered, reopening = _words_of_services(db)
    query = (
        select(func.count(distinct(CaseRecord.id)))
        .join(CaseStep, CaseStep.case_id == CaseRecord.id)
        .where(
            CaseRecord.family == Family.COMPLAINT,
            CaseRecord.closed_at.is_(None),
            CaseRecord.public_status != PublicStatus.DONE,
            CaseStep.action.in_(reopening),
        )
    )
    return db.scalars(query).one()


def _ratings(db: Session, begin: datetime, end: datetime) -> Iterator[tuple[str, str, int]]:
    """Count ratings; answers are kept as JSON without blanks, in which a text cannot spell a key."""
    sums = [
        func.sum(case((CaseRecord.answers.contains(f'"rating":["{key}"]', autoescape=True), 1), else_=0))
        for key in STARS
    ]
    query = select(*sums).where(
        CaseRecord.family == Family.COMPLAINT, CaseRecord.opened_at >= begin, CaseRecord.opened_at < end
    )
    for key, found in zip(STARS, db.execute(query).one(), strict=True):
        if found:
            yield RATING, key, int(found)


def _words_of_services(db: Session) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stages that are an answer, and the actions that open a complaint again, in any version."""
    stages = [stage for each in all_kept(db) if each.family is Family.COMPLAINT for stage in each.stages]
    answered = frozenset(stage.id for stage in stages if stage.public_status is PublicStatus.DONE)
    reopening = frozenset(
        action.id for stage in stages for action in stage.actions if Effect.REOPEN in action.effects
    )
    return answered, reopening
