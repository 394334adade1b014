"""One view of a camera: what was learnt of it stays while the camera looks elsewhere.

Each visit counts for itself: what was half over a line when the camera turned away is not counted
when it comes back. Must not know where the camera looks.
"""

from dataclasses import replace

from edge import opencv
from edge.cameras.port import Luma
from edge.config import View
from edge.vision.analysis import SceneAnalysis, Seen
from edge.vision.stage import watched_area

# What was seen for less than this taught nothing.
LEAST_VISIT_S = 3.0
# Fine enough to tell whether masks leave anything to see.
_WIDE, _HIGH = 64, 36


class Outlook:
    """Analyses one view, visit after visit.

    Args:
        view: its lines, masks and scale.
        rate_hz: at which frames are analysed.
        empty: the empty scene as it was kept, if it was.
    """

    def __init__(self, view: View, *, rate_hz: float, empty: Luma | None = None) -> None:
        self.view = view
        self._rate_hz = rate_hz
        self._empty = empty
        self._scale = view.scale
        self._analysis: SceneAnalysis | None = None
        area = watched_area(view.masks, _WIDE, _HIGH)
        # The masks leave nothing to see: then no count can be trusted, least of all none.
        self.is_blind = area is not None and opencv.count_set(area) == 0
        self._from_s = self._until_s = 0.0

    def see(self, luma: Luma, pts_s: float) -> Seen:
        """Look at the next frame of this visit."""
        if self._analysis is None:
            self._analysis = SceneAnalysis(
                lines=self.view.lines,
                masks=self.view.masks,
                scale=self._scale,
                frame_rate_hz=self._rate_hz,
                empty=self._empty,
            )
            self._from_s = pts_s
        self._until_s = pts_s
        seen = self._analysis.see(luma, pts_s)
        return replace(seen, confidence=0.0) if self.is_blind else seen

    @property
    def background(self) -> Luma | None:
        """The empty scene as far as it is known, to be kept."""
        return None if self._analysis is None else self._analysis.background

    def finish(self) -> Seen | None:
        """Return what the analysis still held back, if anything."""
        return None if self._analysis is None else self._analysis.finish()

    def leave(self) -> Seen | None:
        """End the visit; return what the analysis still held back, if anything."""
        if self._analysis is None:
            return None
        analysis, self._analysis = self._analysis, None
        if analysis.background is None and self._until_s - self._from_s < LEAST_VISIT_S:
            return None
        left_over = analysis.finish()
        self._empty = analysis.background
        self._scale = self._scale or analysis.learnt_scale or 0.0
        return left_over
