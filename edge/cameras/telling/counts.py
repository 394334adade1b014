"""Crossings of one period, and since the worker began, as the record that says so. Pure.

How a reader tells a lost record from a restart: ``forward_total`` grows by exactly ``forward``
from record to record of a worker. A worker that was started again (or a reboot, seen by the
boot id) begins at zero, so in its first record ``forward_total == forward``. The count of a day
is the sum of the periods; the totals are the proof that none is missing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from edge.vision.counting.lines import Crossing
from edge.wire.records.bodies import CameraCounts, LineCount


class Counting:
    """Adds up what the analysis saw.

    Args:
        camera: id of the camera.
        lines: ids of its lines; each is reported, also when nothing crossed it.
        preset: whose lines they are, of a camera that turns.
    """

    def __init__(self, *, camera: str, lines: Sequence[str], preset: str | None = None) -> None:
        self._camera = camera
        self._lines = lines
        self._preset = preset
        self._totals: Counter[tuple[str, bool]] = Counter()
        self._empty()

    def _empty(self) -> None:
        self._period: Counter[tuple[str, bool]] = Counter()
        self._frames = 0
        self._received = 0
        self._missing = 0
        self._suspended_s = 0.0
        self._motion = 0.0
        self._confidence = 0.0

    def received(self, *, missing: int) -> None:
        """Note a frame of the source, and how many before it were skipped or lost."""
        self._received += 1
        self._missing += missing

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was looked at in this period."""
        return not self._frames and not self._period

    def turn_to(self, preset: str | None, lines: Sequence[str]) -> None:
        """Count on the lines of another preset from now on; the period was closed before."""
        self._preset, self._lines = preset, lines

    def suspended(self, seconds: float) -> None:
        """Note that nothing was counted for so long."""
        self._suspended_s += seconds

    def analysed(self, *, motion_share: float, confidence: float) -> None:
        """Note a frame that was analysed."""
        self._frames += 1
        self._motion += motion_share
        self._confidence += confidence

    def crossed(self, crossings: Iterable[Crossing]) -> None:
        """Note what crossed a line."""
        self._period.update((crossing.line, crossing.is_forward) for crossing in crossings)

    def close(self, period_s: float) -> CameraCounts | None:
        """Return the record of the period that ends now, and begin the next one.

        Args:
            period_s: how long the period was, in seconds.

        Returns:
            None when nothing was looked at.
        """
        if self.is_untouched and not self._suspended_s:
            return None
        period_s = min(max(period_s, 0.001), 3600.0)
        self._totals.update(self._period)
        frames = max(self._frames, 1)
        counts = CameraCounts(
            camera=self._camera,
            period_s=period_s,
            frames=self._frames,
            lines=tuple(map(self._line, self._lines)),
            motion_share=_share(self._motion / frames),
            # What was not seen was not counted: skipped frames lower the trust in the number.
            confidence=_share(self._confidence / frames * self._seen_share()),
            skipped=self._missing,
            suspended_s=round(min(self._suspended_s, period_s), 3),
            preset=self._preset,
        )
        self._empty()
        return counts

    def _seen_share(self) -> float:
        return self._received / max(self._received + self._missing, 1)

    def _line(self, line: str) -> LineCount:
        return LineCount(
            line=line,
            forward=self._period[line, True],
            backward=self._period[line, False],
            forward_total=self._totals[line, True],
            backward_total=self._totals[line, False],
        )


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
