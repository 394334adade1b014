"""What a camera's picture looks like when all is well, one reference for day and one for night.

Must not judge: it measures how far a look is from the reference.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv

Luma = opencv.Plane

# Sobel magnitude of an edge in full light.
EDGE = 40.0
LEAST_EDGES = 40
# The first looks are averaged evenly, later ones slowly: dusk may move the reference, a fault may not.
FIRST_LOOKS = 8
SLOW_WEIGHT = 0.01


# A phase correlation below this is no shift; a shift must find this much more of the edges again.
LEAST_RESPONSE = 0.08
EXPLAINS_MORE = 0.15


@dataclass(frozen=True, slots=True)
class Likeness:
    """``kept`` share of the reference's edges that are still in place, ``edges`` the look has for
    each the reference has, ``shift_px`` that explains the difference."""

    kept: float
    edges: float
    shift_px: float


@dataclass(frozen=True, slots=True)
class Look:
    """One small picture, (H, W) uint8 about 160 wide, and what was measured of it."""

    luma: Luma
    brightness: float
    contrast: float
    sharpness: float

    @classmethod
    def of(cls, luma: Luma) -> "Look":
        """Measure a small picture."""
        brightness, contrast = opencv.mean_and_spread(luma)
        # The quotient does not fall when the light does, as the plain variance would.
        sharpness = opencv.laplacian_variance(luma) / max(1.0, contrast**2)
        return cls(luma, brightness, contrast, sharpness)


class Reference:
    """The running mean of good looks in one light."""

    def __init__(self, look: Look) -> None:
        self._mean: NDArray[np.float32] = look.luma.astype(np.float32)
        self.looks = 1
        self.brightness, self.contrast, self.sharpness = look.brightness, look.contrast, look.sharpness
        self._edges = self._edges_of_mean()

    @property
    def is_ready(self) -> bool:
        """Seen often enough to judge by."""
        return self.looks >= FIRST_LOOKS

    @property
    def picture(self) -> Luma:
        """The mean picture, (H, W) uint8."""
        return opencv.to_bytes(self._mean)

    def learn(self, look: Look) -> None:
        """Take one more good look in."""
        self.looks += 1
        weight = max(SLOW_WEIGHT, 1 / self.looks)
        opencv.blend_into(self._mean, look.luma, weight)
        self.brightness += weight * (look.brightness - self.brightness)
        self.contrast += weight * (look.contrast - self.contrast)
        self.sharpness += weight * (look.sharpness - self.sharpness)
        self._edges = self._edges_of_mean()

    def compare(self, look: Look) -> "Likeness":
        """Measure how far ``look`` is from this reference."""
        expected = int(np.count_nonzero(self._edges))
        if expected < LEAST_EDGES:
            return Likeness(1.0, 1.0, 0.0)
        light = min(1.0, max(0.2, look.brightness / max(1.0, self.brightness)))
        found = opencv.gradient_magnitude(look.luma) > EDGE * light * self._edge_light
        kept = float(np.count_nonzero(found & self._edges) / expected)
        return Likeness(kept, float(np.count_nonzero(found) / expected), self._shift(look, found, kept))

    def _shift(self, look: Look, found: NDArray[np.bool_], kept: float) -> float:
        """Return the shift in pixels that explains where the edges went, 0 when none does."""
        right, down, response = opencv.shift_between(self.picture, look.luma)
        if response < LEAST_RESPONSE:
            return 0.0
        moved = np.roll(self._edges, (round(down), round(right)), (0, 1))
        explained = np.count_nonzero(found & moved) / np.count_nonzero(self._edges)
        return max(abs(right), abs(down)) if explained > kept + EXPLAINS_MORE else 0.0

    def _edges_of_mean(self) -> NDArray[np.bool_]:
        # A night picture has its edges at a fraction of the daylight's strength.
        self._edge_light = min(1.0, max(0.25, self.brightness / 90))
        return opencv.gradient_magnitude(self.picture) > EDGE * self._edge_light
