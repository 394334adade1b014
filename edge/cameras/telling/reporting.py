"""What a camera worker says, and when: the pure part of the worker.

Verdicts on frames and moments come in, messages go out. Must not know pipes, clocks or cameras.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from edge.cameras.measuring.gauging import GaugeCalls
from edge.cameras.measuring.tallies import Tallies
from edge.cameras.telling.counts import Counting
from edge.cameras.telling.episodes import Episodes
from edge.config import CameraSettings, View
from edge.ptz.gaze import OWN_VIEW
from edge.supervision.messages import Beat, FromWorker, Said
from edge.vision.analysis import Seen
from edge.vision.measures.meter import Measured
from edge.wire.messages import Command, SetInterval, TakeStill
from edge.wire.records.bodies import Body, CameraIntegrity, GaugeReading, PictureState
from edge.wire.records.camera_bodies import ObjectCount

Objects = tuple[ObjectCount, ...]

BEAT_EVERY_NS = 500_000_000
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """Now: by the wall clock (UTC), and by the monotonic one in nanoseconds."""

    at: datetime
    mono_ns: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame of the source told.

    ``seen`` and ``picture`` are ``None`` for a frame that was not analysed. ``view`` is the id of the
    view that was before the camera; None while counting is suspended, as it turns or stands elsewhere.
    ``measured`` is what else that view told.
    """

    seq: int
    pts_s: float
    seen: Seen | None = None
    picture: PictureState | None = None
    view: str | None = ""
    measured: Measured | None = None


class Reporter:
    """Turns what is seen into records, beats and due stills.

    Args:
        settings: of the camera.
        began: when the worker did.
        objects: gives what a detector found since it was last asked.
    """

    def __init__(
        self, *, settings: CameraSettings, began: Moment, objects: Callable[[], Objects] = tuple
    ) -> None:
        self._camera = settings.id
        self._objects = objects
        self._counts_every_ns = round(settings.counts_every_s * _NS_PER_S)
        self._still_every_ns = round(settings.still_every_s * _NS_PER_S)
        self._settings = settings
        self._counting = Counting(camera=settings.id, lines=lines_of(settings, OWN_VIEW))
        self._tallies = Tallies(settings.id, view_of(settings, OWN_VIEW))
        self._gauge_calls = GaugeCalls(settings)
        self._view = OWN_VIEW
        self._last_frame_ns = began.mono_ns
        self._episodes = Episodes(settings.id)
        self._period_began_ns = began.mono_ns
        self._next_beat_ns = began.mono_ns
        self._next_still_ns = began.mono_ns
        self._picture: PictureState | None = None
        self._frames = 0
        self._next_seq = 0

    @property
    def is_moving(self) -> bool:
        """Whether something moves in front of the camera."""
        return self._episodes.is_lasting

    def saw(self, sight: Sight, now: Moment) -> list[FromWorker]:
        """Take in one frame and return what is to be said about it."""
        self._frames += 1
        self._counting.received(missing=max(sight.seq - self._next_seq, 0))
        self._next_seq = sight.seq + 1
        bodies = [*self._turned(sight.view, now), *self._bodies_of(sight), *self._gauges(sight, now)]
        if now.mono_ns - self._period_began_ns >= self._counts_every_ns:
            bodies += self._close_period(now)
        return [*self._beats(sight, now), *_said(bodies, now)]

    def last_words(self, now: Moment, last_seen: Seen | None = None) -> list[FromWorker]:
        """Return what would be lost if the worker ended without saying it.

        Args:
            last_seen: what the analysis still held back.
        """
        if last_seen is not None:
            self._counting.crossed(last_seen.crossings)
            self._tallies.crossed(last_seen.crossings)
        return _said([self._episodes.end(), *self._close_period(now)], now)

    def ordered(self, command: Command) -> None:
        """Obey a command of the hub; those for other parts of the device are not ours."""
        if isinstance(command, TakeStill):
            self._next_still_ns = 0
        elif isinstance(command, SetInterval):
            self._still_every_ns = round(command.still_every_s * _NS_PER_S)
            self._next_still_ns = 0

    def is_still_due(self, now: Moment) -> bool:
        """Return whether a still is due; if so, the next one is due an interval later."""
        if now.mono_ns < self._next_still_ns:
            return False
        self._next_still_ns = now.mono_ns + self._still_every_ns
        return True

    def _bodies_of(self, sight: Sight) -> list[Body | None]:
        bodies: list[Body | None] = []
        if sight.seen is not None:
            self._counting.analysed(motion_share=sight.seen.motion_share, confidence=sight.seen.confidence)
            self._counting.crossed(sight.seen.crossings)
            self._tallies.crossed(sight.seen.crossings)
            bodies.append(self._episodes.see(sight.seen.motion_share, sight.pts_s))
        if sight.picture is not None and sight.picture is not self._picture:
            if self._picture is not None:
                # How it looks at that very moment goes along; the hub has the stills before.
                self._next_still_ns = 0
            self._picture = sight.picture
            bodies.append(CameraIntegrity(camera=self._camera, picture=sight.picture))
        return bodies

    def _gauges(self, sight: Sight, now: Moment) -> list[GaugeReading]:
        """Take in what was measured; return the gauges that are to be told."""
        measured = sight.measured or Measured()
        self._tallies.measured(measured)
        return self._gauge_calls.see(sight.view, measured.gauges, now.mono_ns / _NS_PER_S)

    def _turned(self, view: str | None, now: Moment) -> list[Body | None]:
        """Note which view is before the camera; return the record of the one that was, if it changed."""
        since_s = (now.mono_ns - self._last_frame_ns) / _NS_PER_S
        self._last_frame_ns = now.mono_ns
        if view is None:
            self._counting.suspended(max(0.0, since_s))
        if view is None or view == self._view:
            return []
        over = [] if self._counting.is_untouched else self._close_period(now)
        self._view = view
        self._counting.turn_to(view or None, lines_of(self._settings, view))
        self._tallies.turn_to(view_of(self._settings, view))
        return over

    def _close_period(self, now: Moment) -> list[Body | None]:
        period_s = (now.mono_ns - self._period_began_ns) / _NS_PER_S
        self._period_began_ns = now.mono_ns
        counts = self._counting.close(period_s)
        return [
            *self._tallies.close(
                counts, period_s=period_s, preset=self._view or None, objects=self._objects()
            )
        ]

    def _beats(self, sight: Sight, now: Moment) -> list[FromWorker]:
        if now.mono_ns < self._next_beat_ns:
            return []
        self._next_beat_ns = now.mono_ns + BEAT_EVERY_NS
        return [Beat(frames=self._frames, pts_s=sight.pts_s)]


def lines_of(settings: CameraSettings, view: str) -> list[str]:
    """Return the ids of the lines of a view."""
    return [line.id for line in view_of(settings, view).lines]


def view_of(settings: CameraSettings, view: str) -> View:
    """Return what is drawn in a view; a camera with presets counts and measures in theirs only."""
    presets = {preset.id: preset for preset in settings.presets}
    if view:
        return presets[view]
    return View() if presets else settings


def _said(bodies: list[Body | None], now: Moment) -> list[FromWorker]:
    return [Said(body=body, at=now.at, mono_ns=now.mono_ns) for body in bodies if body is not None]
