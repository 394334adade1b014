"""The tasks of who works outside: given to them, or waiting at their desks. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cases.complaints.sight import distance_m
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.holders import holds_of
from hub.cases.keeping.models import CaseRecord, CaseWait
from hub.cases.keeping.versions import of_case
from hub.people.permissions import Role
from hub.places.areas import read_areas

# Who leaves the office for it; others find what was given to them by name.
OUTSIDE = frozenset({Role.FIELD_OFFICER, Role.INSPECTOR, Role.TECHNICIAN})
# Nobody drives to more in a day.
MOST_TASKS = 100

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Task:
    """One case with what a list says of it."""

    case: CaseRecord
    definition: ServiceDefinition
    is_mine: bool
    distance_m: float | None

    @property
    def stage(self) -> str:
        """What its stage is called."""
        return self.definition.stage(self.case.stage).label


def tasks_of(db: Session, *, account_id: int, near: Point | None, now: datetime) -> list[Task]:
    """Return the open tasks of an account.

    Args:
        db: A session.
        account_id: Whose.
        near: Where they are, latitude and longitude: the nearest come first; ``None``: by urgency.
        now: The present.
    """
    held = holds_of(db, account_id, now)
    outside = {hold.desk for hold in held if hold.role in OUTSIDE}
    waiting = select(CaseWait.case_id).where(CaseWait.desk.in_(outside))
    query = (
        select(CaseRecord)
        .where(
            CaseRecord.closed_at.is_(None),
            or_(CaseRecord.assigned_account == account_id, CaseRecord.id.in_(waiting)),
        )
        .order_by(CaseRecord.queue_at, CaseRecord.id)
        .limit(MOST_TASKS)
    )
    found = [
        Task(case, of_case(db, case), case.assigned_account == account_id, _distance(case, near))
        for case in db.scalars(query)
    ]
    if near is None:
        return found
    # Those without a place come last, still in the order of urgency.
    return sorted(found, key=lambda task: (task.distance_m is None, task.distance_m or 0.0))


def ward_point(code: str) -> Point | None:
    """Return the middle of a kelurahan."""
    area = next((area for area in read_areas().kelurahan if area.code == code), None)
    return None if area is None else (area.lat, area.lon)


def _distance(case: CaseRecord, near: Point | None) -> float | None:
    # Latitude 0.0 is a place: the equator crosses the city.
    if near is None or case.latitude is None or case.longitude is None:
        return None
    return distance_m(case.latitude, case.longitude, *near)
