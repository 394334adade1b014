"""Keeps the newest measures of each camera. Never commits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from edge.wire.records.bodies import GaugeReading, SceneMeasures
from hub.bulk import rows_by_key
from hub.cctv.measures.models import CameraMeasure
from hub.ingest.handlers import Arrival

Key = tuple[str, str, str]


def keep_measures(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Keep the newest of zones and gauges; older ones come late and change nothing."""
    newest: dict[Key, Arrival] = {}
    for arrival in arrivals:
        key = _key(arrival)
        if key not in newest or newest[key].record.at <= arrival.record.at:
            newest[key] = arrival
    rows = rows_by_key(db, CameraMeasure, newest)
    for key, arrival in newest.items():
        row = rows.get(key)
        if row is not None and row.at > arrival.record.at:
            continue
        if row is None:
            row = CameraMeasure(device=key[0], camera=key[1], what=key[2])
            db.add(row)
        row.body, row.at = encode(arrival.record.body).decode(), arrival.record.at
    db.flush()


def _key(arrival: Arrival) -> Key:
    body = arrival.record.body
    assert isinstance(body, SceneMeasures | GaugeReading)
    if isinstance(body, GaugeReading):
        return arrival.device, body.camera, f"gauge@{body.gauge}"
    return arrival.device, body.camera, f"zones@{body.preset or ''}"
