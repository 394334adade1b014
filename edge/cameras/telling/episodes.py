"""From the share of the picture in motion to episodes with a beginning and an end. Pure."""

from edge.wire.records.bodies import MotionEvent

# Measured on real street video: 0.0001-0.002 of the picture flickers while nothing happens;
# a person or a car covers 0.01 and more.
BEGINS_SHARE = 0.004
ENDS_SHARE = 0.002
# One thing that stands behind a pole for a moment is one episode, not two.
QUIET_S = 2.0
# Shorter than this is a bird or a reflection.
LEAST_S = 0.5
LONGEST_S = 60.0


class Episodes:
    """Follows the motion in front of one camera.

    Args:
        camera: id of the camera.
    """

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._began_s: float | None = None
        self._moved_s = 0.0
        self._peak = 0.0

    @property
    def is_lasting(self) -> bool:
        """Whether there is motion now that is no bird and no reflection."""
        return self._began_s is not None and self._moved_s - self._began_s >= LEAST_S

    def see(self, share: float, pts_s: float) -> MotionEvent | None:
        """Take the share of one frame; return an event when an episode, or a minute of it, is over.

        Args:
            share: 0..1 of the picture in motion.
            pts_s: the frame's time; only rises.
        """
        if self._began_s is None:
            if share >= BEGINS_SHARE:
                self._began_s, self._moved_s, self._peak = pts_s, pts_s, share
            return None
        if share >= ENDS_SHARE:
            self._moved_s, self._peak = pts_s, max(self._peak, share)
        if pts_s - self._moved_s >= QUIET_S:
            return self.end()
        if pts_s - self._began_s >= LONGEST_S:
            event = self._event(self._began_s)
            self._began_s, self._peak = pts_s, share
            return event
        return None

    def end(self) -> MotionEvent | None:
        """End the episode, if there is one, and return its event unless it was too short."""
        began_s, self._began_s = self._began_s, None
        if began_s is None or self._moved_s - began_s < LEAST_S:
            return None
        return self._event(began_s)

    def _event(self, began_s: float) -> MotionEvent:
        return MotionEvent(
            camera=self._camera, duration_s=self._moved_s - began_s, peak_share=min(self._peak, 1.0)
        )
