"""What is in the hub, by identity and checksum: packed, one row an outbox and commit.

For verification: a test compares it with what the edges accepted. Kept for ``RECEIPT_DAYS``.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import LANE_OF_BODY
from hub.ingest.handlers import Arrival
from hub.ingest.models import IngestReceipt

RECEIPT_DAYS = 35

# Place in the tuple = number in the database: append only.
RECEIPT_KINDS = (
    "camera-counts",
    "motion-event",
    "camera-integrity",
    "device-health",
    "hadir-scan",
    "scan-refused",
    "sensor-reading",
    "outbox-gap",
    "device-incident",
    "device-returned",
    "clip-kept",
    "scene-measures",
    "gauge-reading",
    "door-reading",
    "update",
)
# A kind that was added to the wire and not here must not stop ingest; a test asks for its place.
_UNLISTED = 255
_NUMBER_OF_KIND = {kind: number for number, kind in enumerate(RECEIPT_KINDS)}


def kind_of(body_type: type) -> str:
    """Return the tag of a body type, as ``camera-counts``."""
    return str(msgspec.inspect.type_info(body_type).tag)  # type: ignore[attr-defined]  # a tagged struct's info has one


KIND_OF_BODY: Mapping[type, str] = {body_type: kind_of(body_type) for body_type in LANE_OF_BODY}
_NUMBER_OF_BODY = {body: _NUMBER_OF_KIND.get(kind, _UNLISTED) for body, kind in KIND_OF_BODY.items()}

_insert = insert(IngestReceipt.__table__)  # type: ignore[arg-type]  # a mapped class has a Table
_entry = struct.Struct("<QIB")  # seq, CRC-32 of the body, kind


class Receipt(NamedTuple):
    """One record that is committed."""

    device: str
    epoch: str
    seq: int
    body_crc32: int
    kind: str


def keep_receipts(session: Session, arrivals: Iterable[Arrival], *, received_at: datetime) -> None:
    """Note what this transaction keeps."""
    packed: dict[tuple[str, str], bytearray] = {}
    for arrival in arrivals:
        record = arrival.record
        entries = packed.setdefault((arrival.device, arrival.epoch), bytearray())
        entries += _entry.pack(record.seq, arrival.body_crc32, _NUMBER_OF_BODY[type(record.body)])
    if packed:
        session.connection().execute(
            _insert,
            [
                {"device": device, "epoch": epoch, "received_at": received_at, "packed": bytes(entries)}
                for (device, epoch), entries in packed.items()
            ],
        )


def read_receipts(session: Session, *, device: str | None = None) -> Iterator[Receipt]:
    """Yield every committed record, in the order of commits; of one device or of all."""
    query = select(IngestReceipt.device, IngestReceipt.epoch, IngestReceipt.packed).order_by(IngestReceipt.id)
    if device is not None:
        query = query.where(IngestReceipt.device == device)
    for name, epoch, packed in session.execute(query):
        for seq, crc, kind in _entry.iter_unpack(packed):
            yield Receipt(name, epoch, seq, crc, RECEIPT_KINDS[kind] if kind != _UNLISTED else "")


def forget_old_receipts(session: Session, *, now: datetime) -> None:
    """Delete what is past its days."""
    session.execute(
        delete(IngestReceipt).where(IngestReceipt.received_at < now - timedelta(days=RECEIPT_DAYS))
    )
