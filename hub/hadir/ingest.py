"""Keeps accepted scans. A code that was used before, anywhere in the city, is marked. Never commits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import HadirScan
from hub.hadir.models import DoorScan
from hub.ingest.handlers import Arrival


def keep_scans(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Append each scan; the second use of a token is kept with its mark."""
    tokens = {arrival.record.body.token for arrival in arrivals if isinstance(arrival.record.body, HadirScan)}
    used = set(db.scalars(select(DoorScan.token).where(DoorScan.token.in_(tokens))))
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, HadirScan)
        db.add(_row(arrival, body, is_repeated=body.token in used))
        used.add(body.token)
    db.flush()


def _row(arrival: Arrival, body: HadirScan, *, is_repeated: bool) -> DoorScan:
    return DoorScan(
        device=arrival.device,
        epoch=arrival.epoch,
        seq=arrival.record.seq,
        door=body.door,
        person=body.person,
        method=body.method,
        assurance=body.assurance,
        token=body.token,
        flags=",".join(body.flags),
        roster_version=body.roster_version,
        issued_at=body.issued_at,
        at=arrival.record.at,
        clock=arrival.record.clock,
        received_at=arrival.received_at,
        is_late=arrival.is_late,
        is_repeated=is_repeated,
    )
