"""The water level at a staff gauge, with its spread, or that it cannot be read and why.

Each sample passes a gate first: dark, covered or blurred pictures give no level at all. Must not
know where pictures come from.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.config import Gauge
from edge.vision.measures.homography import Matrix, homography
from edge.vision.measures.waterline import Strip, waterlines
from edge.wire.records.bodies import GaugeReading, GaugeState

SAMPLE_EVERY_S = 2.0
MOST_SAMPLES = 30
# Fewer say nothing of how far they agree; a first reading is made as soon as so many are there.
LEAST_SAMPLES = 10
# Share of the samples that must pass the gate, and of those in which the edge must stand out.
GOOD_SHARE, CLEAR_SHARE = 0.5, 0.5
# A spread beyond this share of the gauge is no level: waves as high say so themselves.
MOST_SPREAD_SHARE = 0.06
# A face darker, flatter or softer than this cannot be told from water; levels of luma.
LEAST_BRIGHTNESS, LEAST_CONTRAST, LEAST_DETAIL = 14.0, 24.0, 3.5
# A strip of more rows costs more and says no more.
MOST_ROWS, MOST_COLUMNS = 400, 64
LEAST_ROWS, LEAST_COLUMNS = 48, 8


@dataclass(frozen=True, slots=True)
class _Sample:
    pts_s: float
    strip: Strip | None


class GaugeReader:
    """Reads one gauge.

    Args:
        camera: Id, for the reading.
        gauge: Its corners in the picture and the readings at its ends.
    """

    def __init__(self, camera: str, gauge: Gauge) -> None:
        self._camera = camera
        self._gauge = gauge
        self._samples: deque[_Sample] = deque(maxlen=MOST_SAMPLES)
        self._size: tuple[int, ...] = ()
        self._matrix: Matrix | None = None
        self._strip_px = (0, 0)

    @property
    def samples(self) -> int:
        """How many samples are there, good or not."""
        return len(self._samples)

    def is_due(self, pts_s: float) -> bool:
        """Return whether a sample is due at the source's own time."""
        return not self._samples or not 0 <= pts_s - self._samples[-1].pts_s < SAMPLE_EVERY_S

    def see(self, raw: opencv.Plane, pts_s: float, *, is_good: bool = True) -> None:
        """Take a sample.

        Args:
            raw: (H, W) uint8, the whole picture in all its size.
            pts_s: Of the frame.
            is_good: Whether the picture is one at all: not black, frozen, covered or moved.
        """
        strip = self.face_of(raw) if is_good else None
        if strip is not None and not is_readable(strip):
            strip = None
        self._samples.append(_Sample(pts_s, strip))

    def read(self) -> GaugeReading:
        """Return what the samples of the last minute say together."""
        strips = [sample.strip for sample in self._samples if sample.strip is not None]
        if len(strips) < max(LEAST_SAMPLES / 2, GOOD_SHARE * len(self._samples)):
            return self._unread(GaugeState.BAD_PICTURE)
        rows = waterlines(strips)
        if len(rows) < CLEAR_SHARE * len(strips):
            return self._unread(GaugeState.UNCLEAR)
        levels = [self._level_m(row) for row in rows]
        level_m = float(np.median(levels))
        # Half of the middle two thirds: as wide as a standard deviation, and honest of two heaps.
        low_m, high_m = np.percentile(levels, (16, 84)).tolist()
        spread_m = (high_m - low_m) / 2
        # No single row is seen better than itself.
        spread_m = max(spread_m, self._span_m / self._strip_px[1])
        if spread_m > MOST_SPREAD_SHARE * self._span_m:
            return self._unread(GaugeState.UNCLEAR)
        return GaugeReading(
            camera=self._camera,
            gauge=self._gauge.id,
            state=GaugeState.READ,
            samples=len(rows),
            level_m=round(level_m, 3),
            spread_m=round(spread_m, 3),
        )

    def face_of(self, raw: opencv.Plane) -> Strip:
        """Return the face as it would be seen from straight before it, (rows, columns) uint8."""
        if raw.shape != self._size or self._matrix is None:
            self._measure(raw.shape)
        assert self._matrix is not None
        return opencv.projected(raw, self._matrix, *self._strip_px)

    @property
    def _span_m(self) -> float:
        return self._gauge.top_m - self._gauge.bottom_m

    def _unread(self, state: GaugeState) -> GaugeReading:
        return GaugeReading(
            camera=self._camera, gauge=self._gauge.id, state=state, samples=len(self._samples)
        )

    def _level_m(self, row: float) -> float:
        return self._gauge.top_m - self._span_m * row / self._strip_px[1]

    def _measure(self, shape: tuple[int, ...]) -> None:
        """Fix the strip for pictures of this size; what was sampled at another is of no use."""
        height, width = shape[:2]
        self._size = shape
        self._samples.clear()
        corners = [(x * width, y * height) for x, y in self._gauge.corners]
        top_left, top_right, bottom_right, bottom_left = corners
        rows = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right))
        columns = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right))
        across = round(min(MOST_COLUMNS, max(LEAST_COLUMNS, columns)))
        down = round(min(MOST_ROWS, max(LEAST_ROWS, rows)))
        self._strip_px = (across, down)
        self._matrix = homography(corners, [(0, 0), (across, 0), (across, down), (0, down)])


def is_readable(strip: Strip) -> bool:
    """Return whether a face is bright, rich and sharp enough that marks can be told from water."""
    low, high = np.percentile(strip, (5, 95))
    if high < LEAST_BRIGHTNESS or high - low < LEAST_CONTRAST:
        return False
    across = np.abs(np.diff(strip.astype(np.float32), axis=1)).mean(axis=1)
    # Of the sharpest rows: most of the face may be under water.
    return float(np.percentile(across, 92)) >= LEAST_DETAIL


def _distance(first: Sequence[float], second: Sequence[float]) -> float:
    return float(np.hypot(first[0] - second[0], first[1] - second[1]))
