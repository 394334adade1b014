"""Hours of many series added up by the database: what is asked of a whole fleet names no single series."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.telemetry.store import HOUR_MS, instant_of_ms, ms_of_instant

# By series first, so that both databases look for a few hours of each and never read them all.
_BY_DEVICE = text(
    """SELECT one.device, held.hour, SUM(held.samples), SUM(held.total)
    FROM telemetry_series AS one CROSS JOIN telemetry_hourly AS held
    WHERE one.quantity LIKE :quantities AND held.series = one.id
    AND held.hour >= :first AND held.hour < :end
    GROUP BY one.device, held.hour"""
)


class DeviceHour(NamedTuple):
    """All values of some quantities of a device in one hour; ``begin`` is its start, UTC."""

    device: str
    begin: datetime
    samples: int
    total: float


def hours_by_device(db: Session, prefix: str, begin: datetime, end: datetime) -> Iterator[DeviceHour]:
    """Yield the hours of every device, added up over its quantities with a prefix.

    Args:
        db: Any session.
        prefix: What the quantities begin with, as ``flow.``; no ``%`` and no ``_``.
        begin: Begin of the first hour.
        end: End of the last.
    """
    given = {
        "quantities": f"{prefix}%",
        "first": -(-ms_of_instant(begin) // HOUR_MS),
        "end": -(-ms_of_instant(end) // HOUR_MS),
    }
    for device, hour, samples, total in db.execute(_BY_DEVICE, given):
        # PostgreSQL adds whole numbers up to a decimal.
        yield DeviceHour(device, instant_of_ms(hour * HOUR_MS), int(samples), float(total))
