"""When somebody of a demonstration comes and goes: a habit a person, a little chance a day. Pure.

The shares are invented ("contoh"): no statistic of Pontianak was at hand.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

# Of two who come to work together; the other half of their days they come alone.
TOGETHER_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody usually comes and goes, in minutes; shares are of working days.

    ``comes_min`` is from the start of work on, less than 0 is before it; ``goes_min`` is from the end on.
    """

    comes_min: float
    comes_spread_min: float
    goes_min: float
    goes_spread_min: float
    forgets: float = 0.01
    stays_away: float = 0.004


# (share of people, habit)
HABITS: tuple[tuple[float, Habit], ...] = (
    (0.62, Habit(-19, 8, 11, 5)),
    (0.22, Habit(-6, 4, 8, 5, forgets=0.02)),
    (0.09, Habit(-1, 9, 12, 14, forgets=0.03)),
    (0.05, Habit(9, 18, 2, 6, forgets=0.05, stays_away=0.02)),
    (0.02, Habit(-28, 9, 48, 25)),
)


@dataclass(frozen=True, slots=True)
class Passing:
    """Somebody passes the door; ``None`` is a half of the day that nobody showed a code for."""

    arrived_at: datetime | None
    left_at: datetime | None


def habit_of(person: int, seed: int) -> Habit:
    """Return what somebody is like; the same person and seed are always alike."""
    # A text, because small whole numbers as seeds begin much alike.
    chance = random.Random(f"habit {seed} {person}")  # noqa: S311 (an invented city is no secret)
    return chance.choices([habit for _share, habit in HABITS], [share for share, _habit in HABITS])[0]


def passing_of(habit: Habit, start: datetime, end: datetime, chance: random.Random) -> Passing:
    """Return how somebody passes on a working day.

    Args:
        habit: What the person is like.
        start: When the work begins.
        end: When it ends.
        chance: Of this person and day.
    """
    if chance.random() < habit.stays_away:
        return Passing(None, None)
    arrived = start + timedelta(minutes=chance.gauss(habit.comes_min, habit.comes_spread_min))
    left = end + timedelta(minutes=chance.gauss(habit.goes_min, habit.goes_spread_min))
    forgotten = chance.random() < habit.forgets
    return Passing(arrived, None if forgotten else max(left, arrived + timedelta(minutes=30)))


def beside(other: Passing, chance: random.Random) -> Passing:
    """Return how somebody passes who comes right behind a colleague, and goes with them."""
    gap = timedelta(seconds=chance.uniform(1.5, 4.5))
    return Passing(
        None if other.arrived_at is None else other.arrived_at + gap,
        None if other.left_at is None else other.left_at + gap,
    )
