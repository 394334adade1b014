"""Which frames are analysed, and by what: the pictures' way into :mod:`edge.vision`.

Frames are thinned by their own time, so that a source of 25 frames a second costs what its
setting says. A new picture size starts the analysis afresh. Each view of a camera that turns has
an analysis of its own; while no view is before it, nothing is analysed.
"""

import logging
from collections.abc import Callable
from itertools import pairwise
from statistics import median

from edge.cameras.outlook import Outlook
from edge.cameras.pictures.condition import PictureCondition
from edge.cameras.port import Frame, Luma
from edge.cameras.telling.reporting import Sight
from edge.config import CameraSettings, View
from edge.ptz.gaze import OWN_VIEW, FixedGaze, Gaze
from edge.vision.analysis import Seen
from edge.vision.measures.meter import SceneMeter, is_measurable
from edge.wire.records.bodies import PictureState

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
        recall: gives the empty scene of a view as it was kept, if it was.
        gaze: knows which view is before the camera.
        condition: knows what its pictures look like when all is well.
    """

    def __init__(
        self,
        settings: CameraSettings,
        *,
        recall: Callable[[str], Luma | None] = lambda view: None,
        gaze: Gaze | None = None,
        condition: PictureCondition | None = None,
    ) -> None:
        self._settings = settings
        self._condition = condition or PictureCondition()
        self._recall = recall
        self._gaze = gaze or FixedGaze()
        self._views: dict[str, View] = {OWN_VIEW: settings, **{each.id: each for each in settings.presets}}
        self.rate_hz = settings.fps
        self._thinning = Thinning(settings.fps)
        self._size: tuple[int, ...] = ()
        self._first_pts_s: list[float] = []
        self._is_rate_known = False
        self._outlooks: dict[str, Outlook] = {}
        self._meter: SceneMeter | None = None
        self._motion_share = 0.0
        self.view_id: str | None = OWN_VIEW if self._gaze.answers is None else None
        """Which view is before the camera; None: it turns, or stands where nothing is drawn."""

    def look(self, frame: Frame) -> Sight:
        """Return what ``frame`` told; a frame that is thinned out tells only that it came."""
        self._condition.note(frame)
        if not self._thinning.wants(frame.pts_s):
            return Sight(seq=frame.seq, pts_s=frame.pts_s, view=self.view_id)
        left_over = self._begin_afresh(frame.luma.shape) if frame.luma.shape != self._size else None
        if not self._is_rate_known:
            self._learn_rate(frame.pts_s)
            return Sight(seq=frame.seq, pts_s=frame.pts_s, seen=left_over, view=self.view_id)
        view_id = self._gaze.see(frame.luma, frame.pts_s, motion_share=self._motion_share)
        if view_id != self.view_id and self.view_id is not None:
            # One frame at least lies between two views: so that nobody takes one for the other.
            left_over, view_id = self._turn_away(), None
        self.view_id = view_id
        picture = self._picture(frame)
        if view_id is None:
            return Sight(seq=frame.seq, pts_s=frame.pts_s, seen=left_over, picture=picture, view=None)
        seen = self._outlook(view_id).see(frame.luma, frame.pts_s)
        self._motion_share = seen.motion_share
        self._meter = self._meter or SceneMeter(self._settings.id, self._views[view_id])
        measured = self._meter.see(frame.luma, seen, frame.pts_s, is_good=is_measurable(picture))
        return Sight(
            seq=frame.seq, pts_s=frame.pts_s, seen=seen, picture=picture, view=view_id, measured=measured
        )

    @property
    def view(self) -> View | None:
        """What is drawn in the view before the camera; None when it is none."""
        return None if self.view_id is None else self._views[self.view_id]

    @property
    def background(self) -> Luma | None:
        """The empty scene before the camera as far as it is known, to be kept."""
        here = None if self.view_id is None else self._outlooks.get(self.view_id)
        return None if here is None else here.background

    def accept_picture(self) -> None:
        """From now on the picture of this view is good as it is."""
        self._condition.accept(self.view_id or OWN_VIEW)

    def finish(self) -> Seen | None:
        """Return what the analysis still held back, if anything."""
        here = None if self.view_id is None else self._outlooks.get(self.view_id)
        return None if here is None else here.finish()

    def _outlook(self, view_id: str) -> Outlook:
        if view_id not in self._outlooks:
            self._outlooks[view_id] = Outlook(
                self._views[view_id], rate_hz=self.rate_hz, empty=self._recall(view_id)
            )
            if self._outlooks[view_id].is_blind:
                logger.warning(
                    "%s: the masks cover the whole picture%s; nothing can be counted: make them smaller",
                    self._settings.id,
                    f" of {view_id}" if view_id else "",
                )
        return self._outlooks[view_id]

    def _turn_away(self) -> Seen | None:
        self._motion_share, self._meter = 0.0, None
        here = None if self.view_id is None else self._outlooks.get(self.view_id)
        return None if here is None else here.leave()

    def _picture(self, frame: Frame) -> PictureState | None:
        """Return what the picture is like, by the reference of its view."""
        # A camera that cannot say where it looks is watched all the same: perhaps somebody moved it.
        view_id = OWN_VIEW if self._gaze.answers is None else self.view_id
        if view_id is None:
            return None
        return self._condition.see(frame, view=view_id, rate_hz=self.rate_hz)

    def _begin_afresh(self, size: tuple[int, ...]) -> Seen | None:
        left_over = self.finish()
        if self._size:
            logger.warning(
                "%s: the picture is now %d x %d; the analysis starts afresh",
                self._settings.id,
                size[1],
                size[0],
            )
        self._size, self._first_pts_s, self._is_rate_known = size, [], False
        self._outlooks.clear()
        self._meter = None
        self._condition.begin_afresh()
        return left_over

    def _learn_rate(self, pts_s: float) -> None:
        self._first_pts_s.append(pts_s)
        if len(self._first_pts_s) < _RATE_FRAMES:
            return
        self.rate_hz = min(self._settings.fps, _rate_hz(self._first_pts_s))
        self._is_rate_known = True


def _rate_hz(pts_s: list[float]) -> float:
    """Return the rate of frames at ``pts_s``, in which one pause does not count."""
    steps_s = [after - before for before, after in pairwise(pts_s)]
    usual_s = [step_s for step_s in steps_s if step_s <= _PAUSE_STEPS * median(steps_s)]
    return len(usual_s) / sum(usual_s)
