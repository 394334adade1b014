"""How long things of one width usually are at a line: what tells two parts of a car from two cars.

Must not know tracks or time.
"""

from collections import deque

MOST_SHAPES = 60
LEAST_SHAPES = 5
# As wide means up to this share more or less; as long is what most are not longer than, and a little.
LIKE_WIDTH = 0.3
MOST_OF = 0.75
MORE_LONG = 1.15
TYPICAL_WIDTH = 0.6
# Height by width of a rider or walker seen from a mast, at the most.
UPRIGHT = 2.8


class UsualShapes:
    """Remembers the extents of what was counted last, along the line and across it."""

    def __init__(self) -> None:
        self._shapes: deque[tuple[float, float]] = deque(maxlen=MOST_SHAPES)

    def add(self, along_px: float, across_px: float) -> None:
        """Remember one thing."""
        self._shapes.append((along_px, across_px))

    def most_across_px(
        self, along_px: float, typical_px: float = 0.0, *, is_line_upright: bool = False
    ) -> float:
        """Return how far one thing of this extent along the line may reach across it; 0 = not known.

        Args:
            typical_px: side of a typical thing: what is about as wide as one is believed to be as
                large as one, what is narrower to be somebody upright; 0 = not known.
            is_line_upright: the extent along the line is a height.
        """
        alike = sorted(
            across for along, across in self._shapes if abs(along - along_px) <= LIKE_WIDTH * along_px
        )
        usual_px = MORE_LONG * alike[int(MOST_OF * len(alike))] if len(alike) >= LEAST_SHAPES else 0.0
        if typical_px == 0:
            return usual_px
        # Where things always fall apart, what was counted is as short as their parts.
        if along_px >= TYPICAL_WIDTH * typical_px:
            return max(usual_px, MORE_LONG * typical_px**2 / along_px)
        return usual_px if is_line_upright else max(usual_px, UPRIGHT * along_px)
