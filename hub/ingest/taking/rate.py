"""A token bucket a key, so that one device that runs wild cannot starve the city."""

from collections.abc import Callable


class TokenBuckets:
    """Refuses what goes beyond a burst and a steady rate; refused is not lost, edges send again."""

    def __init__(self, *, per_s: float, burst: float, monotonic_s: Callable[[], float]) -> None:
        """Fill every bucket.

        Args:
            per_s: Tokens that come back in a second.
            burst: Most tokens a bucket holds.
            monotonic_s: The clock.
        """
        self._per_s = per_s
        self._burst = burst
        self._monotonic_s = monotonic_s
        self._levels: dict[str, tuple[float, float]] = {}

    def allows(self, key: str, cost: float = 1.0) -> bool:
        """Take ``cost`` tokens, or none and return ``False``."""
        now_s = self._monotonic_s()
        level, since_s = self._levels.get(key, (self._burst, now_s))
        level = min(self._burst, level + (now_s - since_s) * self._per_s)
        is_allowed = level >= cost
        self._levels[key] = (level - cost if is_allowed else level, now_s)
        return is_allowed
