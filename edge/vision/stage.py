"""The pipeline of one scene once its empty picture and its scale are known.

Mask, regions, tracks, lines, and what came to stay. Must not know the whole picture's size or
where frames come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.config import Line, Polygon
from edge.vision.counting.confidence import Confidence
from edge.vision.counting.lines import Crossing, LineCounter
from edge.vision.foreground.background import Background
from edge.vision.foreground.lamps import beams
from edge.vision.foreground.motion import Motion, MotionDetector
from edge.vision.foreground.shadows import Shadows
from edge.vision.foreground.steadying import Steadying
from edge.vision.foreground.stillness import StillWatch, box_px
from edge.vision.foreground.sunlit import Sunlit
from edge.vision.stills import polygon_px
from edge.vision.things.abreast import abreast
from edge.vision.things.blobs import NO_REGIONS, Regions, clean_mask, find_regions
from edge.vision.things.scale import SMALLEST_SHARE, ScaleLearner, SceneScale
from edge.vision.things.tracker import Tracker
from edge.vision.things.tracks import Track

Luma = opencv.Plane

LEARN_EVERY_S = 0.2
LEAST_SAMPLES = 6
# The sun moves slowly: shadows are looked at less often than sizes.
SHADOWS_EVERY = 4
PLAINLY_WRONG = 1.4
# Timestamps tremble by this share of a frame; after a longer gap nobody knows where things are.
TREMBLE_SHARE, LONGEST_GAP_S = 0.2, 2.0


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
    ``confidence`` 0..1 says how far counts of this moment can be trusted. ``look`` is what other
    measures of the scene are made of; None while nothing was analysed.
    """

    crossings: tuple[Crossing, ...]
    motion_share: float
    confidence: float
    tracks: tuple[SeenTrack, ...]
    look: "Look | None" = None


@dataclass(frozen=True, slots=True)
class Look:
    """The pictures and figures of one analysed frame, valid until the next is seen.

    ``luma`` is the frame after gain correction and steadying, ``foreground`` 255 where something
    is that does not belong to the empty scene, ``empty`` that scene: (H, W) uint8 of one size.
    ``brightness`` is the mean of the empty scene (0..255), ``noise`` the mean difference where
    nothing moves, in levels, ``shake_px`` how far the picture was shifted to be steadied.
    """

    luma: Luma
    foreground: Luma
    empty: Luma
    brightness: float
    noise: float
    shake_px: float


class Stage:
    """Everything between a shrunk frame and its crossings.

    Args:
        lines: where to count.
        masks: polygons (fractions) in which nothing shall be seen.
        scale: sizes at the analysed resolution.
        start: the empty scene, (H, W) uint8 of that resolution.
        rate_hz: of the frames.
        learner: what was learnt of the scale so far; None when the scale was given and is kept.
        shadows: what was learnt of the sun so far.
    """

    def __init__(
        self,
        *,
        lines: tuple[Line, ...],
        masks: tuple[Polygon, ...],
        scale: SceneScale,
        start: Luma,
        rate_hz: float,
        learner: ScaleLearner | None = None,
        shadows: Shadows | None = None,
    ) -> None:
        height, width = start.shape
        self._size = (width, height)
        self._rate_hz = rate_hz
        self._pts_s: float | None = None
        self.scale = scale
        self.detector = MotionDetector(
            Background(start, frame_rate_hz=rate_hz), watched_area(masks, width, height)
        )
        self._tracker = Tracker(frame_rate_hz=rate_hz, typical_px=self.scale.typical_px)
        self._learner = learner
        # The scale as a fraction of the height, once it was found plainly wrong and learnt again.
        self.learnt_scale: float | None = None
        self._learn_every = max(1, round(LEARN_EVERY_S * rate_hz))
        self._confidence = Confidence()
        self._steadying = Steadying(rate_hz)
        self._still = StillWatch(rate_hz)
        self._shadows = shadows or Shadows()
        self._counters = [LineCounter(line, width_px=width, height_px=height) for line in lines]
        self._spread_scale()

    def see(self, frame: Luma, pts_s: float, seq: int) -> Seen:
        """Look at the next frame, (H, W) uint8 as large as the start."""
        motion = self.detector.see(self._steadying.steady(frame, self.detector.background.picture))
        mask, regions = motion.mask, NO_REGIONS
        # A quiet frame has specks at most, and there is nothing to be cleaned for.
        if motion.share > 0:
            mask = clean_mask(mask, self.scale)
            regions = self._regions(motion, mask, seq)
        self.detector.learn(motion, mask)
        tracks = self._tracker.step(regions, self._frames_since(pts_s))
        self._learn_scale(tracks, seq)
        self._absorb(motion, mask, self._still.see(motion.corrected, tracks))
        crossings = [
            crossing
            for counter in self._counters
            for crossing in counter.see(self._tracker.tracks, pts_s=pts_s, seq=seq)
        ]
        confidence = self._confidence.see(
            tracks,
            luma=self.detector.background.brightness,
            motion_share=motion.share,
            noise=self.detector.noise,
        )
        background = self.detector.background
        look = Look(
            luma=motion.corrected,
            foreground=mask,
            empty=background.picture,
            brightness=background.brightness,
            noise=self.detector.noise,
            shake_px=self._steadying.shift_px,
        )
        return Seen(tuple(crossings), motion.share, confidence, tuple(map(self._shown, tracks)), look)

    def _frames_since(self, pts_s: float) -> float:
        """Return how many frames of the nominal rate have passed: cameras drop some, and slow down."""
        before_s, self._pts_s = self._pts_s, pts_s
        if before_s is None or not 0 < pts_s - before_s <= LONGEST_GAP_S:
            return 1.0
        frames = (pts_s - before_s) * self._rate_hz
        return 1.0 if abs(frames - 1) < TREMBLE_SHARE else frames

    def _regions(self, motion: Motion, mask: Luma, seq: int) -> Regions:
        empty = self.detector.background.picture
        if seq % (SHADOWS_EVERY * self._learn_every) == 0:
            self._shadows.learn(motion.corrected, empty, mask)
        shade = beams(motion.corrected, empty, motion.mask, self.detector.background.brightness)
        shade = shade or self._shadows.find(motion.corrected, empty, motion.mask)
        sunlit = (
            None if shade is None else Sunlit(moving=motion.mask, whole=mask, shade=shade, scale=self.scale)
        )
        regions = find_regions(
            mask if sunlit is None else sunlit.lit,
            motion.sure,
            least_area_px=self.scale.least_area_px,
            typical_px=self.scale.typical_px,
            shaded=sunlit,
        )
        least = self.scale.least_area_px
        parts = [abreast(regions.mask, blob, least_area_px=least) for blob in regions.blobs]
        return Regions(tuple(each for part in parts for each in part), regions.mask, motion.corrected)

    def _learn_scale(self, tracks: Sequence[Track], seq: int) -> None:
        """Go on learning how large things are at the lines, and follow when it was plainly wrong."""
        if self._learner is None or seq % self._learn_every:
            return
        for track in tracks:
            if track.is_thing and track.is_purposeful and self._is_near_line(track):
                area = track.width * track.height
                self._learner.add(area**0.5, area)
        if self._learner.samples < LEAST_SAMPLES:
            return
        typical = self._learner.typical_px()
        if not 1 / PLAINLY_WRONG < typical / self.scale.typical_px < PLAINLY_WRONG:
            self.scale = SceneScale(SMALLEST_SHARE * typical, self.scale.enough_px)
            self.learnt_scale = self.scale.smallest_px / self._size[1]
            self._spread_scale()

    def _spread_scale(self) -> None:
        self._tracker.typical_px = self.scale.typical_px
        for counter in self._counters:
            counter.typical_px = self.scale.typical_px

    def _is_near_line(self, track: Track) -> bool:
        return not self._counters or any(counter.is_near(track) for counter in self._counters)

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
