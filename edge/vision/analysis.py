"""The whole of seeing: luma in, crossings out.

Must not know cameras, files or clocks: time comes in with each frame.
"""

import math
from collections.abc import Sequence

from edge import opencv
from edge.config import Line, Polygon
from edge.vision.counting.lines import Crossing, LineCounter
from edge.vision.foreground.background import Background, start_of
from edge.vision.foreground.lamps import beams
from edge.vision.foreground.motion import MotionDetector
from edge.vision.foreground.shadows import Shadows
from edge.vision.foreground.sunlit import Sunlit
from edge.vision.stage import Seen, SeenTrack, Stage
from edge.vision.things.blobs import clean_mask, find_regions
from edge.vision.things.scale import DEFAULT_SMALLEST, SMALLEST_SHARE, STREET_LEAST, ScaleLearner, SceneScale

__all__ = ["Crossing", "SceneAnalysis", "Seen", "SeenTrack"]

Luma = opencv.Plane

# Of the longer side: cameras stand upright too.
ANALYSIS_WIDTH_PX = 320
# A typical thing larger than this share of the height makes the scene a close-up.
CLOSE_UP_SHARE = 0.4
# Frames of the first seconds are held back until the empty scene and the scale are known.
WARM_UP_S = 12.0
# Until the scale is known, parts that stand upon each other are one thing up to this share of the height.
FIRST_TYPICAL = 0.2
CLEAN_START_SAMPLES = 41
# The first sizes are taken from frames this far apart: nearer ones show the same things again.
FIRST_LOOK_EVERY_S = 0.4


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
        self._learnt_scale: float | None = None
        self._lines = lines
        self._masks = masks
        self._scale = scale
        self._rate_hz = frame_rate_hz
        # With both given there is nothing to wait for.
        is_known = scale > 0 and empty is not None
        self._held_most = 1 if is_known else max(1, round(WARM_UP_S * frame_rate_hz))
        self._held: list[tuple[Luma, float, int]] = []
        self._seq = 0
        self._stage: Stage | None = None
        self._factor, self._extra = 0, 1

    @property
    def background(self) -> Luma | None:
        """The empty scene as (H, W) uint8 of the analysed size, to be kept over restarts; None = not yet."""
        return None if self._stage is None else self._stage.detector.background.picture

    @property
    def learnt_scale(self) -> float | None:
        """The scale as it is known by now, a fraction of the height; None = given, or not yet learnt."""
        learnt = None if self._stage is None else self._stage.learnt_scale
        return self._learnt_scale if learnt is None else learnt

    def see(self, luma: Luma, pts_s: float) -> Seen:
        """Look at the next frame.

        Args:
            luma: (H, W) uint8 of the whole picture, always of one size.
            pts_s: the frame's own time in seconds.
        """
        self._factor = self._factor or max(1, round(max(luma.shape) / ANALYSIS_WIDTH_PX))
        frame = opencv.shrink_by(luma, self._factor)
        seq, self._seq = self._seq, self._seq + 1
        if self._stage is not None:
            return self._stage.see(self._fit(frame), pts_s, seq)
        # What was shrunk is a picture of its own; what was not is the decoder's, for now.
        self._held.append((frame if self._factor > 1 else frame.copy(), pts_s, seq))
        if len(self._held) < self._held_most:
            return NOTHING
        return self.finish()

    def finish(self) -> Seen:
        """End the warm-up now, if it still lasts, and return what the frames held back tell."""
        if self._stage is not None or not self._held:
            return NOTHING
        # The clean start: the median of spread samples.
        start = opencv.median_of(_spread([frame for frame, _, _ in self._held]))
        learner = ScaleLearner()
        shadows = Shadows()
        smallest = self._scale or self._learn_scale(start, learner, shadows)
        is_close_up = smallest / SMALLEST_SHARE > CLOSE_UP_SHARE
        # What the camera gives small already costs little, and has no pixels to spare.
        self._extra = 2 if is_close_up and self._factor > 1 else 1
        start = start_of(self._fit(start), self._empty)
        height = start.shape[0]
        self._stage = Stage(
            lines=self._lines,
            masks=self._masks,
            scale=SceneScale(smallest * height, STREET_LEAST * height if self._extra == 1 else math.inf),
            start=start,
            rate_hz=self._rate_hz,
            learner=None if self._scale else learner.shrunk(self._extra),
            shadows=shadows,
        )
        held, self._held = self._held, []
        seen = [self._stage.see(self._fit(frame), pts_s, seq) for frame, pts_s, seq in held]
        crossings = tuple(crossing for each in seen for crossing in each.crossings)
        last = seen[-1]
        return Seen(crossings, last.motion_share, last.confidence, last.tracks, last.look)

    def _fit(self, frame: Luma) -> Luma:
        return opencv.shrink_by(frame, self._extra)

    def _learn_scale(self, start: Luma, learner: ScaleLearner, shadows: Shadows) -> float:
        height, width = start.shape
        detector = MotionDetector(Background(start, frame_rate_hz=self._rate_hz), None)
        scale = SceneScale(DEFAULT_SMALLEST * height)
        counters = [LineCounter(line, width_px=width, height_px=height) for line in self._lines]
        for frame, _, _ in self._held[:: max(1, round(FIRST_LOOK_EVERY_S * self._rate_hz))]:
            motion = detector.see(frame)
            mask = clean_mask(motion.mask, scale)
            shadows.learn(motion.corrected, start, mask, weight=2)
            shade = beams(motion.corrected, start, motion.mask, detector.background.brightness)
            if shade is not None:
                mask = Sunlit(moving=motion.mask, whole=mask, shade=shade, scale=scale).lit
            for blob in find_regions(
                mask, motion.sure, least_area_px=scale.least_area_px, typical_px=FIRST_TYPICAL * height
            ).blobs:
                if not counters or any(c.is_near(blob) for c in counters):
                    learner.add((blob.width * blob.height) ** 0.5, blob.area)
        typical = learner.typical_px() if learner.samples >= 3 else 0.0
        if not typical:
            return DEFAULT_SMALLEST
        self._learnt_scale = SMALLEST_SHARE * typical / height
        return self._learnt_scale


def _spread(frames: Sequence[Luma]) -> list[Luma]:
    step = max(1, len(frames) // CLEAN_START_SAMPLES)
    return list(frames[::step])
