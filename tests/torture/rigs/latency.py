"""How long a record took from its acceptance to the hub's commit, on the one clock of this machine."""

import struct
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from hub.db import Database
from hub.ingest.models import IngestReceipt
from tests.torture.rigs.oracle import Key

# As hub/ingest/keeping/receipts.py packs them: seq, checksum, kind.
_ENTRY = struct.Struct("<QIB")


def committed_at_s(database: Database) -> dict[Key, float]:
    """Return when each record was committed, in seconds since 1970."""
    query = select(IngestReceipt.device, IngestReceipt.epoch, IngestReceipt.packed, IngestReceipt.received_at)
    with database.reading() as db:
        rows = db.execute(query).all()
    return {
        (device, epoch, seq): at.timestamp()
        for device, epoch, packed, at in rows
        for seq, _crc, _kind in _ENTRY.iter_unpack(packed)
    }


def latencies_ms(database: Database, accepted_at_s: Mapping[Key, float], keys: Sequence[Key]) -> list[float]:
    """Return the milliseconds of those of ``keys`` that are there, in rising order."""
    there = committed_at_s(database)
    return sorted((there[key] - accepted_at_s[key]) * 1000 for key in keys if key in there)


def percentile(values: Sequence[float], share: float) -> int | None:
    """Return a percentile of sorted values, whole; ``None`` of none."""
    return round(values[min(int(share * len(values)), len(values) - 1)]) if values else None
