"""Is the picture a picture: black, frozen, covered, defocused or moved?

Looks once a second at 160 pixels' width. Must not know why: :mod:`edge.health.diagnosis` does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.wire.bodies import PictureState as State

Luma = opencv.Plane

SAMPLE_EVERY_S = 1.0
LOOK_WIDTH_PX = 160
# N of M: so many of the last samples must agree before a state is believed, or left.
CONFIRM_SAMPLES, WINDOW_SAMPLES = 6, 8
FROZEN_S, FROZEN_NIGHT_S = 10.0, 20.0


@dataclass(frozen=True, slots=True)
class PictureState:
    """What the picture is like, and the numbers behind it.

    ``state`` is the confirmed one; ``is_changed`` is true in the one call in which it changed.
    ``brightness`` 0..255, ``contrast`` its spread, ``sharpness`` the detail quotient,
    ``edges_kept`` the share of the reference's edges still there, ``shift_px`` (at 160 wide).
    """

    state: State
    is_changed: bool = False
    brightness: float = 0.0
    contrast: float = 0.0
    sharpness: float = 0.0
    edges_kept: float = 1.0
    shift_px: float = 0.0


class PictureWatch:
    """Watches the picture of one camera.

    Args:
        frame_rate_hz: nominal rate of the frames given to :meth:`see`.
    """

    def __init__(self, frame_rate_hz: float) -> None:
        self._rate_hz = frame_rate_hz
        self._next_s = float("-inf")
        self._last = PictureState(State.GOOD)
        self._before: NDArray[np.uint8] | None = None
        self._same_since_s = 0.0
        self._votes: list[State] = []

    def see(self, luma: Luma, pts_s: float) -> PictureState:
        """Look at the next frame; most calls only return the last verdict.

        Args:
            luma: (H, W) uint8.
            pts_s: the frame's own time in seconds.
        """
        if self._next_s - SAMPLE_EVERY_S <= pts_s < self._next_s:
            self._last = PictureState(self._last.state, False, self._last.brightness, self._last.contrast)
            return self._last
        self._next_s = pts_s + SAMPLE_EVERY_S
        look = opencv.shrink_by(luma, max(1, round(luma.shape[1] / LOOK_WIDTH_PX)))
        brightness, contrast = opencv.mean_and_spread(look)
        state = State.GOOD
        if brightness < 24 and contrast < 2.5:
            state = State.BLACK
        elif self._frozen_for(look, pts_s) >= FROZEN_S:
            state = State.FROZEN
        self._votes = [*self._votes[-(WINDOW_SAMPLES - 1) :], state]
        confirmed = self._last.state
        if state is State.FROZEN or self._votes.count(state) >= CONFIRM_SAMPLES:
            confirmed = state
        self._last = PictureState(confirmed, confirmed is not self._last.state, brightness, contrast)
        return self._last

    def _frozen_for(self, look: Luma, pts_s: float) -> float:
        if self._before is None or not np.array_equal(self._before, look):
            self._same_since_s = pts_s
        self._before = look.copy()
        return pts_s - self._same_since_s
