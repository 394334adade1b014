"""How often a person may type a wrong PIN: five times in ten minutes. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

MAX_TRIES = 5
TRIES_WINDOW_S = 600.0


@dataclass(slots=True)
class PinTries:
    """Counts wrong PINs of each person; times are monotonic seconds."""

    _wrong: dict[int, list[float]] = field(default_factory=dict)

    def left(self, person: int, now_s: float) -> int:
        """Return how many tries a person has left now."""
        recent = [tried for tried in self._wrong.get(person, []) if now_s - tried < TRIES_WINDOW_S]
        self._wrong[person] = recent
        return MAX_TRIES - len(recent)

    def check(self, person: int, now_s: float, is_right: Callable[[], bool]) -> bool:
        """Tell whether the try succeeds; without tries left ``is_right`` is not even asked."""
        if self.left(person, now_s) <= 0:
            return False
        if is_right():
            self._wrong.pop(person, None)
            return True
        self._wrong[person].append(now_s)
        return False
