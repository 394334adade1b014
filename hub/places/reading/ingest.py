"""Adds the reports of doors up by day. Never commits."""

from collections.abc import Sequence
from datetime import date, timedelta, timezone

from sqlalchemy.orm import Session

from edge.wire.messages import encode
from edge.wire.records.bodies import DoorReading
from hub.ingest.handlers import Arrival
from hub.places.reading.models import DoorReadingDay

# West Indonesian time has no daylight saving (Keppres 41/1987); a day of a door is one of the city.
_WIB = timezone(timedelta(hours=7))


def keep_readings(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Add each report to its door's day; each arrives once, in any order."""
    for arrival in arrivals:
        body, at = arrival.record.body, arrival.record.at
        assert isinstance(body, DoorReading)
        day = at.astimezone(_WIB).date()
        row = db.get(DoorReadingDay, (arrival.device, body.door, day))
        if row is None:
            row = _new_row(arrival, body, day)
            db.add(row)
        _add(row, arrival, body)
    db.flush()


def _new_row(arrival: Arrival, body: DoorReading, day: date) -> DoorReadingDay:
    zeros = dict.fromkeys(("frames", "looked_at", "read", "misses", "unreadable", "reduced_minutes"), 0)
    return DoorReadingDay(
        device=arrival.device,
        door=body.door,
        day=day,
        **zeros,
        worst_p95_ms=0.0,
        newest_at=arrival.record.at,
        newest=_json(body),
    )


def _add(day: DoorReadingDay, arrival: Arrival, body: DoorReading) -> None:
    day.frames += body.frames
    day.looked_at += body.looked_at
    day.read += body.read
    day.misses += body.misses
    day.unreadable += body.unreadable
    day.reduced_minutes += body.is_reduced
    day.worst_p95_ms = max(day.worst_p95_ms, body.decode_p95_ms)
    if arrival.record.at >= day.newest_at:
        day.newest_at, day.newest = arrival.record.at, _json(body)


def _json(body: DoorReading) -> str:
    return encode(body).decode()
