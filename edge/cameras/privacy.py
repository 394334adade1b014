"""Privacy of a camera that turns: its masks are drawn for one view, and must never lie beside their place.

What leaves the device is held until the camera has said, after the picture was taken, that it
still stands there. Must not draw.
"""

from edge.config import CameraSettings, View
from edge.ptz.gaze import Gaze
from edge.supervision.messages import StillTaken

# The first answer after a still may have been asked before it.
ANSWERS_AFTER_STILL = 2


def has_masks(settings: CameraSettings) -> bool:
    """Tell whether privacy masks are drawn in any view of a camera."""
    views: tuple[View, ...] = (settings, *settings.presets)
    return any(view.privacy_masks for view in views)


class StillGate:
    """Lets stills out: at once, or when it is sure where the camera looked.

    Args:
        settings: of the camera.
        gaze: knows where it looks, if it can turn.
    """

    def __init__(self, settings: CameraSettings, gaze: Gaze | None) -> None:
        self._has_masks = has_masks(settings)
        self._gaze = gaze
        self._held: tuple[StillTaken, str, int] | None = None

    def may_show(self, view: str | None) -> bool:
        """Tell whether a picture of this view, masked, may be seen at all."""
        return view is not None or not self._has_masks

    def take(self, still: StillTaken, view: str | None) -> list[StillTaken]:
        """Return what may leave now, of a still that was just taken of this view."""
        if not self.may_show(view):
            return []
        answers = None if self._gaze is None else self._gaze.answers
        if answers is None or not self._has_masks or view is None:
            return [still]
        # One that waits already is nearer to being sure.
        self._held = self._held or (still, view, answers)
        return []

    def waited(self, view: str | None) -> list[StillTaken]:
        """Return what may leave now, of what was held; ``view`` is before the camera now."""
        if self._held is None:
            return []
        still, taken_of, answers = self._held
        now = self._gaze.answers if self._gaze is not None else None
        if view != taken_of:
            self._held = None
        elif now is not None and now >= answers + ANSWERS_AFTER_STILL:
            self._held = None
            return [still]
        return []
