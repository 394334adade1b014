"""Keeps the newest word of each device about its own health. Never commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from hub.ingest.handlers import Arrival
from hub.newest import HEARD_AT, NewestRows, unless_older
from hub.places.models import DeviceCondition

_newest_conditions = NewestRows(DeviceCondition, takes_place=unless_older)


def keep_condition(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest health of each device; older ones come late and change nothing."""
    newest: dict[str, Arrival] = {}
    for arrival in arrivals:
        known = newest.get(arrival.device)
        if known is None or known.at <= arrival.at:
            newest[arrival.device] = arrival
    _newest_conditions.keep(
        db,
        [
            {
                "device": device,
                "body": encode(arrival.record.body).decode(),
                "clock": str(arrival.record.clock),
                "at": arrival.at,
                HEARD_AT: arrival.received_at,
            }
            for device, arrival in newest.items()
        ],
    )
