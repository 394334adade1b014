"""Who does not work for the city any more, by the dates of their placements alone."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.people.models import Placement


def ended_before(db: Session, today: date) -> frozenset[int]:
    """Return everybody whose last placement ended before a day; who was never placed is not in it."""
    last = func.max(func.coalesce(Placement.valid_to, date.max))
    query = select(Placement.person_number).group_by(Placement.person_number).having(last < today)
    return frozenset(db.scalars(query))


def last_end_before(db: Session, today: date) -> date | None:
    """Return the newest last day of a placement that lies before a day."""
    return db.scalar(select(func.max(Placement.valid_to)).where(Placement.valid_to < today))
