"""The condition of a camera's pictures, view by view, remembered over restarts.

Must not know why a picture is bad, nor where the camera looks.
"""

from edge.cameras.pictures.kept_looks import KeptLooks
from edge.cameras.port import Frame
from edge.vision.health.references import References
from edge.vision.health.watch import PictureWatch
from edge.wire.records.bodies import PictureState

# What is learnt is worth the disk this often, in seconds of the source's time: the first time soon,
# at the end only after a while, as a camera that comes and goes restarts its worker all day.
KEEP_FIRST_S, KEEP_LAST_S, KEEP_EVERY_S = 90.0, 1800.0, 6 * 3600.0
LONGEST_STEP_S = 5.0


class PictureCondition:
    """Watches the pictures of one camera.

    Args:
        kept: where what good pictures look like is kept.
    """

    def __init__(self, kept: KeptLooks | None = None) -> None:
        self._kept = kept or KeptLooks(None)
        known = self._kept.load()
        self._references = References(known)
        self._is_known = bool(known)
        self._watches: dict[str, PictureWatch] = {}
        self._damaged = 0
        self._has_key = False
        self._pts_s: float | None = None
        # Watched since it was last written down.
        self._watched_s = 0.0

    def note(self, frame: Frame) -> None:
        """Take in what the decoder says of a frame; call it for every one, looked at or not."""
        self._damaged += frame.is_damaged
        self._has_key |= frame.is_key

    def see(self, frame: Frame, *, view: str, rate_hz: float) -> PictureState:
        """Look at a frame.

        Args:
            frame: in time with the others, at ``rate_hz``.
            view: which of its views the camera shows.
        """
        if view not in self._watches:
            self._watches[view] = PictureWatch(rate_hz, self._references, view=view)
        verdict = self._watches[view].see(
            frame.luma, frame.pts_s, damaged=self._damaged, is_key=self._has_key
        )
        self._damaged, self._has_key = 0, False
        step_s = 0.0 if self._pts_s is None else frame.pts_s - self._pts_s
        self._pts_s = frame.pts_s
        self._watched_s += step_s if 0 < step_s < LONGEST_STEP_S else 0
        self._keep_when(KEEP_EVERY_S)
        return verdict.state

    def accept(self, view: str) -> None:
        """Take the picture of a view as it is now for good."""
        self._references.forget(view)
        self._watches.pop(view, None)
        # What was good before is not to come back with a restart.
        self._kept.save(self._references.to_bytes())
        self._is_known, self._watched_s = False, 0.0

    def begin_afresh(self) -> None:
        """The stream is another one; what good pictures look like stays known."""
        self._watches.clear()

    def close(self) -> None:
        """Write down what was learnt, if it is worth that."""
        self._keep_when(KEEP_LAST_S)

    def _keep_when(self, after_s: float) -> None:
        if self._watched_s < (after_s if self._is_known else KEEP_FIRST_S):
            return
        self._is_known, self._watched_s = True, 0.0
        self._kept.save(self._references.to_bytes())
