"""What a drawn street is asked for: ``street?seed=1&fps=10&weather=rain``, ``street?turning=8899``."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal
from urllib.parse import parse_qsl

from edge.cameras.port import CameraError
from edge.wire.records.bodies import CameraFault


class Weather(StrEnum):
    """The condition under which the street is drawn: light, sky, camera and traffic."""

    CLEAR = "clear"
    SHADOWS = "shadows"
    EXPOSURE = "exposure"
    RAIN = "rain"
    NIGHT = "night"
    SHAKE = "shake"
    MOTORCYCLES = "motorcycles"
    LORRIES = "lorries"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """One drawn street; equal settings draw equal pictures.

    With ``turning`` the camera turns and answers ONVIF at this port of 127.0.0.1 (1: any free one).
    """

    seed: int = 1
    fps: float = 10.0
    weather: Weather = Weather.CLEAR
    width_px: int = 640
    height_px: int = 360
    pace: Literal["real", "max"] = "real"
    vehicles_per_minute: float = 24.0
    turning: int = 0


OPTIONS = ("seed", "fps", "weather", "width", "height", "pace", "traffic", "turning")
_KEYS = {"width": "width_px", "height": "height_px", "traffic": "vehicles_per_minute"}


def parse_scene(text: str) -> SceneSettings:
    """Read ``street?seed=1&fps=10&weather=rain&width=640&height=360&pace=max&traffic=24``.

    Raises:
        CameraError: another name than street, an option that does not exist, a value out of range.
    """
    name, _, query = text.partition("?")
    if name != "street":
        raise CameraError(CameraFault.NOT_FOUND, f"scene:{name}: only scene:street is drawn here")
    given = {_KEYS.get(key, key): value for key, value in parse_qsl(query, keep_blank_values=True)}
    known = {field.name for field in fields(SceneSettings)}
    if unknown := sorted(set(given) - known):
        raise CameraError(
            CameraFault.NOT_FOUND,
            f"scene:street has no option {unknown[0]!r}; it has {', '.join(OPTIONS)}",
        )
    try:
        return _checked(given)
    except ValueError as error:
        raise CameraError(CameraFault.NOT_FOUND, f"scene:{text}: {error}") from error


def _checked(given: dict[str, str]) -> SceneSettings:
    plain = SceneSettings()
    pace = given.get("pace", plain.pace)
    settings = SceneSettings(
        seed=int(given.get("seed", plain.seed)),
        fps=float(given.get("fps", plain.fps)),
        weather=Weather(given.get("weather", plain.weather)),
        width_px=int(given.get("width_px", plain.width_px)),
        height_px=int(given.get("height_px", plain.height_px)),
        pace="max" if pace == "max" else "real",
        vehicles_per_minute=float(given.get("vehicles_per_minute", plain.vehicles_per_minute)),
        turning=int(given.get("turning", plain.turning)),
    )
    if not (settings.turning in (0, 1) or 1024 <= settings.turning <= 65_535):
        raise ValueError("turning is 0, 1, or the port of its ONVIF service")
    if pace not in ("real", "max"):
        raise ValueError("pace is real or max")
    if not (1 <= settings.fps <= 60 and 0 < settings.vehicles_per_minute <= 240 and settings.seed >= 0):
        raise ValueError("fps is 1 to 60, traffic above 0 and up to 240 a minute, seed 0 or more")
    if not (160 <= settings.width_px <= 1920 and 90 <= settings.height_px <= 1080):
        raise ValueError("width is 160 to 1920, height 90 to 1080")
    return settings
