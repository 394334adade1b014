"""Draws the quay, the staff and the water before it, as one camera sees them. Must not read a level."""

import math

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.cameras.drawn.gauge.face import draw_face
from edge.cameras.drawn.gauge.settings import GaugeSettings, GaugeWeather, drawn_gauge
from edge.vision.measures.homography import homography, projected

Bgr = opencv.Picture

# The Kapuas is brown; blue, green, red.
_WATER = np.array([70, 96, 112], np.float32)
_WALL = np.array([150, 156, 160], np.float32)
_FOG = np.array([190, 190, 190], np.float32)
_LIGHT = {GaugeWeather.NIGHT: 0.3, GaugeWeather.DARK: 0.05}
_BRANCH_M = 0.16
_DROPS = 70


class Waterside:
    """The place of one drawn gauge.

    Args:
        settings: of the scene.
    """

    def __init__(self, settings: GaugeSettings) -> None:
        self._settings = settings
        self.gauge = drawn_gauge(settings)
        corners = [(x * settings.width, y * settings.height) for x, y in self.gauge.corners]
        self._face = homography([(0, 0), (1, 0), (1, 1), (0, 1)], corners)
        self._dry = self._draw_dry()
        self._columns = np.arange(settings.width, dtype=np.float32)[None, :]
        self._rows = np.arange(settings.height, dtype=np.float32)[:, None]

    def row_of(self, level_m: float) -> float:
        """Return in which row of the picture a level stands, at the middle of the staff."""
        share = (self.gauge.top_m - level_m) / (self.gauge.top_m - self.gauge.bottom_m)
        return float(projected(self._face, np.array([[0.5, share]]))[0, 1])

    def draw(self, time_s: float, seq: int) -> Bgr:
        """Return the picture of one moment, (H, W, 3) uint8 BGR."""
        settings = self._settings
        picture = self._with_water(time_s)
        if settings.branch >= 0:
            self._branch(picture)
        if settings.weather in _LIGHT:
            picture = opencv.scale_values(picture, _LIGHT[settings.weather])
        if settings.weather is GaugeWeather.FOG:
            fog = np.broadcast_to(_FOG, picture.shape).astype(np.uint8)
            picture = opencv.mixed(picture, fog, 0.93)
        random = np.random.default_rng((settings.seed, seq))
        if settings.weather is GaugeWeather.RAIN:
            self._rain(picture, random)
        if settings.shake:
            picture = opencv.shift(picture, *random.normal(0, settings.shake, 2).tolist())
        noise = random.normal(0, 2.0, picture.shape[:2])[..., None]
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    def _draw_dry(self) -> NDArray[np.float32]:
        """Return quay and staff without any water, (H, W, 3) float32."""
        settings = self._settings
        random = np.random.default_rng(settings.seed)
        coarse = random.normal(0, 9, (settings.height // 6 + 1, settings.width // 6 + 1)).clip(-40, 40) + 128
        rough = opencv.resize(coarse.astype(np.uint8), settings.width, settings.height).astype(np.float32)
        wall = _WALL + (rough - 128)[..., None] + random.normal(0, 3, rough.shape)[..., None]
        face = draw_face(self.gauge.top_m, self.gauge.bottom_m)
        corners = [(x * settings.width, y * settings.height) for x, y in self.gauge.corners]
        height, width = face.shape
        matrix = homography([(0, 0), (width, 0), (width, height), (0, height)], corners)
        # Shrunk smoothly, as a lens does it; the plain warp would take every third row.
        soft = opencv.blur(face, max(0.5, 0.5 * height / (corners[3][1] - corners[0][1])))
        staff = opencv.projected(soft, matrix, settings.width, settings.height)
        mask = np.zeros(staff.shape, np.uint8)
        opencv.fill(mask, np.rint(np.array(corners)).astype(np.int32), (255,))
        return np.where(mask[..., None] > 0, staff[..., None].astype(np.float32), wall).astype(np.float32)

    def _with_water(self, time_s: float) -> Bgr:
        settings = self._settings
        metre_px = self.row_of(0.0) - self.row_of(1.0)
        line = self.row_of(settings.level_m(time_s)) + self._waves(time_s, settings.waves * metre_px)
        depth = self._rows - line
        is_water = depth > 0
        ripple = self._ripples(depth, time_s)
        columns = np.clip(self._columns + ripple * 3, 0, settings.width - 1).astype(np.int32)
        mirrored = np.clip(line - depth + ripple * 2, 0, settings.height - 1).astype(np.int32)
        mirror = self._dry[mirrored, np.broadcast_to(columns, mirrored.shape)]
        share = np.float32(settings.reflection)
        water = (_WATER + 14 * ripple[..., None]) * (1 - share) + 0.75 * mirror * share
        return np.clip(np.where(is_water[..., None], water, self._dry), 0, 255).astype(np.uint8)

    def _waves(self, time_s: float, height_px: float) -> NDArray[np.float32]:
        """Return how far the waterline is pushed in each column, (1, W)."""
        phase = self._settings.seed
        long = np.sin(self._columns / 60 + 1.7 * time_s + phase)
        short = 0.4 * np.sin(self._columns / 13 - 3.9 * time_s + 2 * phase)
        swell = 0.6 * math.sin(1.1 * time_s + phase)
        return (height_px * 0.5 * (long + short + swell)).astype(np.float32)

    def _ripples(self, depth: NDArray[np.float32], time_s: float) -> NDArray[np.float32]:
        """Return the ripples of the surface, about -1..1, finer towards the far end."""
        wide = 4 + np.maximum(depth, 0) / 8
        strength = 0.25 + min(1.0, 20 * self._settings.waves)
        first = np.sin(depth / wide * 5 + self._columns / 17 + 3.1 * time_s)
        second = np.sin(depth / wide * 9 - self._columns / 7 - 5.3 * time_s)
        return (strength * 0.5 * (first + second)).astype(np.float32)

    def _branch(self, picture: Bgr) -> None:
        width, height = self._settings.width, self._settings.height
        thick = (self.row_of(0.0) - self.row_of(_BRANCH_M)) / 2
        middle = self.row_of(self._settings.branch)
        left, right = 0.3 * width, 0.8 * width
        corners = [
            (left, middle - 1.6 * thick), (right, middle - 0.8 * thick),
            (right, middle + 0.6 * thick), (left, middle + 1.2 * thick),
        ]  # fmt: skip
        opencv.fill(picture, np.rint(np.array(corners)).astype(np.int32), (40, 62, 50))
        for number in range(9):
            spot = (round(left + number * (right - left) / 9), round(middle + thick * math.sin(number * 2.1)))
            opencv.disc(
                picture, (spot[0], min(height - 1, spot[1])), (round(thick), round(0.7 * thick)), (44, 84, 58)
            )

    def _rain(self, picture: Bgr, random: np.random.Generator) -> None:
        height, width = picture.shape[:2]
        picture[:] = opencv.mixed(picture, np.full_like(picture, 150), 0.22)
        starts = random.integers(0, (width, height), (_DROPS, 2)).tolist()
        for (x, y), length in zip(starts, random.integers(4, 16, _DROPS).tolist(), strict=True):
            opencv.line(picture, (x, y), (x - length // 4, y + length), (196, 196, 198))
