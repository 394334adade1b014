"""The watch over one camera's picture: looks once a second, votes, says what it is like.

Must not know why a picture is bad: :mod:`edge.health.causes.diagnosis` does.
"""

from dataclasses import dataclass, replace

from edge import opencv
from edge.vision.health.flicker import Flicker
from edge.vision.health.frozen import Sameness
from edge.vision.health.look import LEAST_DETAIL, Look, likeness
from edge.vision.health.reference import AGREES, LEAST_BLOCKS, Likeness, Reference
from edge.vision.health.references import References
from edge.vision.health.samples import cells_of, points_of
from edge.vision.health.smear import Smear
from edge.vision.health.votes import Votes
from edge.wire.records.bodies import PictureState as State

Luma = opencv.Plane

SAMPLE_EVERY_S = 1.0
BLACK_BRIGHTNESS, BLACK_CONTRAST = 24.0, 2.5
# Identical pictures this long: by night, noise reduction and an empty street repeat themselves.
FROZEN_S, FROZEN_NIGHT_S = 10.0, 20.0
# White pixels more than usual while even the darkest have become lighter; or nearly all of them.
WHITE_MORE, WHITE_ALONE, DARK_TIMES, DARK_MORE = 0.15, 0.85, 2.0, 8.0
# Blurred is all of the picture; a plain thing before the lens leaves sharp blocks, or none worth it.
BLURRED_BEST, BLURRED, PLAINLY_HIDDEN = 0.82, 0.65, 0.15
# A share of the trusted blocks: nothing of the place is left, or too little to learn from.
GONE, STRANGE = 0.05, 0.35
# Fewer blocks with structure than this, for each trusted one, is a cover; more is another place.
PLAIN = 0.25
FLAT_CONTRAST = 0.5
MOVED_PX = 3.5
# Another place is believed at once when nothing is left of the old one. A lorry before the lens
# leaves an edge of it, and may stand for a while.
TURNED_LOOKS, HIDDEN_LOOKS = 10, 170

_UNKNOWN = Likeness()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the picture is like, and the numbers behind it.

    ``state`` is the confirmed one; ``is_changed`` is true in the one call in which it changed;
    ``vote`` is what the last look alone would say. ``like`` compares it with the reference.
    """

    state: State
    is_changed: bool = False
    vote: State = State.GOOD
    brightness: float = 0.0
    like: Likeness = _UNKNOWN


class PictureWatch:
    """Watches the picture of one camera.

    Learns its references, one a light, from the first good looks.

    Args:
        frame_rate_hz: nominal rate of the frames given to :meth:`see`.
        references: as they were kept, and shared by the watches of one camera.
        view: which of its views a turning camera shows to this watch.
    """

    def __init__(self, frame_rate_hz: float, references: References | None = None, *, view: str = "") -> None:
        self._frame_s = 1 / frame_rate_hz
        self._now_s = 0.0
        self._next_s = 0.0
        self._pts_s: float | None = None
        self._last = Verdict(State.GOOD)
        self._references = References() if references is None else references
        self._view = view
        self._votes = Votes()
        self._sameness, self._flicker, self._smear = Sameness(), Flicker(), Smear()
        self._points: list[Luma] = []
        self._times_s: list[float] = []
        self._before: Look | None = None
        self._strange_looks = 0

    def see(self, luma: Luma, pts_s: float, *, damaged: int = 0, is_key: bool = False) -> Verdict:
        """Look at the next frame; most calls only return the last verdict.

        Args:
            luma: (H, W) uint8.
            pts_s: the frame's own time in seconds; jumps and standstill count as one frame.
            damaged: pictures that could not be decoded cleanly since the last call.
            is_key: a key frame came since the last call.
        """
        step_s = self._frame_s if self._pts_s is None else pts_s - self._pts_s
        self._pts_s = pts_s
        self._now_s += step_s if 0 < step_s < 5 else self._frame_s
        points = points_of(luma)
        self._gather(points)
        self._smear.feed(points, self._now_s, damaged=damaged, is_key=is_key)
        if self._now_s < self._next_s:
            if self._last.is_changed:
                self._last = replace(self._last, is_changed=False)
            return self._last
        self._next_s = self._now_s + SAMPLE_EVERY_S
        self._flicker.feed(cells_of(self._points), self._times_s)
        self._points, self._times_s = [], []
        self._last = self._judge(Look.of(luma))
        return self._last

    def _gather(self, points: Luma) -> None:
        """Keep points until the next look: judging many at once costs as much as one."""
        if self._points and self._points[0].shape != points.shape:
            self._points, self._times_s = [], []
        self._points.append(points)
        self._times_s.append(self._now_s)

    def _judge(self, look: Look) -> Verdict:
        self._references.see_light(look)
        own, other = self._references.own(self._view, look), self._references.other(self._view, look)
        reference = own or other
        like = _UNKNOWN if reference is None else reference.compare(look)
        vote = self._vote_alone(look, reference)
        if vote is State.GOOD and reference is not None:
            vote = self._vote_against(reference, look, like, is_own=own is not None)
        if vote is State.GOOD and self._flicker.is_on():
            vote = State.FLICKERING
        if vote is State.GOOD and (own is None or like.fit >= STRANGE):
            self._references.learn(self._view, look)
        self._before = look
        before = self._votes.state
        state = self._votes.cast(vote)
        return Verdict(
            state, state is not self._last.state or state is not before, vote, look.brightness, like
        )

    def _vote_alone(self, look: Look, reference: Reference | None) -> State:
        same_s = self._sameness.same_for_s(look.luma, self._now_s)
        is_torn = self._smear.is_torn(self._now_s)
        if look.brightness < BLACK_BRIGHTNESS and look.contrast < BLACK_CONTRAST:
            return State.BLACK
        if same_s >= (FROZEN_NIGHT_S if self._references.is_night else FROZEN_S):
            return State.FROZEN
        if is_torn:
            return State.SMEARED
        return State.OVEREXPOSED if _is_white(look, reference) else State.GOOD

    def _vote_against(self, reference: Reference, look: Look, like: Likeness, *, is_own: bool) -> State:
        """Return what a look is, compared with how it should be."""
        if not like.is_judged:
            is_covered = self._structure(look) == 0 and _is_flat(look, reference, 0.8 * FLAT_CONTRAST)
            return State.COVERED if is_covered else State.GOOD
        if like.shift_px >= MOVED_PX:
            return State.MOVED
        if _is_blurred(like):
            is_there = like.fit >= STRANGE or not _is_flat(look, reference, FLAT_CONTRAST)
            return State.DEFOCUSED if is_there else State.COVERED
        self._strange_looks = self._strange_looks + 1 if like.fit < STRANGE else 0
        return self._vote_on_place(reference, look, like, is_own=is_own)

    def _vote_on_place(self, reference: Reference, look: Look, like: Likeness, *, is_own: bool) -> State:
        """Return whether the place is the one we know, hidden, or another one."""
        if not _is_gone(like) and self._strange_looks < HIDDEN_LOOKS:
            return State.GOOD
        trusted = max(LEAST_BLOCKS, int(reference.trusted.sum()))
        if self._structure(look) < (PLAIN + like.fit) * trusted:
            return State.COVERED
        # By the light of another hour a place may look like another one.
        return State.MOVED if is_own and self._strange_looks >= TURNED_LOOKS else State.GOOD

    def _structure(self, look: Look) -> int:
        """Return how many blocks show something that stands there, rather than noise or nothing."""
        before = self._before
        if before is None or before.detail.shape != look.detail.shape:
            return look.strength.size
        alike = likeness(before.detail, look.detail, before.strength * look.strength)
        return int(((alike >= AGREES) & (look.strength >= LEAST_DETAIL)).sum())


def _is_gone(like: Likeness) -> bool:
    return like.intact <= GONE and like.fit < STRANGE


def _is_blurred(like: Likeness) -> bool:
    is_blur = like.sharpest < BLURRED_BEST and like.sharpness < BLURRED
    return is_blur and (like.sharpness >= PLAINLY_HIDDEN or _is_gone(like))


def _is_flat(look: Look, reference: Reference, share: float) -> bool:
    light = min(1.0, look.brightness / max(1.0, reference.brightness))
    return look.contrast < share * light * reference.contrast


def _is_white(look: Look, reference: Reference | None) -> bool:
    if look.saturated >= WHITE_ALONE:
        return True
    if reference is None or look.saturated < reference.saturated + WHITE_MORE:
        return False
    return look.dark >= DARK_TIMES * reference.dark + DARK_MORE
