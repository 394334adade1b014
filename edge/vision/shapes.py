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


class UsualShapes:
    """Remembers the extents of what was counted last, along the line and across it."""

    def __init__(self) -> None:
        self._shapes: deque[tuple[float, float]] = deque(maxlen=MOST_SHAPES)

    def add(self, along_px: float, across_px: float) -> None:
        """Remember one thing."""
        self._shapes.append((along_px, across_px))

    def most_across_px(self, along_px: float) -> float:
        """Return how far one thing of this extent along the line may reach across it; 0 = not known."""
        alike = sorted(
            across for along, across in self._shapes if abs(along - along_px) <= LIKE_WIDTH * along_px
        )
        return MORE_LONG * alike[int(MOST_OF * len(alike))] if len(alike) >= LEAST_SHAPES else 0.0
