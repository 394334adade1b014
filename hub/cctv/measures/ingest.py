"""Keeps the newest measures of each camera. Never commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from edge.wire.records.bodies import GaugeReading, SceneMeasures
from hub.cctv.measures.models import CameraMeasure
from hub.ingest.handlers import Arrival
from hub.newest import NewestRows, as_late

Key = tuple[str, str, str]

_newest_measures = NewestRows(CameraMeasure, takes_place=as_late)


def keep_measures(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest of zones and gauges; older ones come late and change nothing."""
    newest: dict[Key, Arrival] = {}
    for arrival in arrivals:
        key = _key(arrival)
        if key not in newest or newest[key].record.at <= arrival.record.at:
            newest[key] = arrival
    _newest_measures.keep(
        db,
        [
            {
                "device": key[0],
                "camera": key[1],
                "what": key[2],
                "body": encode(arrival.record.body).decode(),
                "at": arrival.record.at,
            }
            for key, arrival in newest.items()
        ],
    )


def _key(arrival: Arrival) -> Key:
    body = arrival.record.body
    assert isinstance(body, SceneMeasures | GaugeReading)
    if isinstance(body, GaugeReading):
        return arrival.device, body.camera, f"gauge@{body.gauge}"
    return arrival.device, body.camera, f"zones@{body.preset or ''}"
