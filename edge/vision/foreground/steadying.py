"""A camera that shakes: how far each frame is pushed against the empty scene, and back again.

Measured now and then, and on every frame once it shakes; a pixel either way is left to the
band of the background. Must not know objects.
"""

import math

from edge import opencv

Luma = opencv.Plane

LOOK_WIDTH_PX = 160
# Looked at this often while the camera is steady.
LOOK_EVERY_S = 1.0
# Pixels of the analysed picture from which on a camera shakes, and from which on it pays to undo that.
SHAKING_PX, STEADY_PX = 1.0, 0.5
# A shift is asked for again in the next frames; steadying goes on for so long after the last one.
SUSPECT_FRAMES, STEADY_S = 4, 6.0
# A correlation this poor, or a shift this long, is not the camera's shaking.
LEAST_RESPONSE = 0.15
MOST_SHARE = 0.06
# The edges of the empty scene, so many levels within a pixel, must differ by this factor less once the
# shift is undone. With fewer of them there is nothing that could be taken for something that moves.
EDGE_LEVELS, LEAST_EDGES = 24, 60
LEAST_BETTER = 0.85


class Steadying:
    """Moves frames back onto the empty scene.

    Args:
        frame_rate_hz: of the frames.
    """

    def __init__(self, frame_rate_hz: float) -> None:
        self._every = max(1, round(LOOK_EVERY_S * frame_rate_hz))
        self._steady_frames = max(1, round(STEADY_S * frame_rate_hz))
        self._until_look = 0
        self._shaking_frames = 0
        self._is_suspected = False
        self._shift_now = (0.0, 0.0)
        # How far the last frame that was looked at had to be moved; 0 when it was left alone.
        self.shift_px = 0.0

    def steady(self, frame: Luma, empty: Luma) -> Luma:
        """Return ``frame`` where it would be if the camera did not shake, both (H, W) uint8."""
        self._until_look -= 1
        if self._until_look > 0 and self._shaking_frames == 0:
            return frame
        if self._until_look <= 0:
            self._until_look, self._is_suspected = self._every, False
        self._shaking_frames = max(0, self._shaking_frames - 1)
        before = self._shift_now
        steadied = self._steadied(frame, empty)
        # What stays shifted by the same is a camera that was nudged: it does not shake.
        is_moving = math.dist(before, self._shift_now) >= SHAKING_PX / 2
        if self.shift_px >= SHAKING_PX and is_moving:
            # A single shift may be traffic; a camera that shakes is found shifted again and again.
            self._shaking_frames = self._steady_frames if self._is_suspected else SUSPECT_FRAMES
            self._is_suspected = True
        return steadied

    def _steadied(self, frame: Luma, empty: Luma) -> Luma:
        right, down = self._shift_now = self._shift(frame, empty)
        self.shift_px = 0.0
        if math.hypot(right, down) < (STEADY_PX if self._shaking_frames else SHAKING_PX):
            return frame
        steadied = opencv.shift(frame, -right, -down)
        # A person who fills the picture correlates too; the shift must make what stands agree.
        edges = opencv.above(
            opencv.subtract(opencv.dilate(empty, 3, 3), opencv.erode(empty, 3, 3)), EDGE_LEVELS
        )
        if opencv.count_set(edges) < LEAST_EDGES:
            return frame
        if _misfit(steadied, empty, edges) > LEAST_BETTER * _misfit(frame, empty, edges):
            return frame
        self.shift_px = math.hypot(right, down)
        return steadied

    def _shift(self, frame: Luma, empty: Luma) -> tuple[float, float]:
        factor = max(1, round(frame.shape[1] / LOOK_WIDTH_PX))
        right, down, response = opencv.shift_between(
            opencv.shrink_by(empty, factor), opencv.shrink_by(frame, factor)
        )
        right, down = factor * right, factor * down
        if response < LEAST_RESPONSE or math.hypot(right, down) > MOST_SHARE * frame.shape[1]:
            return 0.0, 0.0
        return right, down


def _misfit(frame: Luma, empty: Luma, edges: Luma) -> float:
    return opencv.mean_where(opencv.apart(frame, empty), edges)
