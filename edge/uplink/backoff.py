"""How long to wait before connecting again: full jitter, so that a city does not come back at once.

Pure: must not sleep.
"""

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """Waits up to ``first_s`` after one loss, twice as long after each further one, up to ``cap_s``.

    A connection that held for ``steady_s`` starts the count anew; one that is thrown out at once does not.
    """

    chance: random.Random
    first_s: float = 2.0
    cap_s: float = 300.0
    steady_s: float = 5.0
    _ceiling_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the shortest wait."""
        self._ceiling_s = self.first_s

    def next_wait_s(self, *, connected_for_s: float) -> float:
        """Return how long to wait now.

        Args:
            connected_for_s: How long the connection that was lost had lasted; 0 when none came about.
        """
        if connected_for_s >= self.steady_s:
            self._ceiling_s = self.first_s
        wait_s = self.chance.uniform(0, self._ceiling_s)
        self._ceiling_s = min(self._ceiling_s * 2, self.cap_s)
        return wait_s
