"""The instants that typed times mean: on the day itself, or the next morning for who works the night.

Never guesses: where the day's hours end before midnight, times the wrong way round are refused.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.results.calendar import Plan, plan_of
from hub.hadir.results.reading.inputs import DayInputs


def moments_of(
    db: Session,
    *,
    person: int,
    day: date,
    arrived: time | None,
    left: time | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[datetime | None, datetime | None]:
    """Return when a person says to have come and gone.

    Args:
        db: Any session.
        person: Internal number.
        day: On which the work begins.
        arrived: Local time.
        left: Local time.
        now: The present.
        zone: The city's.

    Raises:
        InputError: gone before come, or a time that has not come yet.
    """
    arrived_at, left_at = (None if at is None else datetime.combine(day, at, zone) for at in (arrived, left))
    night = _night_of(db, person, day, zone)
    if night is not None:
        start, end = night
        arrived_at = None if arrived_at is None else _in_night(arrived_at, start, end, nearest=start)
        left_at = None if left_at is None else _in_night(left_at, start, end, nearest=end)
    if arrived_at is not None and left_at is not None and left_at <= arrived_at:
        raise InputError(
            f"Jam pulang {left_at:%H.%M} tidak sesudah jam masuk {arrived_at:%H.%M}; mungkin tertukar, "
            "periksa lagi. Jam kerja hari itu tidak melewati tengah malam."
            if night is None
            else f"Jam pulang {left_at:%H.%M} tidak sesudah jam masuk {arrived_at:%H.%M}; periksa lagi."
        )
    for name, at in (("masuk", arrived_at), ("pulang", left_at)):
        if at is not None and at > now:
            raise InputError(
                f"Jam {name} {at:%H.%M} belum tiba (sekarang {now.astimezone(zone):%H.%M}); "
                "koreksi hanya untuk jam yang sudah lewat."
            )
    return arrived_at, left_at


def _night_of(db: Session, person: int, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return begin and end of hours that cross midnight; ``None`` for all others."""
    given = DayInputs(db, persons=[person], first=day, last=day, zone=zone).given(person, day)
    plan: Plan | None = None if given is None else plan_of(day, given.rows, zone)
    if plan is None or plan.start is None or plan.end is None or plan.end.date() == day:
        return None
    return plan.start, plan.end


def _in_night(at: datetime, start: datetime, end: datetime, *, nearest: datetime) -> datetime:
    """Return the same time on the day or on the next: within the hours if that can be, else the nearer."""
    choices = (at, at + timedelta(days=1))
    return min(choices, key=lambda one: (not start <= one <= end, abs(one - nearest)))
