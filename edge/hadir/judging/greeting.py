"""Which greeting a recorded person gets: coming or going, in time or late. Pure.

Only a kindness: what counts as late is decided by the rules at the hub.
"""

from edge.clock import Stamp
from edge.hadir import messages
from edge.hadir.messages import WIB, Message
from edge.wire.hadir.codes import Purpose
from edge.wire.hadir.roster import Hours
from edge.wire.records.bodies import ClockQuality

_NOON_MIN = 12 * 60
# Arrivals count until four hours after the start (reference, section 16); later it is an errand.
_ARRIVAL_WINDOW_MIN = 240
_SAME_DAY_S = 16 * 3_600


def greet(
    name: str,
    now: Stamp,
    *,
    purpose: Purpose,
    direction: str,
    hours: Hours | None,
    earlier_s: int | None,
) -> Message:
    """Return H00 for somebody whose scan is stored.

    Args:
        name: Display name.
        now: When the code was read, with the quality believed.
        purpose: What the person chose on the phone.
        direction: Of the door: ``in``, ``out`` or ``both``.
        hours: Of the person's office today, if the roster knows them.
        earlier_s: When the person passed here before, Unix seconds.
    """
    if now.quality is ClockQuality.UNKNOWN:
        return messages.recorded_without_time(name)
    local = now.at.astimezone(WIB)
    minute = local.hour * 60 + local.minute
    if hours is not None and hours.end <= hours.start:
        hours = None  # over midnight: a door cannot tell which of the two days is meant
    if _is_leaving(purpose, direction, minute, hours):
        return messages.left(name, now.at)
    is_first = earlier_s is None or now.at.timestamp() - earlier_s > _SAME_DAY_S
    late_min = minute - hours.start if hours and is_first and purpose is not Purpose.EVENT else None
    return messages.arrived(
        name, now.at, late_min if late_min is None or late_min <= _ARRIVAL_WINDOW_MIN else None
    )


def _is_leaving(purpose: Purpose, direction: str, minute: int, hours: Hours | None) -> bool:
    if purpose is not Purpose.AUTOMATIC:
        return purpose is Purpose.LEAVING
    if direction != "both":
        return direction == "out"
    middle = (hours.start + hours.end) // 2 if hours else _NOON_MIN
    return minute >= middle
