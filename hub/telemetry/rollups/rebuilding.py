"""Hours and last values anew from the readings that are still there, one source and one day a step.

Each step is one transaction that puts new hours in the place of old ones: who kills it leaves some
sources old, some new, all of them whole. Hours whose readings are gone (retention) stay as they are.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from hub.bulk import BulkInsert
from hub.db import Database
from hub.telemetry.catalogue import day_table
from hub.telemetry.folding import fold
from hub.telemetry.models import (
    TelemetryChannel,
    TelemetryDailyMade,
    TelemetryDay,
    TelemetryHourly,
    TelemetryLast,
    TelemetryLate,
    TelemetrySealed,
    TelemetrySeries,
)
from hub.telemetry.rollups.days import DayRoller
from hub.telemetry.sealing.packing import Columns, unpack_columns
from hub.telemetry.store import Channel, Reading, day_of_ms, ms_of_instant

_HOURS_A_DAY = 24
_HOURS = ("series", "hour", "samples", "total", "low", "high")
_LASTS = ("series", "at_ms", "received_ms", "value")
_FLOATS = {"total", "low", "high", "value"}
_PUT_HOURS = BulkInsert(
    "telemetry_hourly",
    tuple((name, "double precision" if name in _FLOATS else "bigint") for name in _HOURS),
)
_PUT_LASTS = BulkInsert(
    "telemetry_last",
    tuple((name, "double precision" if name in _FLOATS else "bigint") for name in _LASTS),
)


class _Source(NamedTuple):
    device: str
    source: str


def rebuild_hours(database: Database, now: datetime) -> Iterator[int]:
    """Work out every hour anew whose readings are still there, and the last value of each series.

    Args:
        database: The hub's; it may run meanwhile.
        now: What is dated later counts for no last value.

    Yields:
        The number of hours that a step wrote.
    """
    with database.reading() as db:
        sources = sorted(
            {_Source(*row) for row in db.execute(select(TelemetryChannel.device, TelemetryChannel.source))}
        )
    for source in sources:
        with database.reading() as db:
            days = _days_of(db, source)
        for day in days:
            with database.writing() as db:
                _keep_others_out(db)
                yield _rebuild_day(db, source, day)
        with database.writing() as db:
            _keep_others_out(db)
            _rebuild_last(db, source, days[-2:], ms_of_instant(now))


def rebuild_days(database: Database, now: datetime) -> Iterator[int]:
    """Work out the days of the city anew from their hours; readers add hours up until they stand.

    Yields:
        1 for each step.
    """
    with database.writing() as db:
        db.execute(delete(TelemetryDailyMade))
        db.execute(delete(TelemetryLate))
    roller = DayRoller(database=database, today=lambda: day_of_ms(ms_of_instant(now)))
    while roller():
        yield 1


def _keep_others_out(db: Session) -> None:
    # What ingest adds to an hour between our reading and our writing would be lost; SQLite has one writer.
    if db.connection().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE telemetry_hourly, telemetry_last IN EXCLUSIVE MODE"))


def _channels(db: Session, source: _Source) -> dict[int, Channel]:
    rows = db.execute(
        select(TelemetryChannel.id, TelemetryChannel.quantities).where(
            TelemetryChannel.device == source.device, TelemetryChannel.source == source.source
        )
    )
    return {number: Channel(*source, tuple(names.split(" "))) for number, names in rows}


def _series(db: Session, source: _Source) -> dict[str, int]:
    rows = db.execute(
        select(TelemetrySeries.quantity, TelemetrySeries.id).where(
            TelemetrySeries.device == source.device, TelemetrySeries.source == source.source
        )
    )
    return {row.quantity: row.id for row in rows}


def _days_of(db: Session, source: _Source) -> list[int]:
    """Return the days, UTC, of which readings of a source may be there."""
    channels = list(_channels(db, source))
    sealed = db.scalars(select(TelemetrySealed.day).where(TelemetrySealed.channel.in_(channels)))
    return sorted({*sealed, *db.scalars(select(TelemetryDay.day))})


def _rebuild_day(db: Session, source: _Source, day: int) -> int:
    readings, series = _readings(db, source, day), _series(db, source)
    if not readings:
        return 0
    hours, _ = fold(readings, lambda channel: tuple(series[name] for name in channel.quantities))
    held = TelemetryHourly
    db.execute(
        delete(held).where(
            held.series.in_(series.values()),
            held.hour >= day * _HOURS_A_DAY,
            held.hour < (day + 1) * _HOURS_A_DAY,
        )
    )
    _PUT_HOURS.run(db, hours)
    return len(hours)


def _rebuild_last(db: Session, source: _Source, days: Sequence[int], now_ms: int) -> None:
    series = _series(db, source)
    readings = [one for day in days for one in _readings(db, source, day) if one.at_ms <= now_ms]
    _, lasts = fold(readings, lambda channel: tuple(series[name] for name in channel.quantities))
    db.execute(delete(TelemetryLast).where(TelemetryLast.series.in_([row[0] for row in lasts])))
    _PUT_LASTS.run(db, lasts)


def _readings(db: Session, source: _Source, day: int) -> list[Reading]:
    """Return what there is of a source on a day, oldest first; each counts as received when it was so."""
    found: dict[Channel, list[Reading]] = defaultdict(list)
    is_hot = db.scalar(select(func.count()).select_from(TelemetryDay).where(TelemetryDay.day == day))
    for number, channel in _channels(db, source).items():
        chunk = db.scalar(
            select(TelemetrySealed.chunk).where(TelemetrySealed.channel == number, TelemetrySealed.day == day)
        )
        if chunk is not None:
            found[channel] += _sealed(channel, unpack_columns(chunk))
        if is_hot:
            found[channel] += _hot(db, day, number, channel)
    return sorted((one for rows in found.values() for one in rows), key=lambda one: (one.at_ms, one.rank))


def _sealed(channel: Channel, columns: Columns) -> list[Reading]:
    rows = zip(columns.at_ms.tolist(), columns.rank.tolist(), columns.values.tolist(), strict=True)
    return [Reading(channel, at_ms, rank, tuple(values), at_ms) for at_ms, rank, values in rows]


def _hot(db: Session, day: int, number: int, channel: Channel) -> list[Reading]:
    unpack = struct.Struct(f"<{len(channel.quantities)}d").unpack
    rows = db.execute(
        text(f"SELECT at_ms, rank, packed FROM {day_table(day)} WHERE channel = :channel"),  # noqa: S608 (made of a number)
        {"channel": number},
    )
    return [Reading(channel, at_ms, rank, unpack(packed), at_ms) for at_ms, rank, packed in rows]
