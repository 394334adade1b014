"""What a technician asks of a camera at work: learn the scale, keep the scene, count along, show.

Sights come in, answers go out; nothing here changes how the camera counts. Must not know pipes.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from edge.cameras.measuring.readings import Readings
from edge.cameras.port import Bgr, Luma
from edge.cameras.telling.reporting import Moment, Sight
from edge.config import View
from edge.supervision.messages import Answered, Order
from edge.vision.analysis import SceneAnalysis, SeenTrack
from edge.vision.overlay import draw_overlay
from edge.wire.messages import CountWithMe, LearnScale, Reply, SaveBackground, ShowOverlay

logger = logging.getLogger(__name__)

_NS_PER_S = 1_000_000_000
OVERLAY_EVERY_NS = _NS_PER_S
# A crossing becomes certain some frames after it happened.
CERTAIN_AFTER_S = 2.0
# They travel as one text of the answer.
_MOST_SIZES = 80
_ELSEWHERE = "the camera turns, or stands at no preset that is drawn; let it go to one, then ask again"


@dataclass(slots=True)
class _CountingAlong:
    """Crossings from ``from_s`` to ``until_s`` of the source's own time, by line and direction."""

    ticket: int
    view: View
    from_s: float
    until_s: float
    crossings: Counter[tuple[str, bool]] = field(default_factory=Counter)
    sizes: dict[str, list[float]] = field(default_factory=dict)


@dataclass(slots=True)
class _Learning:
    """A second analysis that knows no scale and learns it from what moves now."""

    ticket: int
    analysis: SceneAnalysis


class Looking(Protocol):
    """What studies need of the eyes; :class:`edge.cameras.eyes.Eyes` has it."""

    @property
    def view_id(self) -> str | None:
        """Which view is before the camera; None when it is none."""
        ...

    @property
    def view(self) -> View | None:
        """What is drawn in that view."""
        ...

    @property
    def background(self) -> Luma | None:
        """Its empty scene as far as it is known."""
        ...

    def accept_picture(self) -> None:
        """From now on the picture of this view is good as it is."""
        ...


class Studies:
    """The orders of a technician that take their time.

    Args:
        eyes: what the camera looks at, and what is known of it.
        keep: keeps the empty scene of a view on the disk, or raises OSError.
    """

    def __init__(
        self,
        *,
        eyes: Looking,
        keep: Callable[[str, Luma], None],
    ) -> None:
        self._eyes = eyes
        self._keep = keep
        self._counting: list[_CountingAlong] = []
        self._learning: _Learning | None = None
        self._totals: Counter[tuple[str, bool]] = Counter()
        self._tracks: tuple[SeenTrack, ...] = ()
        self._readings = Readings()
        self._pts_s = 0.0
        self._overlay_until_ns = 0
        self._next_overlay_ns = 0

    def order(self, order: Order, *, now: Moment, rate_hz: float) -> Answered | None:
        """Take an order; return the answer if it is known at once.

        Args:
            order: of the hub; others than ours are left to others.
            now: the moment.
            rate_hz: at which frames are analysed.
        """
        match order.command:
            case SaveBackground():
                return Answered(order.ticket, self._save())
            case ShowOverlay(lease_s=lease_s):
                self._overlay_until_ns = now.mono_ns + round(lease_s * _NS_PER_S)
                self._next_overlay_ns = now.mono_ns
                return Answered(order.ticket, Reply(command="show-overlay", is_done=True))
            case LearnScale():
                return self._learn(order.ticket, rate_hz)
            case CountWithMe(duration_s=duration_s):
                return self._count(order.ticket, duration_s)
        return None

    def saw(self, luma: Luma, sight: Sight) -> list[Answered]:
        """Take in one frame and return the answers that are ready now."""
        self._pts_s = sight.pts_s
        if sight.view is None:
            self._tracks, self._readings = (), Readings()
            return [*self._broken_off(), *self._counted()]
        if sight.seen is None:
            return []
        self._tracks = sight.seen.tracks
        if sight.measured is not None:
            self._readings.take(sight.measured)
        self._totals.update((c.line, c.is_forward) for c in sight.seen.crossings)
        for along in self._counting:
            for crossing in sight.seen.crossings:
                if along.from_s <= crossing.pts_s < along.until_s:
                    along.crossings[crossing.line, crossing.is_forward] += 1
                    along.sizes.setdefault(crossing.line, []).append(crossing.size)
        return [*self._counted(), *self._learnt(luma, sight.pts_s)]

    def is_overlay_due(self, now: Moment) -> bool:
        """Return whether a drawn still is due; if so, the next one is due a second later."""
        if not self._next_overlay_ns <= now.mono_ns < self._overlay_until_ns:
            return False
        self._next_overlay_ns = now.mono_ns + OVERLAY_EVERY_NS
        return True

    @property
    def drawing(self) -> Callable[[Bgr], Bgr]:
        """Draws what is seen now into a small picture."""
        return partial(
            draw_overlay,
            view=self._eyes.view or View(),
            tracks=self._tracks,
            counts=self._totals,
            levels=self._readings.words,
            waters_m=self._readings.waters_m,
        )

    def _save(self) -> Reply:
        scene, view_id = self._eyes.background, self._eyes.view_id
        if scene is None or view_id is None:
            detail = "the empty scene is not known yet; ask again after the first minute"
            return Reply(command="save-background", is_done=False, detail=detail)
        try:
            self._keep(view_id, scene)
        except OSError as error:
            detail = f"cannot be kept: {error}; free the disk of the device"
            return Reply(command="save-background", is_done=False, detail=detail[:500])
        # Who says that this is the empty scene says that the camera looks where it should.
        self._eyes.accept_picture()
        size = {"width_px": float(scene.shape[1]), "height_px": float(scene.shape[0])}
        return Reply(command="save-background", is_done=True, values={**size})

    def _learn(self, ticket: int, rate_hz: float) -> Answered | None:
        if self._learning is not None:
            detail = "the scale is being learnt already; wait for that"
            return Answered(ticket, Reply(command="learn-scale", is_done=False, detail=detail))
        view = self._eyes.view
        if view is None:
            return Answered(ticket, Reply(command="learn-scale", is_done=False, detail=_ELSEWHERE))
        analysis = SceneAnalysis(lines=view.lines, masks=view.masks, scale=0, frame_rate_hz=rate_hz)
        self._learning = _Learning(ticket, analysis)
        return None

    def _learnt(self, luma: Luma, pts_s: float) -> list[Answered]:
        if self._learning is None:
            return []
        analysis, ticket = self._learning.analysis, self._learning.ticket
        analysis.see(luma, pts_s)
        if analysis.background is None:
            return []
        self._learning = None
        return [Answered(ticket, _scale_reply(analysis.learnt_scale))]

    def _broken_off(self) -> list[Answered]:
        """Return the answer to what was being learnt when the camera turned away."""
        if self._learning is None:
            return []
        ticket, self._learning = self._learning.ticket, None
        return [Answered(ticket, Reply(command="learn-scale", is_done=False, detail=_ELSEWHERE))]

    def _count(self, ticket: int, duration_s: float) -> Answered | None:
        view = self._eyes.view
        if view is None:
            return Answered(ticket, Reply(command="count-with-me", is_done=False, detail=_ELSEWHERE))
        self._counting.append(_CountingAlong(ticket, view, self._pts_s, self._pts_s + duration_s))
        return None

    def _counted(self) -> list[Answered]:
        over = [each for each in self._counting if self._pts_s >= each.until_s + CERTAIN_AFTER_S]
        self._counting = [each for each in self._counting if each not in over]
        return [Answered(each.ticket, self._count_reply(each)) for each in over]

    def _count_reply(self, along: _CountingAlong) -> Reply:
        values: dict[str, float | str | bool] = {}
        for line in along.view.lines:
            values[f"{line.id}.forward"] = float(along.crossings[line.id, True])
            values[f"{line.id}.backward"] = float(along.crossings[line.id, False])
            sizes = sorted(along.sizes.get(line.id, ()))[:_MOST_SIZES]
            if sizes:
                values[f"{line.id}.sizes"] = " ".join(f"{size:.3f}" for size in sizes)
        return Reply(command="count-with-me", is_done=True, values=values)


def _scale_reply(scale: float | None) -> Reply:
    if scale is None:
        detail = "too little moved across the lines; ask again when there is traffic"
        return Reply(command="learn-scale", is_done=False, detail=detail)
    return Reply(command="learn-scale", is_done=True, values={"scale": round(scale, 4)})
