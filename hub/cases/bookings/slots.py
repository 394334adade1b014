"""The hours of an office that can be asked for, and which of them are still free. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.bookings.models import BookedQuarter
from hub.cases.bookings.rules import PLANS, Plan, Wish
from hub.cases.clock.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Slot:
    """One beginning, and how many places are free then."""

    begins_at: datetime
    free: int


def plan_of(service: str) -> Plan | None:
    """Return how a service is booked by slots; ``None`` for rooms and for what books nothing."""
    plan = PLANS.get(service)
    return plan if plan is not None and plan.minutes else None


def beginnings(plan: Plan, day: date, working_days: WorkingDays, zone: ZoneInfo) -> list[datetime]:
    """Return when slots of a day begin: within office hours, none on a free day."""
    hours = working_days.hours_of(day)
    if hours is None:
        return []
    at, length = datetime.combine(day, hours.opens, zone), timedelta(minutes=plan.minutes)
    closes = datetime.combine(day, hours.closes, zone)
    found = []
    while at + length <= closes:
        found.append(at)
        at += length
    return found


def resource_of(service: str, plan: Plan, chosen: Mapping[str, str]) -> str:
    """Return what is booked when somebody chose these answers."""
    return ":".join((service, *(chosen.get(name, "") for name in plan.resource)))


def free_slots(
    db: Session,
    plan: Plan,
    resource: str,
    days: Sequence[date],
    *,
    working_days: WorkingDays,
    now: datetime,
    zone: ZoneInfo,
) -> list[tuple[date, list[Slot]]]:
    """Return the slots of some days that are still to come, each with its free places.

    Args:
        db: A session.
        plan: Of the service.
        resource: As :func:`resource_of`.
        days: In order.
        working_days: The city's.
        now: The present.
        zone: The city's.
    """
    begin = {day: [at for at in beginnings(plan, day, working_days, zone) if at > now] for day in days}
    taken = _taken(db, plan, resource, [at for several in begin.values() for at in several])
    return [
        (day, [Slot(at, max(0, plan.places - taken[at])) for at in several]) for day, several in begin.items()
    ]


def _taken(db: Session, plan: Plan, resource: str, at: Sequence[datetime]) -> Counter[datetime]:
    """Return how many places are taken in each slot."""
    if not at:
        return Counter()
    quarters = {begins: _wish(plan, resource, begins).quarters for begins in at}
    first, last = quarters[min(at)][0], quarters[max(at)][-1]
    places: defaultdict[int, set[int]] = defaultdict(set)
    query = select(BookedQuarter.quarter, BookedQuarter.place).where(
        BookedQuarter.resource == resource, BookedQuarter.quarter.between(first, last)
    )
    for quarter, place in db.execute(query):
        places[quarter].add(place)
    return Counter(
        {
            begins: len(set().union(*(places[each] for each in several)))
            for begins, several in quarters.items()
        }
    )


def _wish(plan: Plan, resource: str, begins: datetime) -> Wish:
    return Wish(resource, begins, begins + timedelta(minutes=plan.minutes), plan.places)
