"""What a drawn gauge is asked for: ``gauge?level=1.2&waves=0.05&weather=rain``, and where it stands."""

import math
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal
from urllib.parse import parse_qsl

from edge.cameras.port import CameraError
from edge.config import Gauge
from edge.wire.records.bodies import CameraFault

TOP_M, BOTTOM_M = 2.0, 0.0


class GaugeWeather(StrEnum):
    """Light and sky over the water."""

    CLEAR = "clear"
    RAIN = "rain"
    NIGHT = "night"
    DARK = "dark"
    FOG = "fog"


@dataclass(frozen=True, slots=True)
class GaugeSettings:
    """One drawn gauge.

    The water stands at ``level`` metres and swings by ``tide`` metres in ``tide_s`` seconds;
    ``waves`` is the height of waves in metres, ``reflection`` 0..1 how much the water mirrors,
    ``shake`` the trembling of the camera in pixels; a branch hangs before the staff at ``branch``
    metres (a negative one: none).
    """

    seed: int = 1
    fps: float = 5.0
    weather: GaugeWeather = GaugeWeather.CLEAR
    width: int = 640
    height: int = 360
    pace: Literal["real", "max"] = "real"
    level: float = 1.0
    tide: float = 0.0
    tide_s: float = 600.0
    waves: float = 0.01
    reflection: float = 0.3
    branch: float = -1.0
    shake: float = 0.0

    def level_m(self, time_s: float) -> float:
        """Return where the still water stands at a moment."""
        return self.level + self.tide * math.sin(2 * math.pi * time_s / self.tide_s)


def parse_gauge(text: str) -> GaugeSettings:
    """Read ``gauge?level=1.2&waves=0.05&reflection=0.4&weather=night&branch=1.3&seed=2``.

    Raises:
        CameraError: an option that does not exist, a value out of range.
    """
    given = dict(parse_qsl(text.partition("?")[2], keep_blank_values=True))
    kinds = {field.name: field for field in fields(GaugeSettings)}
    if unknown := sorted(set(given) - set(kinds)):
        raise CameraError(
            CameraFault.NOT_FOUND, f"scene:gauge has no option {unknown[0]!r}; it has {', '.join(kinds)}"
        )
    try:
        return _checked({name: _value(name, value) for name, value in given.items()})
    except ValueError as error:
        raise CameraError(CameraFault.NOT_FOUND, f"scene:{text}: {error}") from error


def _value(name: str, text: str) -> object:
    if name == "weather":
        return GaugeWeather(text)
    if name == "pace":
        return text
    number = int(text) if name in ("seed", "width", "height") else float(text)
    if not math.isfinite(number):
        raise ValueError(f"{name} is a finite number")
    return number


def _checked(values: dict[str, object]) -> GaugeSettings:
    settings = GaugeSettings(**values)  # type: ignore[arg-type]  # each value was made for its own field
    if settings.pace not in ("real", "max"):
        raise ValueError("pace is real or max")
    if not (1 <= settings.fps <= 60 and settings.seed >= 0 and settings.tide_s > 0):
        raise ValueError("fps is 1 to 60, seed 0 or more, tide_s above 0")
    if not (160 <= settings.width <= 1920 and 90 <= settings.height <= 1080):
        raise ValueError("width is 160 to 1920, height 90 to 1080")
    if not (0 <= settings.waves <= 0.3 and 0 <= settings.reflection <= 1 and 0 <= settings.shake <= 10):
        raise ValueError("waves is 0 to 0.3, reflection 0 to 1, shake 0 to 10")
    if not -1 <= settings.level <= 3:
        raise ValueError("level is -1 to 3")
    return settings


def drawn_gauge(settings: GaugeSettings) -> Gauge:
    """Return the gauge as a technician would mark it: its face in the picture and its readings."""
    lean = 0.004 * ((settings.seed * 7) % 5 - 2)
    left = 0.46 + 0.01 * (settings.seed % 4)
    right = left + 0.042
    return Gauge(
        id="papan-duga",
        corners=((left + lean, 0.14), (right + lean, 0.13), (right + 0.006, 0.88), (left - 0.004, 0.885)),
        top_m=TOP_M,
        bottom_m=BOTTOM_M,
    )
