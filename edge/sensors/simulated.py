"""Values without hardware: ``simulated:NAME?seed=N``, the same for the same seed and time.

The curves are examples that look right on a screen ("contoh"); none is a measurement.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from edge.config import SensorSettings
from edge.errors import ConfigError
from edge.sensors.port import Sensor, SensorError


@dataclass(frozen=True, slots=True)
class Curve:
    """A daily or tidal swing around a mean, with noise on top; never below ``floor``."""

    mean: float
    swing: float
    period_s: float
    noise: float
    floor: float = 0.0


_DAY_S = 86_400.0
# The principal lunar tide; source: NOAA, tidal constituent M2, 2024.
_TIDE_S = 12.4206 * 3600

CURVES = {
    "water": Curve(mean=1.1, swing=0.6, period_s=_TIDE_S, noise=0.02),
    "rain": Curve(mean=0.0, swing=6.0, period_s=_DAY_S, noise=1.0),
    "air": Curve(mean=28.0, swing=3.5, period_s=_DAY_S, noise=0.2),
    "humidity": Curve(mean=82.0, swing=9.0, period_s=_DAY_S, noise=1.0),
    "pm25": Curve(mean=24.0, swing=10.0, period_s=_DAY_S, noise=3.0),
    "number": Curve(mean=50.0, swing=50.0, period_s=60.0, noise=0.0),
}


class SimulatedSensor:
    """One curve, shifted by its seed."""

    def __init__(self, curve: Curve, seed: int) -> None:
        """Follow ``curve`` with a phase and noise that depend on ``seed`` only."""
        self._curve = curve
        # Not for secrets: the same seed has to give the same city.
        self._chance = random.Random(seed)  # noqa: S311 - a reproducible picture, no key
        self._phase = self._chance.uniform(0, 2 * math.pi)

    def read(self, at: datetime) -> float:
        """Return the value at ``at``; noise advances with each call."""
        curve = self._curve
        turn = 2 * math.pi * at.timestamp() / curve.period_s
        value = curve.mean + curve.swing * math.sin(turn + self._phase) + self._chance.gauss(0, curve.noise)
        return round(max(curve.floor, value), 4)


def open_sensor(source: str) -> Sensor:
    """Return the sensor that ``source`` names.

    Raises:
        SensorError: no such source, or a seed that is no number.
    """
    scheme, _, rest = source.partition(":")
    name, _, query = rest.partition("?")
    if scheme != "simulated" or name not in CURVES:
        known = ", ".join(f"simulated:{name}" for name in sorted(CURVES))
        raise SensorError(f"{source!r} is no sensor source; use one of {known}, each with ?seed=N")
    return SimulatedSensor(CURVES[name], _seed_of(source, query))


def _seed_of(source: str, query: str) -> int:
    values = parse_qs(query, keep_blank_values=True)
    seeds = values.pop("seed", ["0"])
    if values or len(seeds) != 1 or not seeds[0].isdecimal():
        raise SensorError(f"{source!r}: after ? only seed=N is known, with N a whole number")
    return int(seeds[0])


def check_sources(sensors: Sequence[SensorSettings]) -> None:
    """Check what can be checked without touching hardware.

    Raises:
        ConfigError: a source is unknown; names the key.
    """
    for number, sensor in enumerate(sensors):
        try:
            open_sensor(sensor.source)
        except SensorError as error:
            raise ConfigError(f"sensors[{number}].source: {error}") from error
