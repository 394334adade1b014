"""Who is on the drawn street when: a timetable, known in advance, that is all the truth there is.

Must not draw. A thing's place is a function of time, so any moment can be asked for.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class Kind(StrEnum):
    """What moves on the street."""

    CAR = "car"
    VAN = "van"
    LORRY = "lorry"
    MOTORCYCLE = "motorcycle"
    PERSON = "person"


# Length, width, height in metres.
SIZE_M = {
    Kind.CAR: (4.3, 1.8, 1.45),
    Kind.VAN: (4.9, 1.9, 2.0),
    Kind.LORRY: (8.5, 2.4, 3.2),
    Kind.MOTORCYCLE: (1.9, 0.7, 1.5),
    Kind.PERSON: (0.45, 0.55, 1.7),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A way along the street: ``beside_m`` from its middle, ``heading`` +1 or -1, from where to where."""

    beside_m: float
    heading: int
    first_m: float
    last_m: float
    speed_m_s: float
    is_pavement: bool = False

    @property
    def length_m(self) -> float:
        """How long the way is."""
        return self.last_m - self.first_m


@dataclass(frozen=True, slots=True)
class Mover:
    """One thing with its whole way: enters its lane at ``enters_s`` and goes at ``speed_m_s``.

    It stands still for ``pause_s`` after ``pause_after_m`` metres.
    """

    number: int
    kind: Kind
    lane: Lane
    beside_m: float
    enters_s: float
    speed_m_s: float
    tint: int
    pause_after_m: float = math.inf
    pause_s: float = 0.0

    def gone_m(self, time_s: float) -> float:
        """Return how far it has come along its way, negative before it entered."""
        gone = (time_s - self.enters_s) * self.speed_m_s
        if gone <= self.pause_after_m:
            return gone
        return max(self.pause_after_m, gone - self.pause_s * self.speed_m_s)

    def along_m(self, time_s: float) -> float:
        """Return its place along the street; people sway, even those who stand."""
        gone = self.gone_m(time_s)
        if self.kind is Kind.PERSON:
            gone += 0.05 * math.sin(1.9 * time_s + self.number)
        return self.lane.first_m + gone if self.lane.heading > 0 else self.lane.last_m - gone

    @property
    def leaves_s(self) -> float:
        """When it is out of the picture for good."""
        return self.enters_s + self.lane.length_m / self.speed_m_s + self.pause_s


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of kinds, how many in a row side by side, and how people behave."""

    shares: dict[Kind, float]
    most_abreast: int = 1
    pause_s: tuple[float, float] = (0.0, 0.0)


def timetable(lane: Lane, mix: Mix, *, per_minute: float, seed: int) -> Iterator[Mover]:
    """Yield the things of one lane in the order of their entry, for ever."""
    random = np.random.default_rng(seed)
    kinds, weights = list(mix.shares), np.array(list(mix.shares.values()))
    number, free_s = seed * 1_000_000, 0.0
    clock_s = float(random.exponential(60 / per_minute))
    while True:
        kind = kinds[int(random.choice(len(kinds), p=weights / weights.sum()))]
        abreast = int(random.integers(1, mix.most_abreast + 1)) if kind is Kind.MOTORCYCLE else 1
        enters_s = max(clock_s, free_s)
        for place in _places(abreast, random):
            number += 1
            mover = _mover(number, kind, lane, place, enters_s, mix, random)
            free_s = max(free_s, _free_after(mover, lane))
            yield mover
        clock_s += float(random.exponential(60 / per_minute))


def _places(abreast: int, random: np.random.Generator) -> list[float]:
    """Return places beside the middle of the lane; neighbours are about a metre apart."""
    middle = float(random.normal(0, 0.15))
    return [middle + 1.15 * (index - (abreast - 1) / 2) for index in range(abreast)]


def _mover(
    number: int, kind: Kind, lane: Lane, place: float, enters_s: float, mix: Mix, random: np.random.Generator
) -> Mover:
    is_pausing = lane.is_pavement and mix.pause_s[1] > 0
    return Mover(
        number=number,
        kind=kind,
        lane=lane,
        beside_m=lane.beside_m + place,
        enters_s=enters_s + float(random.uniform(0, 0.25)),
        speed_m_s=lane.speed_m_s * float(random.uniform(0.94, 1.06)),
        tint=int(random.integers(0, 1000)),
        pause_after_m=lane.length_m * float(random.uniform(0.35, 0.6)) if is_pausing else math.inf,
        pause_s=float(random.uniform(*mix.pause_s)) if is_pausing else 0.0,
    )


def _free_after(mover: Mover, lane: Lane) -> float:
    """Return when the next may enter so that it never drives into this one, however fast it is."""
    length_m = SIZE_M[mover.kind][0]
    slowest_s = lane.length_m / mover.speed_m_s
    fastest_s = lane.length_m / (1.06 * lane.speed_m_s)
    return mover.enters_s + mover.pause_s + (slowest_s - fastest_s) + (length_m + 2.5) / mover.speed_m_s
