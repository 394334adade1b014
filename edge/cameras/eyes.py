"""Which frames are analysed, and by what: the pictures' way into :mod:`edge.vision`.

Frames are thinned by their own time, so that a source of 25 frames a second costs what its
setting says. A new picture size starts the analysis afresh.
"""

import logging
from itertools import pairwise
from statistics import median

from edge.cameras.port import Frame, Luma
from edge.cameras.reporting import Sight
from edge.config import CameraSettings
from edge.vision.analysis import SceneAnalysis, Seen
from edge.vision.integrity import PictureWatch

logger = logging.getLogger(__name__)

# Timestamps tremble; a frame this share of a step too early is still the one that is due.
_EARLY_SHARE = 0.2
# So many thinned frames tell the rate of the source; they are not analysed.
_RATE_FRAMES = 6
_PAUSE_STEPS = 2.5


class Thinning:
    """Picks frames so that there are at most ``fps`` of them a second of their own time."""

    def __init__(self, fps: float) -> None:
        self._step_s = 1 / fps
        self._due_s: float | None = None

    def wants(self, pts_s: float) -> bool:
        """Return whether the frame at ``pts_s`` is to be looked at."""
        if self._due_s is None or pts_s - self._due_s > self._step_s:
            self._due_s = pts_s
        if pts_s < self._due_s - _EARLY_SHARE * self._step_s:
            return False
        self._due_s += self._step_s
        return True


class Eyes:
    """Looks at the frames of one camera.

    Args:
        settings: of the camera.
        empty: the empty scene as it was kept, if it was.
    """

    def __init__(self, settings: CameraSettings, empty: Luma | None = None) -> None:
        self._settings = settings
        self._empty = empty
        self.rate_hz = settings.fps
        self._thinning = Thinning(settings.fps)
        self._size: tuple[int, ...] = ()
        self._first_pts_s: list[float] = []
        self._analysis: SceneAnalysis | None = None
        self._watch: PictureWatch | None = None

    def look(self, frame: Frame) -> Sight:
        """Return what ``frame`` told; a frame that is thinned out tells only that it came."""
        if not self._thinning.wants(frame.pts_s):
            return Sight(seq=frame.seq, pts_s=frame.pts_s)
        left_over = self._begin_afresh(frame.luma.shape) if frame.luma.shape != self._size else None
        if self._analysis is None or self._watch is None:
            self._learn_rate(frame.pts_s)
            return Sight(seq=frame.seq, pts_s=frame.pts_s, seen=left_over)
        return Sight(
            seq=frame.seq,
            pts_s=frame.pts_s,
            seen=self._analysis.see(frame.luma, frame.pts_s),
            picture=self._watch.see(frame.luma, frame.pts_s).state,
        )

    @property
    def background(self) -> Luma | None:
        """The empty scene as far as it is known, to be kept."""
        return None if self._analysis is None else self._analysis.background

    def finish(self) -> Seen | None:
        """Return what the analysis still held back, if anything."""
        return None if self._analysis is None else self._analysis.finish()

    def _begin_afresh(self, size: tuple[int, ...]) -> Seen | None:
        left_over = self.finish()
        if self._size:
            logger.warning(
                "%s: the picture is now %d x %d; the analysis starts afresh",
                self._settings.id,
                size[1],
                size[0],
            )
        self._size, self._first_pts_s = size, []
        self._analysis = self._watch = None
        return left_over

    def _learn_rate(self, pts_s: float) -> None:
        self._first_pts_s.append(pts_s)
        if len(self._first_pts_s) < _RATE_FRAMES:
            return
        rate_hz = self.rate_hz = min(self._settings.fps, _rate_hz(self._first_pts_s))
        self._analysis = SceneAnalysis(
            lines=self._settings.lines,
            masks=self._settings.masks,
            scale=self._settings.scale,
            frame_rate_hz=rate_hz,
            empty=self._empty,
        )
        self._watch = PictureWatch(rate_hz)


def _rate_hz(pts_s: list[float]) -> float:
    """Return the rate of frames at ``pts_s``, in which one pause does not count."""
    steps_s = [after - before for before, after in pairwise(pts_s)]
    usual_s = [step_s for step_s in steps_s if step_s <= _PAUSE_STEPS * median(steps_s)]
    return len(usual_s) / sum(usual_s)
