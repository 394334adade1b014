"""How large things are in this scene: the one number that decides what is a speck and what a car.

Everything that depends on size is derived here. Must not look at pictures.
"""

import math
from collections import deque
from dataclasses import dataclass

# Share of a typical object's size below which a thing is a fragment or a speck.
SMALLEST_SHARE = 0.26
MOST_SAMPLES = 600
# Before anything is learnt: a motorcycle on a street seen from a mast.
DEFAULT_SMALLEST = 0.032
# Lorries set the scale of their street, and walkers are a twentieth of them: where a whole street is in
# the picture, a thing need not be larger than the square of this share of its height.
STREET_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class SceneScale:
    """Sizes in pixels of the analysed picture.

    ``smallest_px`` is the side of the smallest thing that counts; what has the area of a square of
    ``enough_px`` is large enough however large others are.
    """

    smallest_px: float
    enough_px: float = math.inf

    @property
    def least_area_px(self) -> float:
        """Foreground pixels below which a region is not a thing."""
        return max(6.0, min(0.45 * self.smallest_px**2, self.enough_px**2))

    @property
    def typical_px(self) -> float:
        """Side of a typical thing."""
        return self.smallest_px / SMALLEST_SHARE

    @property
    def gap_px(self) -> int:
        """Gaps up to this wide are closed within a thing (odd; 1 closes nothing)."""
        return 2 * int(min(9.0, 0.1 * self.typical_px) / 2) + 1

    @property
    def speck_px(self) -> int:
        """Specks thinner than this are removed."""
        return 3 if self.typical_px >= 12 else 2


class ScaleLearner:
    """Learns the typical size from the regions that move across the lines.

    Large regions weigh more, by their area: fragments of a thing are many, but small.
    """

    def __init__(self) -> None:
        self._sizes: deque[tuple[float, float]] = deque(maxlen=MOST_SAMPLES)

    def add(self, size_px: float, area_px: float) -> None:
        """Note one moving region: the side of a square as large as its box, and its area."""
        self._sizes.append((size_px, area_px))

    def shrunk(self, factor: int) -> "ScaleLearner":
        """Return the same knowledge for a picture smaller by ``factor``."""
        other = ScaleLearner()
        for size, area in self._sizes:
            other.add(size / factor, area / factor**2)
        return other

    @property
    def samples(self) -> int:
        """How many regions were noted."""
        return len(self._sizes)

    def typical_px(self) -> float:
        """Return the area-weighted median size, 0 when nothing was noted."""
        half, seen = sum(area for _, area in self._sizes) / 2, 0.0
        for size, area in sorted(self._sizes):
            seen += area
            if seen >= half:
                return size
        return 0.0
