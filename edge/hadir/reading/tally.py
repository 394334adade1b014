"""Counts how well a door reads, minute by minute, for the hub: no text, no person. Pure."""

from collections import Counter

import numpy as np

from edge.hadir.reading.decode import Reading
from edge.wire.records.bodies import DoorReading, PassCount

REPORT_EVERY_S = 60.0


class ReadingTally:
    """What one door saw in the minute at hand; times are monotonic seconds."""

    def __init__(self, door: str) -> None:
        self._door = door
        self._since_s: float | None = None
        self._begin()

    def note(self, reading: Reading, took_s: float) -> None:
        """Count one frame."""
        self._frames += 1
        if reading.is_skipped:
            return
        self._took_s.append(took_s)
        self._unreadable += reading.unreadable_share is not None
        if reading.texts:
            self._read += 1
            self._by_pass[reading.stage] += 1
        else:
            self._misses += reading.is_moving

    def due(self, now_s: float, *, is_reduced: bool) -> DoorReading | None:
        """Return the report when a minute is over; the first call begins one."""
        if self._since_s is None:
            self._since_s = now_s
        period_s = now_s - self._since_s
        if period_s < REPORT_EVERY_S:
            return None
        half, most = np.percentile(self._took_s, (50, 95)) if self._took_s else (0.0, 0.0)
        report = DoorReading(
            door=self._door,
            period_s=min(period_s, 3_600.0),
            frames=self._frames,
            looked_at=len(self._took_s),
            read=self._read,
            misses=self._misses,
            unreadable=self._unreadable,
            decode_p50_ms=round(float(half) * 1_000, 1),
            decode_p95_ms=round(float(most) * 1_000, 1),
            by_pass=tuple(PassCount(name=name, count=n) for name, n in sorted(self._by_pass.items())),
            is_reduced=is_reduced,
        )
        self._since_s = now_s
        self._begin()
        return report

    def _begin(self) -> None:
        self._frames = self._read = self._misses = self._unreadable = 0
        self._took_s: list[float] = []
        self._by_pass: Counter[str] = Counter()
