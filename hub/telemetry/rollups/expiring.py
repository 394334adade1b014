"""Old readings and hours, taken away by what is quick for their tables: whole days, and series by series."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, inspect, select, text
from sqlalchemy.orm import Session

from hub.telemetry.catalogue import day_table
from hub.telemetry.models import TelemetryDay, TelemetryHourly
from hub.telemetry.store import HOUR_MS, ms_of_instant

_DAY_MS = 24 * HOUR_MS
SERIES_AT_ONCE = 200

_OLD_SERIES = """SELECT found.series FROM (SELECT one.id AS series,
    (SELECT MIN(held.hour) FROM telemetry_hourly AS held WHERE held.series = one.id) AS hour
    FROM telemetry_series AS one) AS found WHERE found.hour < :before LIMIT :most"""


class HourPurger:
    """Hours of series: an index leads to the oldest of each, none to the oldest of all."""

    def count(self, db: Session, before: datetime) -> int:
        """Return how many hours are older."""
        query = select(func.count()).select_from(TelemetryHourly)
        return db.scalar(query.where(TelemetryHourly.hour < _hour(before))) or 0

    def some(self, db: Session, before: datetime) -> Sequence[int]:
        """Return the numbers of some series that have older hours."""
        return db.scalars(text(_OLD_SERIES), {"before": _hour(before), "most": SERIES_AT_ONCE}).all()

    def drop(self, db: Session, keys: Sequence[int], before: datetime) -> int:
        """Delete the older hours of some series."""
        held = TelemetryHourly
        gone = db.execute(delete(held).where(held.series.in_(keys), held.hour < _hour(before)))
        return int(getattr(gone, "rowcount", 0))


class DayPurger:
    """Day tables that were never sealed: dropped whole."""

    def count(self, db: Session, before: datetime) -> int:
        """Return how many rows there are in older day tables."""
        counts = [f"SELECT COUNT(*) FROM {day_table(day)}" for day in self._days(db, before)]  # noqa: S608 (made of numbers)
        return sum(db.scalar(text(count)) or 0 for count in counts)

    def some(self, db: Session, before: datetime) -> Sequence[int]:
        """Return the oldest day that has a table."""
        return self._days(db, before)[:1]

    def drop(self, db: Session, keys: Sequence[int], before: datetime) -> int:
        """Drop the tables of some days; return how many rows they had."""
        gone = 0
        for day in keys:
            if inspect(db.connection()).has_table(day_table(day)):
                gone += db.scalar(text(f"SELECT COUNT(*) FROM {day_table(day)}")) or 0  # noqa: S608 (made of a number)
                db.execute(text(f"DROP TABLE {day_table(day)}"))
            db.execute(delete(TelemetryDay).where(TelemetryDay.day == day))
        return max(gone, 1)

    def _days(self, db: Session, before: datetime) -> Sequence[int]:
        old = TelemetryDay.day < _day(before)
        return db.scalars(select(TelemetryDay.day).where(old).order_by(TelemetryDay.day)).all()


def _day(before: datetime) -> int:
    return ms_of_instant(before) // _DAY_MS


def _hour(before: datetime) -> int:
    return _day(before) * 24
