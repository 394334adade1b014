"""The rotating figures of "mode ketat": the phone signs them, so a picture sent ahead is useless.

Three decimal figures are the 3 challenge bytes of the code, because a person has to carry
them from the door's screen to the phone. Pure: randomness and time come in.
"""

from collections.abc import Callable

ROTATE_S = 30.0
_FIGURES = 1_000


class Challenges:
    """The figures now, and the ones before them."""

    def __init__(self, draw: Callable[[int], int]) -> None:
        """``draw(n)`` returns a number below ``n`` that nobody can foresee."""
        self._draw = draw
        self._current = self._fresh()
        self._previous: str | None = None
        self._since_s: float | None = None

    def current(self, mono_s: float) -> str:
        """Return the three figures to show at this moment (monotonic seconds)."""
        if self._since_s is None:
            self._since_s = mono_s
        elif mono_s - self._since_s >= ROTATE_S:
            is_recent = mono_s - self._since_s < 2 * ROTATE_S
            self._previous = self._current if is_recent else None
            self._current, self._since_s = self._fresh(), mono_s
        return self._current

    def valid(self, mono_s: float) -> tuple[str, ...]:
        """Return the figures a code may be signed with at this moment."""
        current = self.current(mono_s)
        return (current,) if self._previous is None else (current, self._previous)

    def _fresh(self) -> str:
        return f"{self._draw(_FIGURES):03d}"
