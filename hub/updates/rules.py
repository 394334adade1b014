"""What a rollout does next: open a ring, wait, end, or stop because too much failed. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from edge.wire.updates import UpdateFault, UpdateState


class RolloutState(StrEnum):
    """How a rollout is."""

    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN = frozenset({RolloutState.RUNNING, RolloutState.PAUSED})
"""While one is, no other is started for the same board."""

_FAILED = frozenset({UpdateState.RETURNED, UpdateState.REFUSED, UpdateState.FAILED})
DECIDED = _FAILED | {UpdateState.COMMITTED}
# No word against the release: the device cannot take any, or was told to forget it.
_NO_FAULT_OF_THE_RELEASE = frozenset({UpdateFault.UNSUPPORTED, UpdateFault.WITHDRAWN})


class Step(StrEnum):
    """What to do with a rollout now."""

    WAIT = "wait"
    OPEN_NEXT = "open-next"
    COMPLETE = "complete"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one device of a rollout is; ``at``: since when."""

    place: int
    state: str
    fault: str
    is_online: bool
    at: datetime

    @property
    def is_failed(self) -> bool:
        """Whether the release did not work here."""
        return self.state in _FAILED and self.fault not in _NO_FAULT_OF_THE_RELEASE

    @property
    def is_decided(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.state in DECIDED


def order_of(rollout: int, attempt: int) -> str:
    """Return what an order is called on the wire."""
    return f"{rollout}.{attempt}"


def count_failed(standings: Collection[Standing], *, since: datetime) -> int:
    """Return how many failed after a time."""
    return sum(one.is_failed and one.at > since for one in standings)


def next_step(
    standings: Collection[Standing],
    *,
    place: int,
    last_place: int,
    place_since: datetime,
    settle: timedelta,
    most_failed_percent: int,
    failures_since: datetime,
    now: datetime,
) -> Step:
    """Return what a running rollout does now.

    Args:
        standings: Of all devices asked so far.
        place: Of the last ring that is open.
        last_place: Of the last ring there is.
        place_since: When it was opened.
        settle: How long it has to be well before the next.
        most_failed_percent: Of those asked; more stops the rollout.
        failures_since: Failures before are known to somebody and count no more.
        now: The time.
    """
    failed = count_failed(standings, since=failures_since)
    if failed * 100 > most_failed_percent * len(standings):
        return Step.PAUSE
    ring = [one for one in standings if one.place == place]
    if ring and not _has_taken(ring):
        return Step.WAIT
    if place < last_place:
        is_well = not ring or _stays_well(ring, since=place_since, settle=settle, now=now)
        return Step.OPEN_NEXT if is_well else Step.WAIT
    return Step.COMPLETE if standings else Step.WAIT


def _has_taken(ring: Collection[Standing]) -> bool:
    """Return whether somebody took the release, and nobody who is there is still at it."""
    is_taken = any(one.state == UpdateState.COMMITTED for one in ring)
    return is_taken and not any(one.is_online and not one.is_decided for one in ring)


def _stays_well(ring: Collection[Standing], *, since: datetime, settle: timedelta, now: datetime) -> bool:
    """Return whether all that took the release are still there, for long enough."""
    taken = [one for one in ring if one.state == UpdateState.COMMITTED]
    return all(one.is_online for one in taken) and now >= max(since, *(one.at for one in taken)) + settle
