"""Verdicts as people read them, each with the tone in which a screen says it. Pure."""

from enum import StrEnum


class Toned(StrEnum):
    """A verdict: its value is a text to translate, ``tone`` one of good, warn, bad and idle."""

    tone: str

    def __new__(cls, word: str, tone: str) -> "Toned":
        """Make one of its word and its tone."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.tone = tone
        return made
