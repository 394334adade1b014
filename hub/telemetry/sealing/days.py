"""Days that are over, packed: rows of a day table to one chunk a channel, a few channels at a time.

Crash-safe: chunk and deletion are one transaction, and an interrupted day is simply gone on with.
"""

import struct

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hub.bulk import upsert
from hub.telemetry.catalogue import Catalogue, day_table
from hub.telemetry.models import TelemetryChannel, TelemetryDay, TelemetrySealed
from hub.telemetry.sealing.packing import Columns, pack_columns, unpack_columns

# So many channels a transaction: the writer that seals must not keep records waiting for long.
MOST_CHANNELS = 8


def seal_some(session: Session, catalogue: Catalogue, before: int) -> bool:
    """Seal some channels of the oldest open day before day number ``before``.

    Returns:
        Whether there was something to do.
    """
    day = session.scalar(
        select(TelemetryDay.day).where(TelemetryDay.day < before).order_by(TelemetryDay.day).limit(1)
    )
    if day is None:
        return False
    if session.connection().dialect.name != "sqlite":
        # Late rows of other workers wait: one between reading and deleting would be lost.
        session.execute(text(f"LOCK TABLE {day_table(day)} IN ACCESS EXCLUSIVE MODE"))
    channels = session.scalars(
        text(f"SELECT DISTINCT channel FROM {day_table(day)} ORDER BY channel LIMIT {MOST_CHANNELS}")  # noqa: S608 (made of numbers)
    ).all()
    for channel in channels:
        _seal_channel(session, day, channel)
    if len(channels) < MOST_CHANNELS:
        catalogue.drop_day(session, day)
    return True


def _seal_channel(session: Session, day: int, channel: int) -> None:
    quantities = session.scalars(
        select(TelemetryChannel.quantities).where(TelemetryChannel.id == channel)
    ).one()
    columns = _hot_columns(session, day, channel, len(quantities.split(" ")))
    sealed = session.scalar(
        select(TelemetrySealed.chunk).where(TelemetrySealed.channel == channel, TelemetrySealed.day == day)
    )
    if sealed is not None:
        columns = _merge(unpack_columns(sealed), columns)
    upsert(
        session,
        TelemetrySealed,
        [{"channel": channel, "day": day, "chunk": pack_columns(columns)}],
        key=("channel", "day"),
        changes=lambda new: {"chunk": new.chunk},
    )
    session.execute(
        text(f"DELETE FROM {day_table(day)} WHERE channel = :channel"),  # noqa: S608 (made of a number)
        {"channel": channel},
    )


def _hot_columns(session: Session, day: int, channel: int, width: int) -> Columns:
    rows = session.execute(
        text(
            f"SELECT at_ms, rank, packed FROM {day_table(day)} "  # noqa: S608 (made of a number)
            "WHERE channel = :channel ORDER BY at_ms, rank"
        ),
        {"channel": channel},
    ).all()
    unpack = struct.Struct(f"<{width}d").unpack
    return Columns(
        at_ms=np.array([row[0] for row in rows], np.int64),
        rank=np.array([row[1] for row in rows], np.int64),
        values=np.array([unpack(row[2]) for row in rows], np.float64).reshape(len(rows), width),
    )


def _merge(old: Columns, late: Columns) -> Columns:
    at_ms = np.concatenate([old.at_ms, late.at_ms])
    rank = np.concatenate([old.rank, late.rank])
    values = np.concatenate([old.values, late.values])
    order = np.lexsort((rank, at_ms))
    return Columns(at_ms[order], rank[order], values[order])
