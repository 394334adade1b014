"""Reserving and releasing, as effects of steps. Takes a session, never commits.

Two at once, on whatever database: the key of a quarter lets one in, the other is told that it is taken.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.cases.bookings.courses import PAGE, CourseSource, course_wish, no_courses
from hub.cases.bookings.courses import SERVICE as COURSES
from hub.cases.bookings.models import BookedQuarter, Booking
from hub.cases.bookings.rules import BadWishError, Wish, wish_of
from hub.cases.bookings.slots import beginnings, plan_of
from hub.cases.definition.stages import Action
from hub.cases.keeping.engine import CalendarSource, EffectRefusedError
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of


class Bookings:
    """The effects ``reserve`` and ``release`` for the engine of cases."""

    def __init__(
        self,
        zone: ZoneInfo,
        calendar: CalendarSource | None = None,
        courses: CourseSource = no_courses,
    ) -> None:
        """Take the city's zone, the calendar that offices are open by, and who knows trainings."""
        self._zone, self._calendar, self._courses = zone, calendar, courses

    def reserve(self, db: Session, case: CaseRecord, _action: Action, now: datetime) -> None:
        """Take what a case asks for.

        Raises:
            EffectRefusedError: it is taken, or cannot be booked at all.
        """
        try:
            wish = self._wish(db, case, now)
        except BadWishError as error:
            raise EffectRefusedError(str(error)) from error
        if wish is not None and not self._is_open(db, case.service, wish):
            raise EffectRefusedError(
                "Jam: bukan jam pelayanan; pilih salah satu slot pada halaman slot kosong layanan ini"
            )
        if wish is not None and take(db, wish, case_id=case.id, now=now) is None:
            if case.service == COURSES:
                raise EffectRefusedError(f"Pelatihan: tempat terakhir baru saja terisi; pilih dari {PAGE}")
            local = wish.begins_at.astimezone(self._zone)
            raise EffectRefusedError(
                f"Bentrok: {local:%H.%M} pada {local:%d-%m-%Y} sudah dipakai; pilih waktu atau tempat lain"
            )

    def release(self, db: Session, case: CaseRecord, _action: Action, now: datetime) -> None:
        """Give back what a case had taken, if anything."""
        give_back(db, case.id, now=now)

    def _wish(self, db: Session, case: CaseRecord, now: datetime) -> Wish | None:
        answers = answers_of(case)
        if case.service == COURSES:
            return course_wish(db, self._courses, answers, now=now, zone=self._zone)
        return wish_of(case.service, answers, now=now, zone=self._zone)

    def _is_open(self, db: Session, service: str, wish: Wish) -> bool:
        plan = plan_of(service)
        if plan is None or self._calendar is None:
            return True
        day = wish.begins_at.astimezone(self._zone).date()
        return wish.begins_at in beginnings(plan, day, self._calendar(db), self._zone)


def take(db: Session, wish: Wish, *, case_id: int, now: datetime) -> Booking | None:
    """Book the first free place of a wish; None when none is free."""
    taken = set(
        db.scalars(
            select(BookedQuarter.place).where(
                BookedQuarter.resource == wish.resource, BookedQuarter.quarter.in_(wish.quarters)
            )
        )
    )
    for place in (one for one in range(wish.places) if one not in taken):
        try:
            with db.begin_nested():
                return _write(db, wish, place, case_id, now)
        except IntegrityError:
            # On PostgreSQL only after whoever was first has committed: theirs stands, ours is undone.
            continue
    return None


def give_back(db: Session, case_id: int, *, now: datetime) -> None:
    """Release all that a case holds."""
    held = db.scalars(select(Booking).where(Booking.case_id == case_id, Booking.released_at.is_(None)))
    for booking in held:
        booking.released_at = now
        db.execute(delete(BookedQuarter).where(BookedQuarter.booking_id == booking.id))
    db.flush()


def bookings_between(
    db: Session, first: datetime, last: datetime, *, prefix: str
) -> Sequence[tuple[Booking, CaseRecord]]:
    """Return what stands in a stretch of time, of resources that begin with a word, in order."""
    query = (
        select(Booking, CaseRecord)
        .join(CaseRecord, CaseRecord.id == Booking.case_id)
        .where(
            Booking.resource.startswith(prefix, autoescape=True),
            Booking.begins_at < last,
            Booking.ends_at > first,
            Booking.released_at.is_(None),
        )
        .order_by(Booking.begins_at, Booking.resource)
    )
    return [(booking, case) for booking, case in db.execute(query)]


def count_between(db: Session, first: datetime, last: datetime, *, prefix: str) -> int:
    """Return how many bookings began in a stretch of time, those kept to their end and those to come."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Booking)
            .join(CaseRecord, CaseRecord.id == Booking.case_id)
            .where(
                Booking.resource.startswith(prefix, autoescape=True),
                Booking.begins_at >= first,
                Booking.begins_at < last,
                (Booking.released_at.is_(None)) | (CaseRecord.stage == "selesai"),
            )
        )
        or 0
    )


def _write(db: Session, wish: Wish, place: int, case_id: int, now: datetime) -> Booking:
    booking = Booking(
        case_id=case_id,
        resource=wish.resource,
        place=place,
        begins_at=wish.begins_at,
        ends_at=wish.ends_at,
        made_at=now,
        released_at=None,
    )
    db.add(booking)
    db.flush()
    db.add_all(
        BookedQuarter(resource=wish.resource, place=place, quarter=quarter, booking_id=booking.id)
        for quarter in wish.quarters
    )
    db.flush()
    return booking
