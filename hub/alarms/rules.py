"""States, order and deadlines of alarms. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from hub.alarms.kinds import Severity
from hub.alarms.settings import Escalation
from hub.web.i18n import N_

# ISA-18.2 and EEMUA 191 call an alarm that stands for a day stale: somebody must repair it or shelve it.
STALE_AFTER = timedelta(hours=24)
# A shift is eight hours; nobody may silence a cause for longer than a week without saying it again.
SHELF_HOURS = (1, 2, 8, 24, 168)
# Blips and storms settle before anybody is woken.
TELL_AFTER = timedelta(seconds=30)
MOST_ESCALATIONS = 3
# A cause that is back within this time never went: the same alarm, still acknowledged.
FLAPPING_WITHIN = timedelta(minutes=15)


class AlarmState(StrEnum):
    """Active or cleared, acknowledged or not."""

    NEW = "new"
    KNOWN = "known"
    GONE = "gone"
    DONE = "done"


STATE_WORDS: Mapping[AlarmState, str] = {
    AlarmState.NEW: N_("aktif, belum diketahui"),
    AlarmState.KNOWN: N_("aktif, diketahui"),
    AlarmState.GONE: N_("pulih, belum diketahui"),
    AlarmState.DONE: N_("selesai"),
}

# What is gone and was never acknowledged comes after what is there and was not, before what is known.
_PLACES = {AlarmState.NEW: 0, AlarmState.GONE: 1, AlarmState.KNOWN: 2, AlarmState.DONE: 3}


def state_of(*, is_active: bool, is_acknowledged: bool) -> AlarmState:
    """Return which of the four states it is."""
    if is_active:
        return AlarmState.KNOWN if is_acknowledged else AlarmState.NEW
    return AlarmState.DONE if is_acknowledged else AlarmState.GONE


def order(state: AlarmState, severity: Severity, active_since: datetime) -> tuple[int, int, float]:
    """Return the place in the list: unacknowledged first, then the gravest, then the newest."""
    return _PLACES[state], severity.rank, -active_since.timestamp()


def is_flapping(*, cleared_at: datetime | None, now: datetime) -> bool:
    """Return whether what comes back now has hardly been away."""
    return cleared_at is not None and now - cleared_at <= FLAPPING_WITHIN


def is_stale(*, is_active: bool, active_since: datetime, now: datetime) -> bool:
    """Return whether an alarm stands for so long that nobody looks at it any more."""
    return is_active and now - active_since > STALE_AFTER


def next_telling_at(
    *, severity: Severity, told: int, active_since: datetime, told_at: datetime | None, waits: Escalation
) -> datetime | None:
    """Return when the next people are told of an alarm that nobody acknowledged; ``None``: never.

    Args:
        severity: How grave it is.
        told: How often people were told.
        active_since: When it began.
        told_at: When people were told last.
        waits: Minutes by severity.
    """
    if told == 0:
        return active_since + TELL_AFTER
    wait_min: int = getattr(waits, severity.value)
    if wait_min == 0 or told >= MOST_ESCALATIONS or told_at is None:
        return None
    return told_at + timedelta(minutes=wait_min)
