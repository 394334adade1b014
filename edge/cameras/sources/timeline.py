"""Time of a source, made fit for use: steady timestamps, and how far we have fallen behind.

Pure: clocks come in as numbers. Cameras restart their clocks, files start again at zero, MJPEG
has no clock at all; what analyses the frames must see time that only goes forward.
"""

# A longer pause than this is a clock that was set, not a picture that was late.
MAX_STEP_S = 10.0
DEFAULT_STEP_S = 0.04


class Timeline:
    """Turns a source's timestamps into seconds that only rise.

    Args:
        step_s: the distance of two frames until the source has shown its own.
    """

    def __init__(self, *, step_s: float = DEFAULT_STEP_S) -> None:
        self._step_s = step_s
        self._raw_s: float | None = None
        self._placed_s: float | None = None
        self.jumps = 0

    def place(self, raw_s: float | None) -> float:
        """Return the steady time of the next frame, in seconds.

        Args:
            raw_s: what the source says; ``None`` when it says nothing.
        """
        placed_s = self._next(raw_s)
        self._raw_s = raw_s
        self._placed_s = placed_s
        return placed_s

    def _next(self, raw_s: float | None) -> float:
        if self._placed_s is None:
            return raw_s or 0.0
        if raw_s is None or self._raw_s is None:
            return self._placed_s + self._step_s
        step_s = raw_s - self._raw_s
        if 0 < step_s <= MAX_STEP_S:
            self._step_s = min(step_s, 1.0)
            return self._placed_s + step_s
        self.jumps += 1
        return self._placed_s + self._step_s


class Lag:
    """How many seconds the frames we get now are older than the freshest we got.

    Timestamps alone cannot tell: cheap cameras count time wrongly. But whoever had to wait for
    a frame is not behind, so waiting begins the measurement anew.
    """

    def __init__(self) -> None:
        self._least_s: float | None = None

    def of(self, pts_s: float, now_s: float, *, has_waited: bool = False) -> float:
        """Return the lag in seconds, never below zero.

        Args:
            pts_s: the steady time of the packet that just arrived.
            now_s: a monotonic clock.
            has_waited: the packet was not there yet when it was asked for.
        """
        offset_s = now_s - pts_s
        if self._least_s is None or has_waited:
            self._least_s = offset_s
        self._least_s = min(offset_s, self._least_s)
        return offset_s - self._least_s
