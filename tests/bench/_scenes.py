"""The drawn streets that are counted: every condition, several cameras, rates and sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from _crossings import LineScore, TrueEvent, TrueLine, direction_of, score

from edge.cameras.drawn.settings import Weather
from edge.cameras.drawn.street import suggested_line
from edge.cameras.sources.scene import SceneCamera, SceneSettings
from edge.vision.analysis import Crossing, SceneAnalysis

# (seed, frames a second, width, height): the seed moves the camera and changes the lanes.
DrawnCamera = tuple[int, float, int, int]
CAMERAS: tuple[DrawnCamera, ...] = (
    (1, 10.0, 640, 360),
    (2, 12.0, 640, 360),
    (3, 15.0, 768, 432),
    (4, 25.0, 320, 176),
    (5, 10.0, 480, 270),
    (6, 30.0, 320, 176),
)
# Nothing was ever chosen by looking at these.
HOLD_OUT_CAMERAS: tuple[DrawnCamera, ...] = (
    (31, 15.0, 640, 360),
    (32, 25.0, 320, 176),
    (33, 12.5, 768, 432),
    (34, 10.0, 640, 360),
    (35, 30.0, 384, 216),
    (36, 20.0, 480, 270),
)


@dataclass(frozen=True)
class DrawnScene:
    """One drawn street to count on."""

    settings: SceneSettings
    seconds: float

    @property
    def name(self) -> str:
        """Condition and seed."""
        return f"{self.settings.weather.value}-{self.settings.seed}"


def drawn_scenes(
    seconds: float, weathers: tuple[Weather, ...], cameras: Sequence[DrawnCamera]
) -> Iterator[DrawnScene]:
    """Yield every condition as every camera sees it."""
    for weather in weathers:
        for seed, fps, width, height in cameras:
            settings = SceneSettings(
                seed=seed, fps=fps, weather=weather, width_px=width, height_px=height, pace="max"
            )
            yield DrawnScene(settings, seconds)


def count_scene(scene: DrawnScene) -> LineScore:
    """Count one drawn street with nothing known but its line."""
    camera = SceneCamera(scene.settings)
    camera.open()
    line = suggested_line(camera.street)
    frames = int(scene.seconds * scene.settings.fps)
    analysis = SceneAnalysis(lines=(line,), masks=(), scale=0, frame_rate_hz=scene.settings.fps)
    crossings: list[Crossing] = []
    for frame in camera.frames():
        crossings += analysis.see(frame.luma, frame.pts_s).crossings
        if frame.seq + 1 >= frames:
            break
    crossings += analysis.finish().crossings
    return score(true_line(camera, frames), crossings)


def true_line(camera: SceneCamera, frames: int) -> TrueLine:
    """Return the suggested line of a drawn street with its truth."""
    line = suggested_line(camera.street)
    events = tuple(
        TrueEvent(
            crossing.first_frame,
            crossing.last_frame,
            direction_of(line, crossing.is_forward, ()),
            crossing.is_optional,
        )
        for crossing in camera.truth([line], frames=frames)
    )
    return TrueLine(line, events, {})
