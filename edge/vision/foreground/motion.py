"""Which pixels show something that does not belong to the empty scene.

Luma -> gain correction -> difference to the selective background -> mask. Must not know objects.
"""

from dataclasses import dataclass

from edge import opencv
from edge.vision.foreground.background import GAIN_DEADBAND, Background, noise_between

Luma = opencv.Plane

# A region is something when it differs this much somewhere; it reaches as far as it differs a little.
SURE_DIFFERENCE = 18.0
LEAST_DIFFERENCE = 9.0
FULL_LIGHT, LEAST_LIGHT = 90.0, 0.5
NOISE_FACTOR = 3.0
NOISE_WEIGHT = 0.1
# In the dark the grain of the sensor is averaged in squares of this side.
GRAIN_PX = 3
# Learning from every n-th frame is as good and a third of the cost.
LEARN_EVERY = 4


@dataclass(frozen=True, slots=True)
class Motion:
    """What differs from the empty scene.

    ``mask`` (H, W) uint8 is 255 where it differs a little, ``sure`` where it surely does; ``share``
    of all pixels that do; ``gain`` of the light; ``corrected`` is the frame in the empty scene's light.
    """

    mask: Luma
    sure: Luma
    share: float
    gain: float
    corrected: Luma


class MotionDetector:
    """Compares each frame with the background.

    Args:
        background: the empty scene.
        watched: (H, W) uint8, 0 where nothing shall be seen; None watches everything.
    """

    def __init__(self, background: Background, watched: Luma | None) -> None:
        self.background = background
        self._watched = watched
        self.noise = 1.5
        self._brightness = background.brightness
        self._until_learning = 0

    def see(self, frame: Luma) -> Motion:
        """Return what differs from the empty scene in ``frame``, (H, W) uint8."""
        gain = self.background.light.gain_of(frame)
        corrected = frame if abs(gain - 1) < GAIN_DEADBAND else opencv.scale_values(frame, 1 / gain)
        if self._brightness < LEAST_LIGHT * FULL_LIGHT:
            # What is dark differs by less than the grain: the mean of nine pixels shows a black car.
            # The empty scene needs none: its band holds every such mean already.
            corrected = opencv.softened_evenly(corrected, GRAIN_PX)
        low, high = self.background.band()
        difference = opencv.beyond(corrected, low, high)
        if self._watched is not None:
            difference = opencv.both(difference, self._watched)
        if self._until_learning == 0:
            noise = noise_between(corrected, self.background.picture)
            self._brightness = self.background.brightness
            self.noise += NOISE_WEIGHT * (noise - self.noise)
        # In the dark everything differs less.
        light = min(1.0, max(LEAST_LIGHT, self._brightness / FULL_LIGHT))
        mask = opencv.above(difference, max(LEAST_DIFFERENCE * light, NOISE_FACTOR * self.noise))
        sure = opencv.above(difference, max(SURE_DIFFERENCE * light, 2 * NOISE_FACTOR * self.noise))
        return Motion(mask, sure, opencv.count_set(sure) / mask.size, gain, corrected)

    def learn(self, motion: Motion, foreground: Luma) -> None:
        """Let the background follow, except under ``foreground``."""
        if self._until_learning == 0:
            self.background.update(motion.corrected, foreground, frames=LEARN_EVERY)
            self._until_learning = LEARN_EVERY
        self._until_learning -= 1
