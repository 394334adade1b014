"""Which pixels show something that does not belong to the empty scene.

Luma -> gain correction -> difference to the selective background -> mask. Must not know objects.
"""

from dataclasses import dataclass

from edge import opencv
from edge.vision.background import GAIN_DEADBAND, Background, gain_between

Luma = opencv.Plane

LEAST_DIFFERENCE = 14.0
# Learning from every n-th frame is as good and a third of the cost.
LEARN_EVERY = 3


@dataclass(frozen=True, slots=True)
class Motion:
    """``mask`` (H, W) uint8, 255 where something is; ``share`` of all pixels; ``gain`` of the light."""

    mask: Luma
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
        self.threshold = LEAST_DIFFERENCE
        self._until_learning = 0

    def see(self, frame: Luma) -> Motion:
        """Return what differs from the empty scene in ``frame``, (H, W) uint8."""
        gain = gain_between(frame, self.background.picture)
        corrected = frame if abs(gain - 1) < GAIN_DEADBAND else opencv.scale_values(frame, 1 / gain)
        low, high = self.background.band()
        mask = opencv.above(opencv.beyond(corrected, low, high), self.threshold)
        if self._watched is not None:
            mask = opencv.both(mask, self._watched)
        return Motion(mask, opencv.count_set(mask) / mask.size, gain, corrected)

    def learn(self, motion: Motion, foreground: Luma) -> None:
        """Let the background follow, except under ``foreground``."""
        if self._until_learning == 0:
            self.background.update(motion.corrected, foreground, frames=LEARN_EVERY)
            self._until_learning = LEARN_EVERY
        self._until_learning -= 1
