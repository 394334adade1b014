"""What the street looks like when nobody is there, and how the light of a frame differs from it.

The mean is float and selective: what moves is blended in very slowly, what stays is absorbed.
Must not know objects; it is told which pixels are foreground.
"""

import numpy as np
from numpy.typing import NDArray

from edge import opencv

Luma = opencv.Plane

# Light and noise are measured on every n-th pixel both ways: 900 samples are plenty for a median.
GRID_PX = 8
DARKEST_FOR_GAIN = 12
LEAST_SAMPLES = 16
LEAST_GAIN, MOST_GAIN = 0.25, 4.0
# A kept scene is another one (camera turned, night) when more than this share is off by so much.
SAME_SCENE_LEVELS = 30
SAME_SCENE_SHARE = 0.3
# By night the mean of the empty scene is below this, 0..255.
NIGHT_BRIGHTNESS = 55.0
# Below this a correction would only add rounding noise.
GAIN_DEADBAND = 0.01
_LEVELS = np.arange(256)


def start_of(seen: Luma, empty: Luma | None) -> Luma:
    """Return what to begin with: ``empty`` in the light of ``seen`` if both show one scene, else ``seen``.

    A street that is never empty while the agent starts would otherwise be learnt with its traffic.
    """
    if empty is None or empty.shape != seen.shape:
        return seen
    lit = opencv.scale_values(empty, gain_between(seen, empty))
    is_other = np.abs(lit.astype(np.int16) - seen) > SAME_SCENE_LEVELS
    return lit if float(is_other.mean()) <= SAME_SCENE_SHARE else seen


class Light:
    """How bright the empty scene is on the coarse grid: what the light of a frame is measured against.

    Args:
        background: the empty scene, (H, W) uint8.
    """

    def __init__(self, background: Luma) -> None:
        expected = background[::GRID_PX, ::GRID_PX].ravel()
        self._lit = np.flatnonzero(expected > DARKEST_FOR_GAIN)
        self._inverse = 1 / expected[self._lit].astype(np.float32)
        self.brightness = float(expected.mean())

    def gain_of(self, frame: Luma) -> float:
        """Return by how much brighter ``frame`` is where most of it agrees with the empty scene."""
        lit = len(self._lit)
        if lit < LEAST_SAMPLES:
            return 1.0
        ratios = frame[::GRID_PX, ::GRID_PX].ravel().take(self._lit) * self._inverse
        # np.median costs three times as much, for the mean of two neighbours.
        ratios.partition(lit // 2)
        return min(MOST_GAIN, max(LEAST_GAIN, float(ratios[lit // 2])))


def gain_between(frame: Luma, background: Luma) -> float:
    """Return by how much brighter ``frame`` is than ``background`` where most of it agrees."""
    return Light(background).gain_of(frame)


def noise_between(frame: Luma, background: Luma) -> float:
    """Return the mean absolute difference where nothing moves: sensor, compression, shaking."""
    first, second = (np.ascontiguousarray(plane[::GRID_PX, ::GRID_PX]) for plane in (frame, background))
    # Of bytes a histogram says all: where the middle lies, and the mean of what is below a limit.
    counts = np.bincount(opencv.apart(first, second).ravel(), minlength=len(_LEVELS))
    middle = int(counts.cumsum().searchsorted(first.size // 2, side="right"))
    quiet = counts[: 3 * middle + 3]
    return float(quiet @ _LEVELS[: len(quiet)] / quiet.sum())


class Background:
    """A running mean of the empty scene.

    Args:
        start: the clean start, (H, W) uint8.
        frame_rate_hz: how often :meth:`update` will be called.
        follow_s: time constant with which changing light is followed where nothing moves.
        absorb_s: time constant with which a thing that stays becomes part of the scene.
    """

    def __init__(
        self, start: Luma, *, frame_rate_hz: float, follow_s: float = 8.0, absorb_s: float = 1800.0
    ) -> None:
        self._mean: NDArray[np.float32] = start.astype(np.float32)
        self._follow = min(1.0, 1 / (follow_s * frame_rate_hz))
        self._absorb = min(1.0, 1 / (absorb_s * frame_rate_hz))
        self._band: tuple[Luma, Luma] | None = None
        self._light: Light | None = None
        self.picture: Luma = start.copy()

    @property
    def light(self) -> Light:
        """The light of the empty scene."""
        if self._light is None:
            self._light = Light(self.picture)
        return self._light

    @property
    def brightness(self) -> float:
        """Mean luma of the empty scene, 0..255, on the coarse grid."""
        return self.light.brightness

    def band(self) -> tuple[Luma, Luma]:
        """Return the lowest and highest value within a pixel around each: what a shaking camera may see."""
        if self._band is None:
            self._band = (opencv.erode(self.picture, 3, 3), opencv.dilate(self.picture, 3, 3))
        return self._band

    def update(self, frame: Luma, foreground: Luma, *, frames: int = 1) -> None:
        """Learn from a gain-corrected ``frame``; ``foreground`` is 255 where something is.

        Args:
            frames: how many frames this one stands for (callers skip some to save time).
        """
        opencv.blend_into(self._mean, frame, min(1.0, self._follow * frames), opencv.inverse(foreground))
        opencv.blend_into(self._mean, frame, min(1.0, self._absorb * frames), foreground)
        self.picture = opencv.to_bytes(self._mean)
        self._band = self._light = None

    def absorb(self, frame: Luma, where: Luma) -> None:
        """Take ``frame`` over at once where ``where`` is 255: a ghost, or a thing that came to stay."""
        self._mean[where > 0] = frame[where > 0]
        self.picture = opencv.to_bytes(self._mean)
        self._band = self._light = None
