"""Days of the city from hours: a chore writes them once nothing more is expected for a day.

Days that have no roll-up yet are added up from their hours when somebody reads them, so that a
reader never waits for the chore and never sees a half day. Must not touch single values.
"""

import time
from collections.abc import Callable, Iterable

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from hub.bulk import upsert
from hub.db import Database
from hub.telemetry.models import TelemetryDaily, TelemetryDailyMade, TelemetryLate
from hub.telemetry.store import HOUR_MS, Hour, day_of_hour, first_hour_of, instant_of_ms

# Sealing waits as long: 72 h of backlog may still come to a day that is over.
SETTLED_DAYS = 8
SERIES_AT_ONCE = 500
ROLL_EVERY_S = 600.0

# By series first, so that both databases look for a few hours of each and never read them all.
_ADD_UP = """INSERT INTO telemetry_daily (series, day, samples, total, low, high)
    SELECT one.id, :day, SUM(held.samples), SUM(held.total), MIN(held.low), MAX(held.high)
    FROM telemetry_series AS one CROSS JOIN telemetry_hourly AS held
    WHERE one.id > :after AND one.id <= :upto AND held.series = one.id
    AND held.hour >= :first AND held.hour < :end
    GROUP BY one.id"""
_OLDEST_HOUR = """SELECT MIN(found.hour) FROM (SELECT
    (SELECT MIN(held.hour) FROM telemetry_hourly AS held WHERE held.series = one.id) AS hour
    FROM telemetry_series AS one) AS found"""


def note_late(session: Session, days: Iterable[int], *, arrived: int) -> None:
    """Note city days whose hours changed although they are settled; with the readings, in one commit.

    Args:
        session: The writing session that holds the readings.
        days: The city days that readings fell into, days since 1970.
        arrived: The city day on which they came.
    """
    # A day more than the chore waits: these rows came before midnight and are committed after it.
    late = sorted({day for day in days if day <= arrived - SETTLED_DAYS + 1})
    if late:
        # A row of its own each time: two writers never wait for each other here, and the chore
        # takes away only what it has seen.
        session.execute(insert(TelemetryLate), [{"day": day} for day in late])


def made_days(session: Session, first: int, end: int) -> set[int]:
    """Return the days with ``first <= day < end`` whose roll-ups stand."""
    made = TelemetryDailyMade.day
    return set(session.scalars(select(made).where(made >= first, made < end)))


class DayRoller:
    """A chore: works out one portion of one day a call, and says whether there is more."""

    def __init__(self, *, database: Database, today: Callable[[], int]) -> None:
        """Take the database and the city day of now, days since 1970."""
        self._database = database
        self._today = today
        self._day: int | None = None
        self._after = 0

    def __call__(self) -> bool:
        """Take one step, in one short transaction. What a kill leaves half done is begun anew."""
        if self._day is None:
            with self._database.reading() as session:
                has_late = session.scalar(select(TelemetryLate.id).limit(1)) is not None
                self._day, self._after = None if has_late else self._next_day(session), 0
            if has_late:
                with self._database.writing() as session:
                    reopen_late(session)
            return has_late or self._day is not None
        with self._database.writing() as session:
            upto = add_up(session, self._day, after=self._after)
            if upto is None:
                upsert(session, TelemetryDailyMade, [{"day": self._day}], key=("day",), changes=None)
        self._day, self._after = (None, 0) if upto is None else (self._day, upto)
        return True

    def _next_day(self, session: Session) -> int | None:
        oldest = session.scalar(text(_OLDEST_HOUR))
        if oldest is None:
            return None
        first, end = day_of_hour(oldest), self._today() - SETTLED_DAYS + 1
        made = made_days(session, first, end)
        return next((day for day in range(first, end) if day not in made), None)


def reopen_late(session: Session) -> int:
    """Forget the roll-ups of days that rows came late for; return how many days that were."""
    notes = session.execute(select(TelemetryLate.id, TelemetryLate.day)).all()
    days = {day for _, day in notes}
    session.execute(delete(TelemetryDailyMade).where(TelemetryDailyMade.day.in_(days)))
    # By number: a note that is not committed yet has a number too, and may be a smaller one.
    session.execute(delete(TelemetryLate).where(TelemetryLate.id.in_([number for number, _ in notes])))
    return len(days)


def add_up(session: Session, day: int, *, after: int) -> int | None:
    """Write a day of the next few hundred series.

    Args:
        session: A writing one.
        day: Days since 1970, of the city.
        after: The number of the last series that was done.

    Returns:
        The number of the last series that is done now; ``None``: there are no more.
    """
    upto = session.scalar(
        text(
            "SELECT MAX(few.id) FROM (SELECT id FROM telemetry_series WHERE id > :after "
            "ORDER BY id LIMIT :most) AS few"
        ),
        {"after": after, "most": SERIES_AT_ONCE},
    )
    if upto is None:
        return None
    held = TelemetryDaily
    session.execute(delete(held).where(held.day == day, held.series > after, held.series <= upto))
    hours = {"first": first_hour_of(day), "end": first_hour_of(day + 1)}
    session.execute(text(_ADD_UP), {"day": day, "after": after, "upto": upto, **hours})
    return int(upto)


def add_hour(days: dict[int, Hour], day: int, samples: int, total: float, low: float, high: float) -> None:
    """Add an hour of a series to its day, as the chore would; what is there already is not from it."""
    held = days.get(day)
    if held is not None:
        samples, total = samples + held.samples, total + held.total
        low, high = min(low, held.low), max(high, held.high)
    days[day] = Hour(instant_of_ms(first_hour_of(day) * HOUR_MS), samples, total, low, high)


def day_roller(database: Database) -> DayRoller:
    """Return the chore with the machine's clock."""
    return DayRoller(database=database, today=lambda: day_of_hour(int(time.time() // 3600)))
