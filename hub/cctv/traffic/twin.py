"""The past that a simulated city pretends to have had: four weeks of counts with two rushes a day.

For ``./pontive up`` and nobody else: a real city begins with nothing, and says so. All of it is
"contoh" (an example); it is written only where a camera has no past of its own.
"""

import math
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.places.models import CameraLine
from hub.telemetry.camera_series import WAYS, line_series
from hub.telemetry.store import Channel, Reading, TelemetryStore, ms_of_instant

WEEKS = 4
# Hours of the two rushes in the city's time, how wide they are, and what passes in such an hour.
_RUSHES, _WIDTH_H, _MOST = (7.5, 17.0), 1.8, 900.0
_NIGHT_SHARE, _SUNDAY_SHARE, _SPREAD = 0.06, 0.6, 0.12


def pretend_past(db: Session, telemetry: TelemetryStore, *, now: datetime, seed: int) -> int:
    """Give every counting line four weeks of hours; return how many were written.

    Args:
        db: A writing session.
        telemetry: The store over it.
        now: Aware, in the zone of the city.
        seed: The same past for the same number.
    """
    lines = db.scalars(select(CameraLine).order_by(CameraLine.device, CameraLine.camera, CameraLine.id)).all()
    hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [hour - timedelta(hours=number) for number in range(1, WEEKS * 7 * 24 + 25)]
    new = [line for line in lines if not _has_past(telemetry, line, hours)]
    chance = random.Random(seed)  # noqa: S311 (nothing secret about an invented past)
    readings = [reading for line in new for reading in _readings(line, hours, chance, received=now)]
    telemetry.append(readings)
    return len(readings)


def expected(at: datetime) -> float:
    """Return how many pass a line one way in the hour that begins then."""
    middle = at.hour + 0.5
    rush = max(math.exp(-(((middle - peak) / _WIDTH_H) ** 2)) for peak in _RUSHES)
    day = 0.35 if 6 <= at.hour < 22 else _NIGHT_SHARE
    return _MOST * max(rush, day) * (_SUNDAY_SHARE if at.weekday() == 6 else 1.0)


def _has_past(telemetry: TelemetryStore, line: CameraLine, hours: Sequence[datetime]) -> bool:
    series = line_series(line.device, line.camera, line.id, "forward")
    return bool(telemetry.hourly([series], hours[-1], hours[0]))


def _readings(
    line: CameraLine, hours: Iterable[datetime], chance: random.Random, *, received: datetime
) -> Iterable[Reading]:
    channel = Channel(line.device, line.camera, tuple(f"{way}.{line.id}" for way in WAYS))
    for at in hours:
        values = tuple(
            float(max(0, round(chance.gauss(expected(at), expected(at) * _SPREAD)))) for _way in WAYS
        )
        yield Reading(channel, ms_of_instant(at), 0, values, ms_of_instant(received))
