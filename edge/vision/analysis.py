"""The whole of seeing: luma in, crossings out.

Must not know cameras, files or clocks: time comes in with each frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.config import Line, Polygon
from edge.vision.background import Background, median_of, start_of
from edge.vision.blobs import NO_REGIONS, clean_mask, find_regions
from edge.vision.lines import Crossing, LineCounter
from edge.vision.motion import Motion, MotionDetector
from edge.vision.scale import DEFAULT_SMALLEST, SMALLEST_SHARE, ScaleLearner, SceneScale
from edge.vision.stillness import StillWatch, box_px
from edge.vision.stills import polygon_px
from edge.vision.tracker import Tracker
from edge.vision.tracks import Track

__all__ = ["Crossing", "SceneAnalysis", "Seen", "SeenTrack"]

Luma = opencv.Plane

ANALYSIS_WIDTH_PX = 320
CLOSE_UP_WIDTH_PX = 160
# A typical thing larger than this share of the height makes the scene a close-up.
CLOSE_UP_SHARE = 0.4
# Frames of the first seconds are held back until the empty scene and the scale are known.
WARM_UP_S = 12.0
CLEAN_START_SAMPLES = 41


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """One thing for the overlay; centre and size as fractions of the picture."""

    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What one frame told.

    ``crossings`` became certain with this frame (their own times may lie some frames back, and
    those of the warm-up come together at its end); ``motion_share`` of the picture is in motion;
    ``confidence`` 0..1 says how far counts of this moment can be trusted.
    """

    crossings: tuple[Crossing, ...]
    motion_share: float
    confidence: float
    tracks: tuple[SeenTrack, ...]


NOTHING = Seen((), 0.0, 0.0, ())


class SceneAnalysis:
    """Counts what crosses the lines of one camera.

    Args:
        lines: where to count.
        masks: polygons (fractions) in which nothing shall be seen.
        scale: size of the smallest thing that counts, as a fraction of the picture's height;
            0 learns it from the first things that move.
        frame_rate_hz: nominal rate of the frames given to :meth:`see`.
        empty: the empty scene as :attr:`background` gave it once; used if it is still this scene.
    """

    def __init__(
        self,
        *,
        lines: tuple[Line, ...],
        masks: tuple[Polygon, ...],
        scale: float,
        frame_rate_hz: float,
        empty: Luma | None = None,
    ) -> None:
        self._empty = empty
        self.learnt_scale: float | None = None
        self._lines = lines
        self._masks = masks
        self._scale = scale
        self._rate_hz = frame_rate_hz
        self._held: list[tuple[Luma, float, int]] = []
        self._seq = 0
        self._stage: _Stage | None = None
        self._factor = 0

    @property
    def background(self) -> Luma | None:
        """The empty scene as (H, W) uint8 of the analysed size, to be kept over restarts; None = not yet."""
        return None if self._stage is None else self._stage.detector.background.picture

    def see(self, luma: Luma, pts_s: float) -> Seen:
        """Look at the next frame.

        Args:
            luma: (H, W) uint8 of the whole picture, always of one size.
            pts_s: the frame's own time in seconds.
        """
        self._factor = self._factor or max(1, round(luma.shape[1] / ANALYSIS_WIDTH_PX))
        frame = opencv.shrink_by(luma, self._factor)
        seq, self._seq = self._seq, self._seq + 1
        if self._stage is not None:
            return self._stage.see(self._fit(frame), pts_s, seq)
        self._held.append((frame.copy(), pts_s, seq))
        if len(self._held) < WARM_UP_S * self._rate_hz:
            return NOTHING
        return self.finish()

    def finish(self) -> Seen:
        """End the warm-up now, if it still lasts, and return what the frames held back tell."""
        if self._stage is not None or not self._held:
            return NOTHING
        start = median_of(_spread([frame for frame, _, _ in self._held]))
        smallest = self._scale or self._learn_scale(start)
        self._extra = 2 if smallest / SMALLEST_SHARE > CLOSE_UP_SHARE else 1
        start = start_of(self._fit(start), self._empty)
        self._stage = _Stage(self._lines, self._masks, smallest * start.shape[0], start, self._rate_hz)
        held, self._held = self._held, []
        seen = [self._stage.see(self._fit(frame), pts_s, seq) for frame, pts_s, seq in held]
        crossings = tuple(crossing for each in seen for crossing in each.crossings)
        return Seen(crossings, seen[-1].motion_share, seen[-1].confidence, seen[-1].tracks)

    def _fit(self, frame: Luma) -> Luma:
        return opencv.shrink_by(frame, self._extra)

    def _learn_scale(self, start: Luma) -> float:
        height, width = start.shape
        detector = MotionDetector(Background(start, frame_rate_hz=self._rate_hz), None)
        scale = SceneScale(DEFAULT_SMALLEST * height)
        counters = [LineCounter(line, width_px=width, height_px=height) for line in self._lines]
        learner = ScaleLearner()
        for frame, _, _ in self._held[:: max(1, round(self._rate_hz / 5))]:
            motion = detector.see(frame)
            mask = clean_mask(motion.mask, scale)
            for blob in find_regions(mask, motion.sure, least_area_px=scale.least_area_px).blobs:
                if not counters or any(c.is_near(blob) for c in counters):
                    learner.add((blob.width * blob.height) ** 0.5, blob.area)
        typical = learner.typical_px() if learner.samples >= 3 else 0.0
        if not typical:
            return DEFAULT_SMALLEST
        self.learnt_scale = SMALLEST_SHARE * typical / height
        return self.learnt_scale


def _spread(frames: Sequence[Luma]) -> list[Luma]:
    step = max(1, len(frames) // CLEAN_START_SAMPLES)
    return list(frames[::step])


class _Stage:
    """The pipeline once the empty scene and the scale are known."""

    def __init__(
        self,
        lines: tuple[Line, ...],
        masks: tuple[Polygon, ...],
        smallest_px: float,
        start: Luma,
        rate_hz: float,
    ) -> None:
        height, width = start.shape
        self._size = (width, height)
        self.scale = SceneScale(smallest_px)
        self.detector = MotionDetector(
            Background(start, frame_rate_hz=rate_hz), watched_area(masks, width, height)
        )
        self._tracker = Tracker(frame_rate_hz=rate_hz, typical_px=self.scale.typical_px)
        self._still = StillWatch(rate_hz)
        self._counters = [LineCounter(line, width_px=width, height_px=height) for line in lines]

    def see(self, frame: Luma, pts_s: float, seq: int) -> Seen:
        motion = self.detector.see(frame)
        mask = clean_mask(motion.mask, self.scale)
        regions = NO_REGIONS
        if motion.share > 0:
            regions = find_regions(mask, motion.sure, least_area_px=self.scale.least_area_px)
        self.detector.learn(motion, mask)
        tracks = self._tracker.step(regions)
        self._absorb(motion, mask, self._still.see(motion.corrected, tracks))
        crossings = [
            crossing
            for counter in self._counters
            for crossing in counter.see(self._tracker.tracks, pts_s=pts_s, seq=seq)
        ]
        return Seen(tuple(crossings), motion.share, 1.0, tuple(map(self._shown, tracks)))

    def _absorb(self, motion: Motion, mask: Luma, tracks: Sequence[Track]) -> None:
        """Make what has come to stay a part of the empty scene."""
        if not tracks:
            return
        where = np.zeros_like(mask)
        for track in tracks:
            box = box_px(track, mask.shape, margin=2)
            where[box] = mask[box]
        self.detector.background.absorb(motion.corrected, where)
        self._tracker.drop(tracks)

    def _shown(self, track: Track) -> SeenTrack:
        width, height = self._size
        return SeenTrack(
            track.number, track.x / width, track.y / height, track.width / width, track.height / height
        )


def watched_area(masks: Sequence[Polygon], width_px: int, height_px: int) -> Luma | None:
    """Return (H, W) uint8, 0 under the masks and 255 elsewhere; None without masks."""
    if not masks:
        return None
    area = np.full((height_px, width_px), 255, np.uint8)
    for mask in masks:
        opencv.fill(area, polygon_px(mask, width_px, height_px), (0,))
    return area
