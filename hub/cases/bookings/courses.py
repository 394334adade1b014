"""Places in a training: taken when somebody enrols, given back when they withdraw, never more than there are.

Which trainings there are is said by whoever keeps them (:data:`CourseSource`): cases know no register.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.bookings.models import Booking
from hub.cases.bookings.rules import BadWishError, Wish
from hub.cases.machine.answers import Answers

SERVICE = "daftar-pelatihan"
FIELD = "training"
# Where people see which trainings have places left.
PAGE = "/pelatihan"


@dataclass(frozen=True, slots=True)
class Course:
    """A training; ``places`` are those that can be enrolled for here, ``None``: as many as come."""

    number: int
    title: str
    begins_on: date
    places: int | None
    is_open: bool


# Finds a training of today by what somebody typed: its code or its name.
CourseSource = Callable[[Session, str, date], Course | None]


def no_courses(_db: Session, _typed: str, _today: date) -> Course | None:
    """Return that nobody keeps trainings."""
    return None


def course_wish(
    db: Session, find: CourseSource, answers: Answers, *, now: datetime, zone: ZoneInfo
) -> Wish | None:
    """Return the place that somebody asks for; ``None``: the training has as many as come.

    Raises:
        BadWishError: there is no such training, it is closed, over, or full.
    """
    typed, today = answers.get(FIELD, ("",))[0], now.astimezone(zone).date()
    course = find(db, typed, today)
    if course is None:
        raise BadWishError(f'Pelatihan: "{typed}" tidak dikenal; pilih dari halaman {PAGE}')
    if not course.is_open or course.begins_on < today:
        raise BadWishError(f'Pelatihan: pendaftaran "{course.title}" ditutup; pilih dari halaman {PAGE}')
    if course.places is None:
        return None
    if taken_of(db, [course.number]).get(course.number, 0) >= course.places:
        raise BadWishError(f'Pelatihan: "{course.title}" sudah penuh; pilih yang lain dari halaman {PAGE}')
    begins = datetime.combine(course.begins_on, time(), zone)
    return Wish(_resource(course.number), begins, begins + timedelta(minutes=15), course.places)


def taken_of(db: Session, numbers: Collection[int]) -> dict[int, int]:
    """Return how many places of each training are taken by enrolments."""
    names = {_resource(number): number for number in numbers}
    query = (
        select(Booking.resource, func.count())
        .where(Booking.resource.in_(names), Booking.released_at.is_(None))
        .group_by(Booking.resource)
    )
    return {names[resource]: count for resource, count in db.execute(query)}


def _resource(number: int) -> str:
    return f"{SERVICE}:{number}"
