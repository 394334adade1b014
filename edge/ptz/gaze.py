"""Which view of a camera is before it now, from what it says by ONVIF and what the picture shows.

Whoever counts asks for each frame; None means: it turns, or stands where nothing is drawn. Must
not ask the camera itself: a :class:`Lookout` does.
"""

from collections.abc import Sequence
from typing import Protocol

from edge import opencv
from edge.config import CameraSettings, Preset
from edge.ptz.lookout import Heard
from edge.ptz.port import Position
from edge.ptz.shift import ShiftWatch

Luma = opencv.Plane

# The id of the view that the camera's own keys describe.
OWN_VIEW = ""
# In the generic spaces: a dome of 350 degrees comes back to within a tenth of a degree; this is one.
PAN_TOLERANCE, ZOOM_TOLERANCE = 0.006, 0.01
# The first answer after the picture moved may have been asked before.
ANSWERS_AFTER_SHIFT = 2
# A camera that does not say where it looks is believed to stand again after this long.
QUIET_S = 3.0
# Only when so much of the picture moves is a camera suspected of turning that cannot say so.
SUSPICIOUS_SHARE = 0.2


class Sayings(Protocol):
    """Where the last words of a camera are found; :class:`edge.ptz.lookout.Lookout` is one."""

    @property
    def heard(self) -> Heard | None:
        """What the camera said last."""
        ...


class Gaze(Protocol):
    """Says where a camera looks."""

    def see(self, luma: Luma, pts_s: float, *, motion_share: float) -> str | None:
        """Return the id of the view that this frame shows; None when it is none.

        Args:
            luma: (H, W) uint8.
            pts_s: the frame's own time.
            motion_share: of the picture, in the frame before.
        """
        ...

    @property
    def answers(self) -> int | None:
        """How often the camera has said where it looks; None when it cannot."""
        ...


class FixedGaze:
    """Of a camera that cannot say where it looks: one view, but not while the picture moves."""

    answers: int | None = None

    def __init__(self) -> None:
        self._shift = ShiftWatch()
        self._is_compared = False
        self._away_since_s: float | None = None

    def see(self, luma: Luma, pts_s: float, *, motion_share: float) -> str | None:
        """Return the only view, or None while the whole picture moves."""
        if self._away_since_s is not None:
            return self._waited(luma, pts_s)
        if motion_share < SUSPICIOUS_SHARE:
            self._is_compared = False
            return OWN_VIEW
        if not self._is_compared:
            self._is_compared = True
            self._shift.begin(luma, pts_s)
        if not self._shift.is_shifted(luma, pts_s):
            return OWN_VIEW
        self._away_since_s = pts_s
        self._shift.begin(luma, pts_s)
        return None

    def _waited(self, luma: Luma, pts_s: float) -> str | None:
        assert self._away_since_s is not None, "only asked while away"
        if self._shift.is_shifted(luma, pts_s):
            self._shift.begin(luma, pts_s)
            self._away_since_s = pts_s
        # A source whose time jumped back does not wait for the old time to come.
        if 0 <= pts_s - self._away_since_s < QUIET_S:
            return None
        self._away_since_s, self._is_compared = None, False
        return OWN_VIEW


class TurningGaze:
    """Of a camera that says by ONVIF where it looks.

    Args:
        presets: whose views are drawn; without any, the camera's own view holds wherever it stands.
        sayings: what the camera said last.
    """

    def __init__(self, presets: Sequence[Preset], sayings: Sayings) -> None:
        self._presets = presets
        self._sayings = sayings
        self._shift = ShiftWatch()
        self._view: str | None = None
        self._before: Position | None = None
        self._number = 0
        self._trusted_from = 0
        self._said: str | None = None

    @property
    def answers(self) -> int | None:
        """How often the camera has said where it looks."""
        heard = self._sayings.heard
        return 0 if heard is None else heard.number

    def see(self, luma: Luma, pts_s: float, *, motion_share: float) -> str | None:
        """Return the view at whose preset the camera stands and the picture is still."""
        heard = self._sayings.heard
        if heard is None:
            return None
        if heard.number != self._number:
            self._number = heard.number
            self._said = self._standing(heard)
        if self._view is not None and self._shift.is_shifted(luma, pts_s):
            self._trusted_from = heard.number + ANSWERS_AFTER_SHIFT
        view = self._said if heard.number >= self._trusted_from else None
        if view != self._view:
            self._view = view
            self._shift.begin(luma, pts_s)
        return view

    def _standing(self, heard: Heard) -> str | None:
        position, before = heard.pose.position, self._before
        self._before = position
        is_moving = heard.pose.is_moving
        if is_moving is None:
            # Many cameras do not say: two equal positions in a row are standing.
            is_moving = position is None or before is None or not _is_near(position, before)
        if is_moving:
            return None
        return view_at(self._presets, heard) if self._presets else OWN_VIEW


def view_at(presets: Sequence[Preset], heard: Heard) -> str | None:
    """Return the id of the preset at whose place a camera is; None when it is none of them."""
    position = heard.pose.position
    if position is None:
        return None
    ids = {preset.token: preset.id for preset in presets}
    near = [
        (_distance(position, preset.position), ids[preset.token])
        for preset in heard.presets
        if preset.token in ids and preset.position and _is_near(position, preset.position)
    ]
    return min(near)[1] if near else None


def gaze_of(settings: CameraSettings, sayings: Sayings | None) -> Gaze:
    """Return the gaze of a camera; ``sayings`` is None for one that has no ONVIF."""
    return FixedGaze() if sayings is None else TurningGaze(settings.presets, sayings)


def _is_near(one: Position, other: Position) -> bool:
    return _distance(one, other) <= PAN_TOLERANCE and abs(one.zoom - other.zoom) <= ZOOM_TOLERANCE


def _distance(one: Position, other: Position) -> float:
    return max(abs(one.pan - other.pan), abs(one.tilt - other.tilt))
