"""What is well with the hub and what is not, each with what is known of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hub.operating.words import WORDS, Check, Problem, Words


class State(StrEnum):
    """How grave; values are the tones of screens."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest."""
        return (State.BAD, State.WARN, State.GOOD).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``since``: when that began, if it is known."""

    check: Check
    state: State
    problem: Problem
    facts: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None

    @property
    def words(self) -> Words:
        """Its sentence and remedy, with places for the facts in the sentence."""
        return WORDS[self.problem]


def well(check: Check, problem: Problem, since: datetime | None = None, **facts: object) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(check, State.GOOD, problem, _texts(facts), since)


def warning(check: Check, problem: Problem, since: datetime | None = None, **facts: object) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(check, State.WARN, problem, _texts(facts), since)


def trouble(check: Check, problem: Problem, since: datetime | None = None, **facts: object) -> Finding:
    """Return a finding that somebody must act on."""
    return Finding(check, State.BAD, problem, _texts(facts), since)


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}
