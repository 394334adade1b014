"""Begins and ends events as records come. Never commits; never touches a picture."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent, WaterMark
from hub.cctv.events.rules import EventBody, Sign, signs_in
from hub.ingest.handlers import Arrival

Key = tuple[str, str]


def keep_camera_events(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Take in what records say; what is older than what is known changes nothing."""
    arrivals = sorted(arrivals, key=lambda arrival: (arrival.at, arrival.record.seq))
    bodies = [(arrival, _body(arrival)) for arrival in arrivals]
    keys = {(arrival.device, body.camera) for arrival, body in bodies}
    marks, lasting = _marks_of(db, keys), _lasting(db, keys)
    for arrival, body in bodies:
        key = (arrival.device, body.camera)
        for sign in signs_in(body, arrival.at, marks.get(key, {})):
            _take(db, key, sign, lasting, arrival)
    db.flush()


def _body(arrival: Arrival) -> EventBody:
    body = arrival.record.body
    assert isinstance(body, EventBody)
    return body


def _take(db: Session, key: Key, sign: Sign, lasting: dict[str, CameraEvent], arrival: Arrival) -> None:
    name = f"{key[0]}/{key[1]}/{sign.kind}/{sign.what}"
    event = lasting.get(name)
    if event is None:
        if sign.is_so and not _is_history(db, key, sign, arrival):
            lasting[name] = _begin(db, key, sign, name, is_late=arrival.is_late)
    elif arrival.is_older_than(event.began_at):
        return
    elif sign.is_so:
        event.value = max((one for one in (event.value, sign.value) if one is not None), default=None)
    else:
        event.began_at = min(event.began_at, sign.at)
        event.ended_at, event.open_key = sign.at, None
        # The next one of this name may begin in the same batch.
        db.flush()
        del lasting[name]


def _begin(db: Session, key: Key, sign: Sign, name: str, *, is_late: bool) -> CameraEvent:
    event = CameraEvent(
        device=key[0],
        camera=key[1],
        kind=sign.kind,
        what=sign.what,
        open_key=name,
        began_at=sign.at,
        value=sign.value,
        is_late=is_late,
        # Hours later no still of that moment is there any more.
        is_still_wanted=not is_late,
    )
    db.add(event)
    db.flush()
    return event


def _is_history(db: Session, key: Key, sign: Sign, arrival: Arrival) -> bool:
    """Return whether more is known already: the event of this kind and place that ended later."""
    newest: datetime | None = db.scalars(
        select(CameraEvent.ended_at)
        .where(
            CameraEvent.device == key[0],
            CameraEvent.camera == key[1],
            CameraEvent.kind == sign.kind,
            CameraEvent.what == sign.what,
            CameraEvent.began_at <= sign.at,
            CameraEvent.ended_at <= arrival.received_at,
        )
        .order_by(CameraEvent.ended_at.desc())
        .limit(1)
    ).first()
    return newest is not None and newest > sign.at


def _lasting(db: Session, keys: Iterable[Key]) -> dict[str, CameraEvent]:
    devices = {device for device, _camera in keys}
    rows = db.scalars(
        select(CameraEvent).where(CameraEvent.open_key.is_not(None), CameraEvent.device.in_(devices))
    )
    return {row.open_key: row for row in rows if row.open_key is not None}


def _marks_of(db: Session, keys: Iterable[Key]) -> dict[Key, dict[str, float]]:
    devices = {device for device, _camera in keys}
    marks: dict[Key, dict[str, float]] = {}
    for row in db.scalars(select(WaterMark).where(WaterMark.device.in_(devices))):
        marks.setdefault((row.device, row.camera), {})[row.gauge] = row.level_m
    return marks
