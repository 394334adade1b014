"""Is the picture a picture: black, frozen, covered, defocused or moved?

Looks once a second at 160 pixels' width. Must not know why: :mod:`edge.health.diagnosis` does.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.vision.reference import Likeness, Look, Reference
from edge.wire.bodies import PictureState as State

Luma = opencv.Plane

SAMPLE_EVERY_S = 1.0
LOOK_WIDTH_PX = 160
# N of M: so many of the last samples must agree before a state is believed.
CONFIRM_SAMPLES, WINDOW_SAMPLES = 10, 13
NIGHT_BRIGHTNESS = 60.0
BLACK_BRIGHTNESS, BLACK_CONTRAST = 24.0, 2.5
# Identical pictures this long: by night, noise reduction and an empty street repeat themselves.
FROZEN_S, FROZEN_NIGHT_S = 10.0, 20.0
# Clocks run in the outer rows of a frozen picture.
OVERLAY_SHARE = 0.14
COVERED_EDGES, COVERED_CONTRAST = 0.15, 0.5
DEFOCUSED_SHARPNESS = 0.15
MOVED_PX = 3.5
TURNED_AWAY_EDGES, TURNED_AWAY_LOOKS = 0.2, 15


@dataclass(frozen=True, slots=True)
class PictureState:
    """What the picture is like, and the numbers behind it.

    ``state`` is the confirmed one; ``is_changed`` is true in the one call in which it changed.
    ``brightness`` 0..255, ``contrast`` its spread, ``sharpness`` the detail quotient, ``edges_kept``
    the share of the reference's edges still there, ``shift_px`` against it (at 160 wide).
    """

    state: State
    is_changed: bool = False
    brightness: float = 0.0
    contrast: float = 0.0
    sharpness: float = 0.0
    edges_kept: float = 1.0
    shift_px: float = 0.0


class PictureWatch:
    """Watches the picture of one camera.

    Learns its references, one a light, from the first good looks; :meth:`relearn` after the
    camera was turned on purpose.

    Args:
        frame_rate_hz: nominal rate of the frames given to :meth:`see`.
    """

    def __init__(self, frame_rate_hz: float) -> None:
        self._frame_s = 1 / frame_rate_hz
        self._now_s = 0.0
        self._next_s = 0.0
        self._pts_s: float | None = None
        self._last = PictureState(State.GOOD)
        self._references: dict[bool, Reference] = {}
        self._before: NDArray[np.uint8] | None = None
        self._same_since_s = 0.0
        self._votes: list[State] = []
        self._strange_looks = 0

    def relearn(self) -> None:
        """Forget the references: from now on the picture is good as it is."""
        self._references.clear()
        self._votes.clear()

    def see(self, luma: Luma, pts_s: float) -> PictureState:
        """Look at the next frame; most calls only return the last verdict.

        Args:
            luma: (H, W) uint8.
            pts_s: the frame's own time in seconds; jumps and standstill count as one frame.
        """
        step_s = self._frame_s if self._pts_s is None else pts_s - self._pts_s
        self._pts_s = pts_s
        self._now_s += step_s if 0 < step_s < 5 else self._frame_s
        if self._now_s < self._next_s:
            if self._last.is_changed:
                self._last = replace(self._last, is_changed=False)
            return self._last
        self._next_s = self._now_s + SAMPLE_EVERY_S
        self._last = self._judge(Look.of(_small(luma)))
        return self._last

    def _judge(self, look: Look) -> PictureState:
        reference = self._reference_for(look)
        like = Likeness(1.0, 1.0, 0.0)
        vote = self._vote_alone(look)
        if reference is not None and reference.is_ready:
            like = reference.compare(look)
            if vote is State.GOOD:
                vote = self._vote_against(reference, look, like)
        if vote is State.GOOD:
            self._learn(look)
        state = self._confirmed(vote)
        is_changed = state is not self._last.state
        return PictureState(
            state, is_changed, look.brightness, look.contrast, look.sharpness, like.kept, like.shift_px
        )

    def _vote_against(self, reference: Reference, look: Look, like: Likeness) -> State:
        """Return what a look is, compared with how it should be."""
        light = min(1.0, look.brightness / max(1.0, reference.brightness))
        is_flat = look.contrast < COVERED_CONTRAST * light * reference.contrast
        is_blurred = look.sharpness < DEFOCUSED_SHARPNESS * reference.sharpness
        if like.edges < COVERED_EDGES and like.kept < COVERED_EDGES:
            return State.COVERED if is_flat or not is_blurred else State.DEFOCUSED
        if is_blurred:
            return State.DEFOCUSED
        # Traffic hides edges for a while; only a camera that looks elsewhere has none of them for long.
        self._strange_looks = self._strange_looks + 1 if like.kept < TURNED_AWAY_EDGES else 0
        is_turned = self._strange_looks >= TURNED_AWAY_LOOKS
        return State.MOVED if like.shift_px >= MOVED_PX or is_turned else State.GOOD

    def _vote_alone(self, look: Look) -> State:
        same_s = self._same_for(look)
        if look.brightness < BLACK_BRIGHTNESS and look.contrast < BLACK_CONTRAST:
            return State.BLACK
        is_night = look.brightness < NIGHT_BRIGHTNESS
        return State.FROZEN if same_s >= (FROZEN_NIGHT_S if is_night else FROZEN_S) else State.GOOD

    def _same_for(self, look: Look) -> float:
        edge = int(look.luma.shape[0] * OVERLAY_SHARE)
        middle = look.luma[edge:-edge]
        if self._before is None or not np.array_equal(self._before, middle):
            self._same_since_s = self._now_s
        self._before = middle.copy()
        return self._now_s - self._same_since_s

    def _reference_for(self, look: Look) -> Reference | None:
        """Return the reference of this light; without one, the other's: a dark cover is no night."""
        is_night = look.brightness < NIGHT_BRIGHTNESS
        own, other = self._references.get(is_night), self._references.get(not is_night)
        return own if own is not None and (own.is_ready or other is None) else other

    def _learn(self, look: Look) -> None:
        is_night = look.brightness < NIGHT_BRIGHTNESS
        if is_night in self._references:
            self._references[is_night].learn(look)
        else:
            self._references[is_night] = Reference(look)

    def _confirmed(self, vote: State) -> State:
        self._votes = [*self._votes[-(WINDOW_SAMPLES - 1) :], vote]
        # Frozen has waited long enough by itself, and ends with the first different picture.
        if vote is State.FROZEN or (vote is State.GOOD and self._last.state is State.FROZEN):
            return vote
        return vote if self._votes.count(vote) >= CONFIRM_SAMPLES else self._last.state


def _small(luma: Luma) -> Luma:
    return opencv.shrink_by(luma, max(1, round(luma.shape[1] / LOOK_WIDTH_PX)))
