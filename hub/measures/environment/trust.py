"""Whether the hours of a sensor can be believed: out of range, stuck, or jumping. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.measures.keeping.quality import Quality
from hub.telemetry.store import Hour

# Ours: air and rivers are never the same to the last digit for so long; rain is, at zero.
STUCK_HOURS = 6
# Ours: an hour so many times its neighbours is looked at before it counts as sure.
JUMP = 5.0


@dataclass(frozen=True, slots=True)
class Range:
    """What a sensor can say at all; ``may_rest``: it may stand still, as a rain gauge does."""

    least: float
    most: float
    may_rest: bool = False


def trusted(hours: Sequence[Hour], limits: Range) -> list[tuple[Hour, Quality]]:
    """Return each hour with how good it is.

    Args:
        hours: Of one sensor, oldest first.
        limits: What it can say.
    """
    found: list[tuple[Hour, Quality]] = []
    still = 0
    for place, hour in enumerate(hours):
        is_same = place > 0 and hour.low == hour.high == hours[place - 1].high
        still = still + 1 if is_same else 0
        if (
            hour.low < limits.least
            or hour.high > limits.most
            or (still >= STUCK_HOURS - 1 and not limits.may_rest)
        ):
            quality = Quality.INSUFFICIENT
        elif not limits.may_rest and _jumps(hours, place):
            quality = Quality.PROVISIONAL
        else:
            quality = Quality.VALID
        found.append((hour, quality))
    return found


def _jumps(hours: Sequence[Hour], place: int) -> bool:
    if not 0 < place < len(hours) - 1:
        return False
    before, here, after = (_mean(hours[one]) for one in (place - 1, place, place + 1))
    return here > JUMP * max(before, after) > 0


def _mean(hour: Hour) -> float:
    return hour.total / hour.samples
