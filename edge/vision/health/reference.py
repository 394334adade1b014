"""What a camera's picture looks like when all is well, in one view and one light.

Measures how far a look is from that. Must not judge.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.vision.health.look import DETAIL_PX, LEAST_DETAIL, Grid, Look, likeness, sharpness_of, strength_of

# The first looks are averaged evenly, later ones slowly, and only every fourth, which is as good and
# costs less: dusk may move the reference, a fault may not.
FIRST_LOOKS, MANY_LOOKS = 10, 60
SLOW_WEIGHT, LEARN_EVERY = 0.01, 4
# What is remembered of the whole picture beside its blocks.
MEASURES = ("brightness", "contrast", "saturated", "dark")
# A block is the same place above AGREES, and undisturbed above INTACT (measured on drawn streets in
# all weathers and two real clips: normal blocks above 0.5, those of another place below 0.3).
AGREES, INTACT = 0.35, 0.5
# Blocks that agree in this share of good looks can be trusted; in others leaves or traffic move.
TRUSTED_SHARE = 0.8
_TRUST_WEIGHT = 0.02
# With fewer trusted blocks nothing can be said about places.
LEAST_BLOCKS = 6
# Shifts are looked for only when this share of the trusted blocks no longer agrees.
_DOUBT = 0.3
# A shift must find so much more of the blocks again.
_EXPLAINS_MORE, _EXPLAINS_AT_LEAST = 0.3, 0.5
# Shorter shifts are not told: masts sway.
LEAST_SHIFT_PX = 2.0
# Phase correlation is right to two pixels at times.
_NEARBY = tuple(product((0, -1, 1, -2, 2), (0, -1, 1)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a look is like the reference.

    ``fit`` is the share of the trusted blocks that still show the same place, ``intact`` of those
    that are undisturbed. ``sharpest`` and ``sharpness`` are how sharp the best and the middle ones
    are beside the reference; ``shift_px`` what explains the difference, if a shift does, 0 below 2.
    ``is_judged`` is false when too little stands still in the picture to tell.
    """

    is_judged: bool = False
    fit: float = 1.0
    intact: float = 1.0
    sharpest: float = 1.0
    sharpness: float = 1.0
    shift_px: float = 0.0


class Reference:
    """The running mean of good looks.

    Args:
        look: the first one.
    """

    def __init__(self, look: Look) -> None:
        self.mean: NDArray[np.float32] = look.luma.astype(np.float32)
        self.trust: Grid = np.zeros(look.strength.shape, np.float32)
        self.looks = 1
        self.brightness, self.contrast = look.brightness, look.contrast
        self.saturated, self.dark = look.saturated, look.dark
        self._measure()

    @property
    def is_ready(self) -> bool:
        """Seen often enough to judge by."""
        return self.looks >= FIRST_LOOKS

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """The blocks that stand still, (ROWS, COLUMNS)."""
        return (self.trust >= TRUSTED_SHARE) & (self._strength >= LEAST_DETAIL)

    def restore(self, *, mean: opencv.Plane, trust: Grid, looks: int) -> None:
        """Take over what was kept of an earlier run."""
        self.mean, self.trust, self.looks = mean.astype(np.float32), trust, looks
        self._measure()

    def learn(self, look: Look) -> None:
        """Take one more good look in."""
        self.looks += 1
        is_young = self.looks <= MANY_LOOKS
        if not is_young and self.looks % LEARN_EVERY:
            return
        pace = 1 if is_young else LEARN_EVERY
        agrees = self._alike(look) >= AGREES
        self.trust += pace * max(_TRUST_WEIGHT, 1 / (self.looks - 1)) * (agrees - self.trust)
        weight = pace * max(SLOW_WEIGHT, 1 / self.looks)
        opencv.blend_into(self.mean, look.luma, weight)
        for name in MEASURES:
            before = getattr(self, name)
            setattr(self, name, before + weight * (getattr(look, name) - before))
        self._measure()

    def compare(self, look: Look) -> Likeness:
        """Measure how far ``look`` is from this reference."""
        trusted = self.trusted
        if np.count_nonzero(trusted) < LEAST_BLOCKS:
            return Likeness()
        alike = self._alike(look)[trusted]
        fit = float(np.mean(alike >= AGREES))
        sharp = np.sort(look.sharpness[trusted] / self._sharpness[trusted])
        return Likeness(
            is_judged=True,
            fit=fit,
            intact=float(np.mean(alike >= INTACT)),
            sharpest=float(sharp[int(0.85 * len(sharp))]),
            sharpness=float(sharp[len(sharp) // 2]),
            shift_px=self._shift_px(look, trusted, fit) if fit < 1 - _DOUBT else 0.0,
        )

    def _shift_px(self, look: Look, trusted: NDArray[np.bool_], fit: float) -> float:
        """Return the shift that explains where the places went, 0 when none does."""
        right, down, _ = opencv.shift_between(self._detail, look.detail)
        # Nobody asks for less, and traffic is told from a shift only by trying.
        if max(abs(right), abs(down)) < LEAST_SHIFT_PX:
            return 0.0
        enough = max(fit + _EXPLAINS_MORE, _EXPLAINS_AT_LEAST)
        tries = (self._alike_moved(look, round(right) + x, round(down) + y) for x, y in _NEARBY)
        is_shift = any(np.mean(alike[trusted] >= AGREES) >= enough for alike in tries)
        return max(abs(right), abs(down)) if is_shift else 0.0

    def _alike_moved(self, look: Look, right: int, down: int) -> Grid:
        back = np.roll(look.detail, (-down, -right), (0, 1))
        return likeness(self._detail, back, self._strength * strength_of(back))

    def _alike(self, look: Look) -> Grid:
        return likeness(self._detail, look.detail, self._strength * look.strength)

    def _measure(self) -> None:
        self._detail = opencv.detail_of(self.mean, DETAIL_PX)
        self._strength = strength_of(self._detail)
        self._sharpness = sharpness_of(self.mean, self._strength)
