"""Keeps the newest word of each camera about its picture and its counts. Never commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from edge.wire.records.bodies import CameraCounts, CameraIntegrity
from hub.cctv.models import CameraPicture, CameraRates
from hub.ingest.handlers import Arrival
from hub.newest import HEARD_AT, NewestRows, unless_older

_newest_rates = NewestRows(CameraRates, takes_place=unless_older)


def keep_integrity(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest report about each camera's picture; older ones come late and change nothing."""
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, CameraIntegrity)
        row = db.get(CameraPicture, (arrival.device, body.camera))
        if row is not None and arrival.is_older_than(row.at):
            continue
        if row is None:
            row = CameraPicture(device=arrival.device, camera=body.camera, picture="")
            db.add(row)
        if row.picture != body.picture:
            row.since = arrival.at
        row.cause, row.confidence, row.evidence = body.cause, body.confidence, " ".join(body.evidence)
        row.picture, row.fault, row.detail = body.picture, body.fault, body.detail
        row.at, row.epoch, row.seq = arrival.at, arrival.epoch, arrival.record.seq
        db.flush()


def keep_rates(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest counts of each camera."""
    newest: dict[tuple[str, str], Arrival] = {}
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, CameraCounts)
        key = (arrival.device, body.camera)
        if key not in newest or newest[key].at <= arrival.at:
            newest[key] = arrival
    _newest_rates.keep(
        db,
        [
            {
                "device": key[0],
                "camera": key[1],
                "body": encode(arrival.record.body).decode(),
                "at": arrival.at,
                "received_at": arrival.received_at,
                HEARD_AT: arrival.received_at,
            }
            for key, arrival in newest.items()
        ],
    )
