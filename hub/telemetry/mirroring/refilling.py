"""Fills the mirror again with every reading that is still there, day by day, from committed rows.

Must not take anything away at the mirror: the same point twice is one point, so a run that was
interrupted is simply started again, and the feed goes on meanwhile.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from hub.db import Database
from hub.telemetry.mirroring.mirror import LineSink, refill
from hub.telemetry.models import TelemetryDay, TelemetrySealed
from hub.telemetry.tables import TableTelemetry

_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


def rebuild_mirror(database: Database, sink: LineSink) -> Iterator[int]:
    """Write all readings to a mirror.

    Args:
        database: The hub's; it may run meanwhile.
        sink: The mirror.

    Yields:
        How many lines a day had.

    Raises:
        MirrorError: the server did not take a part; begin again.
    """
    with database.reading() as db:
        days = {*db.scalars(select(TelemetryDay.day)), *db.scalars(select(TelemetrySealed.day).distinct())}
    for day in sorted(days):
        begin = _FIRST_DAY + timedelta(days=day)
        with database.reading() as db:
            yield refill(TableTelemetry(db), sink, begin=begin, end=begin + timedelta(days=1))
