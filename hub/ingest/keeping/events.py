"""Keeps records that are no measurement as rows of ``event``."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from edge.wire.messages import encode
from edge.wire.records.bodies import Body
from hub.ingest.handlers import Arrival
from hub.ingest.keeping.receipts import KIND_OF_BODY
from hub.ingest.models import Event

# Of the table and not of the class: no row of these is looked at again in its transaction.
_insert = insert(Event.__table__)  # type: ignore[arg-type]  # a mapped class has a Table


def keep_events(session: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep arrivals of any body type as events."""
    if arrivals:
        session.connection().execute(_insert, [_row_of(arrival) for arrival in arrivals])


def source_of(body: Body) -> str:
    """Return the camera, door or sensor a body speaks of; empty: the device itself."""
    for name in ("camera", "door", "sensor"):
        source = getattr(body, name, None)
        if source is not None:
            return str(source)
    return ""


def _row_of(arrival: Arrival) -> dict[str, object]:
    record = arrival.record
    return {
        "device": arrival.device,
        "epoch": arrival.epoch,
        "seq": record.seq,
        "kind": KIND_OF_BODY[type(record.body)],
        "source": source_of(record.body),
        "at": record.at,
        "received_at": arrival.received_at,
        "clock": str(record.clock),
        "is_late": arrival.is_late,
        "body": encode(record.body).decode("utf-8"),
    }
