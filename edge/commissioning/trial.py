"""Whether cameras can live with new settings: the pure decision. Time is given to it.

A camera that worked before and crashes or hangs now fails the trial. A camera that is unplugged
in the meantime does not: neither its address nor its password came with the settings.
"""

from enum import StrEnum

from edge.wire.records.bodies import CameraFault

# The slowest start (30 s), a second attempt, and the warm-up of the analysis.
TRIAL_S = 90.0
# One crash at work may be an accident; a start that fails is none.
MOST_LOSSES_AT_WORK = 1
# What settings can do to a worker; other faults lie in cable, address or password.
_OWN_FAULTS = frozenset({CameraFault.CRASHED, CameraFault.HUNG, CameraFault.FAILED, CameraFault.UNAVAILABLE})


class Verdict(StrEnum):
    """What is known of the new settings."""

    OPEN = "open"
    GOOD = "good"
    BAD = "bad"


class Trial:
    """The trial of one version.

    Args:
        cameras: Those that worked before and begin again.
        began_s: Now, by the monotonic clock.
    """

    def __init__(self, *, cameras: frozenset[str], began_s: float) -> None:
        self.cameras = cameras
        self._ends_at_s = began_s + TRIAL_S
        self._at_work: set[str] = set()
        self._losses: dict[str, int] = {}
        self._has_failed = False
        self.reason = ""

    def progressed(self, camera: str) -> None:
        """Note a sign of progress."""
        self._at_work.add(camera)

    def lost(self, camera: str, fault: CameraFault, detail: str) -> None:
        """Note that the worker of a camera ended by itself or had to be killed."""
        if camera not in self.cameras or fault not in _OWN_FAULTS:
            return
        losses = self._losses[camera] = self._losses.get(camera, 0) + 1
        if camera not in self._at_work or losses > MOST_LOSSES_AT_WORK:
            self._has_failed = True
            self.reason = f"{camera}: {fault}: {detail}"
        self._at_work.discard(camera)

    def verdict(self, now_s: float) -> Verdict:
        """Return what is known now."""
        if self._has_failed:
            return Verdict.BAD
        return Verdict.GOOD if now_s >= self._ends_at_s else Verdict.OPEN
