"""Which of what moves is only shadow: where the street shows through, darker by one and the same ratio.

No pixel tells a shadow from a dark car by its luma alone. But in one sun all shadows darken the
street by nearly the same ratio, and smoothly, while paints differ: when the smooth dark parts of
all that passes pile up at one ratio, that is the shadow's, and it is looked for; otherwise nothing
is called a shadow. Must not know objects.
"""

from dataclasses import dataclass

import numpy as np

from edge import opencv

Luma = opencv.Plane

# Ratios are kept as bytes: 128 is "as bright as the empty scene".
UNIT = 128
# In full sun shadows keep this share of the luma, gamma included; what keeps more hides nobody.
DARKEST, LIGHTEST = 0.35, 0.75
# Half the width of the peak, how smooth a shadow is, and how far its soft edge may be off, as ratios.
PEAK, SMOOTH, EDGE = 0.05, 0.075, 0.13
WITHIN = 0.07
# What keeps more of the light than this is hardly a shadow's edge.
FAINTEST = 0.97
# A peak is the sun's when it holds this share of all that is smooth and as dark as shadows can be, and of
# all that moves, and each of its neighbours at the most so much of what it holds: the dim light beside and
# below every car spreads over many ratios, and rises towards that of the empty scene.
LEAST_OF_DARK, LEAST_OF_MOVING, MOST_BESIDE = 0.6, 0.04, 0.6
# What throws a shadow has at least this share of its area.
LEAST_THROWER = 0.2
# So much must have moved, as a share of the picture, before anything is said; memory is halved at the most.
LEAST_MOVED, MOST_MOVED = 0.15, 40.0


@dataclass(frozen=True, slots=True)
class Shade:
    """Masks (H, W) uint8: ``sure`` is 255 in shadows, ``alike`` wherever it is about as dark as in one.

    ``faint`` is 255 wherever it is darker than the empty scene, but no darker than a shadow: thin
    ones are all edge. What throws one has at least the share ``least_thrower`` of its area.
    """

    sure: Luma
    alike: Luma
    faint: Luma | None = None
    least_thrower: float = LEAST_THROWER


class Shadows:
    """Learns how dark shadows are, and finds them."""

    def __init__(self) -> None:
        self._counts = np.zeros(2 * UNIT)
        self._moved = 0.0
        # The share of light that shadows leave; None when there is no sun, or nobody knows yet.
        self.ratio: float | None = None

    def learn(self, frame: Luma, empty: Luma, moving: Luma, *, weight: float = 1.0) -> None:
        """Take in one gain-corrected frame; all (H, W) uint8, ``moving`` 255 where something is.

        ``weight`` is how many such frames this one stands for.
        """
        ratios, rough = _ratios(frame, empty)
        smooth = opencv.both(moving, opencv.inverse(opencv.above(rough, SMOOTH * UNIT)))
        smooth = opencv.erode(smooth, 3, 3)
        self._counts += weight / moving.size * np.bincount(ratios[smooth > 0], minlength=2 * UNIT)
        self._moved += weight * opencv.count_set(moving) / moving.size
        self.ratio = self._peak()
        if self._moved > MOST_MOVED:
            self._counts /= 2
            self._moved /= 2

    def find(self, frame: Luma, empty: Luma, moving: Luma) -> "Shade | None":
        """Return which of ``moving`` is shadow; None when shadows are not known."""
        if self.ratio is None:
            return None
        ratios, rough = _ratios(frame, empty)
        off = opencv.apart(ratios, np.full_like(ratios, round(self.ratio * UNIT)))
        core = opencv.inverse(opencv.above(opencv.larger(off, rough), WITHIN * UNIT))
        edge = opencv.inverse(opencv.above(off, EDGE * UNIT))
        alike = opencv.both(edge, moving)
        deepest, faintest = (self.ratio - EDGE) * UNIT, FAINTEST * UNIT
        faint = opencv.both(opencv.above(ratios, deepest), opencv.inverse(opencv.above(ratios, faintest)))
        sure = opencv.both(opencv.dilate(opencv.opened(core, 3), 5, 5), alike)
        return Shade(sure, alike, opencv.both(faint, moving))

    def _peak(self) -> float | None:
        reach = round(PEAK * UNIT)
        first, last = round(DARKEST * UNIT), round(LIGHTEST * UNIT)
        # As far as the neighbour of the lightest one.
        dark = self._counts[: last + 3 * reach + 2]
        held = np.convolve(dark, np.ones(2 * reach + 1), "same")
        peak = first + int(held[first:last].argmax())
        beside = max(held[peak - 2 * reach - 1], held[peak + 2 * reach + 1])
        is_sun = (
            self._moved >= LEAST_MOVED
            and held[peak] >= LEAST_OF_DARK * dark[:last].sum()
            and held[peak] >= LEAST_OF_MOVING * self._moved
            and beside <= MOST_BESIDE * held[peak]
        )
        if not is_sun:
            return None
        # Every window that holds a narrow peak holds the same: its middle is the mean of what it holds.
        window = slice(max(0, peak - reach), peak + reach + 1)
        return float(dark[window] @ np.arange(len(dark))[window] / dark[window].sum()) / UNIT


def _ratios(frame: Luma, empty: Luma) -> tuple[Luma, Luma]:
    """Return how bright ``frame`` is beside ``empty``, and how much that varies nearby; both as bytes."""
    ratios = opencv.softened_evenly(opencv.quotient(frame, empty, UNIT), 3)
    return ratios, opencv.subtract(opencv.dilate(ratios, 3, 3), opencv.erode(ratios, 3, 3))
