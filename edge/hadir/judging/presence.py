"""Tells a phone that stays in view from one that is shown again. Pure.

A phone redraws its code every 5 s and a camera reads it 15 times a second: without this, a
person who holds still after MASUK would be told off.
"""

HOLD_S = 2.0
# A phone may be between two codes, or blurred, for a moment.
_PERSON_HOLD_S = 7.0


class Presence:
    """Which texts and persons are in view; times are monotonic seconds."""

    def __init__(self) -> None:
        self._texts: dict[str, float] = {}
        self._persons: dict[int, float] = {}

    def is_new(self, text: str, now_s: float) -> bool:
        """Take note of a text, and tell whether it was out of view before."""
        self._texts = {known: seen_s for known, seen_s in self._texts.items() if now_s - seen_s < HOLD_S}
        is_new = text not in self._texts
        self._texts[text] = now_s
        return is_new

    def forget(self, text: str) -> None:
        """Let the next sight of ``text`` count as new."""
        self._texts.pop(text, None)

    def has_stayed(self, person: int, now_s: float) -> bool:
        """Take note of a person who was recorded, and tell whether they never left the view."""
        seen_s = self._persons.get(person)
        self._persons = {known: s for known, s in self._persons.items() if now_s - s < _PERSON_HOLD_S}
        self._persons[person] = now_s
        return seen_s is not None and now_s - seen_s < _PERSON_HOLD_S


class Blindness:
    """How long a code has been in view that nobody could read."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._since_s: float | None = None
        self._last_s = 0.0

    def is_long(self, now_s: float) -> bool:
        """Take note of an unreadable code; tell, once, that it lasted."""
        if self._since_s is None or now_s - self._last_s > HOLD_S:
            self._since_s = now_s
        self._last_s = now_s
        is_long = now_s - self._since_s >= self._limit_s
        if is_long:
            self._since_s = None
        return is_long

    def end(self) -> None:
        """A code was read."""
        self._since_s = None
