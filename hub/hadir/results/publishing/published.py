"""What was published and adjusted of people's days, as rows. Reads only."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from hub.hadir.models import DayAdjustment, DayOutcome
from hub.hadir.results.reading.inputs import MAX_ASKED

PersonDay = tuple[int, date]
PublishedRow = Row[int, date, int, str, str]


def published_days(
    db: Session, persons: Collection[int], first: date, last: date
) -> dict[PersonDay, PublishedRow]:
    """Return the current published result of each day of these people."""
    query = select(
        DayOutcome.person_number, DayOutcome.day, DayOutcome.revision, DayOutcome.code, DayOutcome.body
    ).where(DayOutcome.is_current.is_(True), DayOutcome.day.between(first, last))
    if len(persons) <= MAX_ASKED:
        query = query.where(DayOutcome.person_number.in_(persons))
    return {(row.person_number, row.day): row for row in db.execute(query)}


def adjusted_days(db: Session, persons: Collection[int]) -> dict[PersonDay, str]:
    """Return what frozen days were adjusted to last, as digests."""
    query = select(DayAdjustment.person_number, DayAdjustment.day, DayAdjustment.digest).order_by(
        DayAdjustment.id
    )
    if len(persons) <= MAX_ASKED:
        query = query.where(DayAdjustment.person_number.in_(persons))
    return {(person, day): digest for person, day, digest in db.execute(query)}
