"""Keeps the newest word of each device about its own health. Never commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from hub.bulk import rows_by_key
from hub.ingest.handlers import Arrival
from hub.places.models import DeviceCondition


def keep_condition(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest health of each device; older ones come late and change nothing."""
    newest: dict[str, Arrival] = {}
    for arrival in arrivals:
        known = newest.get(arrival.device)
        if known is None or known.at <= arrival.at:
            newest[arrival.device] = arrival
    rows = rows_by_key(db, DeviceCondition, newest)
    for device, arrival in newest.items():
        row = rows.get(device)
        if row is None:
            row = DeviceCondition(device=device)
            db.add(row)
        elif arrival.is_older_than(row.at):
            continue
        row.body, row.clock = encode(arrival.record.body).decode(), arrival.record.clock
        row.at = arrival.at
    db.flush()
