"""What devices say of their software: the newest word of each, and how each order goes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.records.bodies import UpdateReport
from hub.ingest.handlers import Arrival
from hub.updates.models import DeviceUpdate, RolloutDevice
from hub.updates.rules import order_of


def keep_updates(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest report of each device; those that came late change nothing newer."""
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, UpdateReport)
        row = db.get(DeviceUpdate, arrival.device)
        if row is not None and arrival.is_older_than(row.at):
            continue
        if row is None:
            row = DeviceUpdate(device=arrival.device)
            db.add(row)
        _take(row, arrival, body)
        db.flush()
        _tell_rollout(db, arrival, body)


def _take(row: DeviceUpdate, arrival: Arrival, body: UpdateReport) -> None:
    row.state, row.fault = body.state, body.fault or ""
    row.detail, row.order, row.number = body.detail, body.order, body.number
    row.at = arrival.at
    # A device without slots knows nothing of these.
    if body.board:
        row.board, row.slot, row.floor = body.board, body.slot, body.floor
        row.running_number, row.running_name = body.running_number, body.running_name


def _tell_rollout(db: Session, arrival: Arrival, body: UpdateReport) -> None:
    rollout, _, attempt = body.order.partition(".")
    if not (rollout.isdecimal() and attempt.isdecimal() and len(body.order) < 20):
        return
    asked = db.get(RolloutDevice, (int(rollout), arrival.device))
    if asked is None or order_of(int(rollout), asked.attempt) != body.order:
        return
    if asked.state != body.state:
        asked.at = arrival.at
    asked.state, asked.fault, asked.detail = body.state, body.fault or "", body.detail
