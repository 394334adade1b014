"""What light, sky, lens and sensor do to a drawn picture. Deterministic in (seed, time)."""

import math

import numpy as np

from edge import opencv
from edge.cameras.drawn.settings import Weather
from edge.cameras.drawn.street import Street

Bgr = opencv.Picture

_NOISE_TILES = 8
_NOISE_DAY, _NOISE_NIGHT = 2.0, 3.5
_NIGHT_LIGHT = 0.2
_DROPS = 70


class Sky:
    """The condition of one street, applied to each picture.

    Args:
        street: whose settings say the condition.
        empty: the empty street by day, (H, W, 3) uint8.
    """

    def __init__(self, street: Street, empty: Bgr) -> None:
        self.weather = street.settings.weather
        self._seed = street.settings.seed
        random = np.random.default_rng(self._seed + 17)
        spread = _NOISE_NIGHT if self.weather is Weather.NIGHT else _NOISE_DAY
        self._noise = [
            np.clip(random.normal(128, spread, empty.shape[:2]), 0, 255).astype(np.uint8)
            for _ in range(_NOISE_TILES)
        ]
        self._phase = float(random.uniform(0, 10))

    def over(self, picture: Bgr, time_s: float, frame: int) -> Bgr:
        """Return ``picture`` as this sky and this camera show it."""
        if self.weather is Weather.RAIN:
            picture = self._rained(picture, frame)
        if self.weather is Weather.EXPOSURE:
            picture = opencv.scale_values(picture, self.exposure(time_s))
        if self.weather is Weather.SHADOWS:
            picture = opencv.scale_values(picture, 0.94 + 0.06 * math.sin(time_s / 9 + self._phase))
        if self.weather is Weather.SHAKE:
            picture = opencv.shift(picture, *self.shake_px(time_s, picture.shape[1]))
        return picture

    def darkened(self, picture: Bgr) -> Bgr:
        """Return ``picture`` by the light of street lamps alone."""
        return opencv.scale_values(picture, _NIGHT_LIGHT)

    def exposure(self, time_s: float) -> float:
        """Return the camera's gain: it jumps every few seconds and takes half a second for it."""
        step_s = 7.0
        index, into_s = divmod(time_s + self._phase, step_s)
        before, after = self._exposure_of(int(index) - 1), self._exposure_of(int(index))
        return before + (after - before) * min(1.0, into_s / 0.5)

    def _exposure_of(self, index: int) -> float:
        return float(np.random.default_rng((self._seed, index + 10)).uniform(0.55, 1.15))

    def shake_px(self, time_s: float, width_px: int) -> tuple[float, float]:
        """Return how far wind and lorries have pushed the camera: about a pixel and a half at 640."""
        reach = 1.5 * width_px / 640
        right = math.sin(9.1 * time_s + self._phase) + 0.5 * math.sin(23.7 * time_s)
        down = math.sin(7.3 * time_s) + 0.5 * math.sin(31.1 * time_s + self._phase)
        return reach * right, reach * down

    def _rained(self, picture: Bgr, frame: int) -> Bgr:
        random = np.random.default_rng((self._seed, frame))
        picture = opencv.mixed(picture, np.full_like(picture, 150), 0.22)
        height, width = picture.shape[:2]
        starts = random.integers(0, (width, height), (_DROPS, 2)).tolist()
        for (x, y), length in zip(starts, random.integers(4, 16, _DROPS).tolist(), strict=True):
            opencv.line(picture, (x, y), (x - length // 4, y + length), (196, 196, 198))
        return picture

    def grained(self, luma: opencv.Plane, frame: int) -> opencv.Plane:
        """Return ``luma`` with the noise of the sensor, another one each frame."""
        tile = self._noise[frame % _NOISE_TILES]
        # The tiles repeat; rolled by an odd step they do not come back in the same place for long.
        rolled = np.roll(tile, (frame * 37) % luma.shape[1], axis=1)
        brighter = opencv.add(luma, opencv.subtract(rolled, np.full_like(rolled, 128)))
        return opencv.subtract(brighter, opencv.subtract(np.full_like(rolled, 128), rolled))
