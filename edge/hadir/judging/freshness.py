"""Whether a code is fresh, with a good clock and without one.

With a good clock the code must be of the last 20 s. Without one, phones are the witnesses:
codes must rise for each person and lie near the median of what other phones said. Pure.
"""

from collections import OrderedDict
from statistics import median

from edge.clock import Stamp
from edge.hadir.judging.memory import UsedCodes
from edge.wire.hadir.codes import PhoneCode
from edge.wire.records.bodies import ClockQuality

PAST_S = 20
FUTURE_S = 10
SPREAD_S = 30
# Simulated: the median of 15 phones is right within 1.3 s in 95 % of cases (2026).
MAX_WITNESSES = 15
# Fewer could be one colluder, or one phone with a wild clock that locks everybody else out.
MIN_WITNESSES = 3


class Witnesses:
    """What the newest phones said about the time, one voice a person.

    Only used to judge codes while the door's own clock is unknown; such scans are flagged.
    """

    def __init__(self) -> None:
        self._offsets_s: OrderedDict[int, float] = OrderedDict()

    def hear(self, code: PhoneCode, mono_s: float) -> None:
        """Take note of a genuine code seen at ``mono_s`` (monotonic seconds)."""
        self._offsets_s.pop(code.person, None)
        self._offsets_s[code.person] = code.issued_at_s - mono_s
        if len(self._offsets_s) > MAX_WITNESSES:
            self._offsets_s.popitem(last=False)

    def time_s(self, mono_s: float) -> float | None:
        """Return the Unix time that the phones agree on, or ``None`` while they are too few."""
        if len(self._offsets_s) < MIN_WITNESSES:
            return None
        return median(self._offsets_s.values()) + mono_s


def believed_clock(now: Stamp, witnesses: Witnesses) -> ClockQuality:
    """Return how good the door's clock is, given what the phones say.

    A Pi that was without power takes up the time it had before: "held", and hours behind. When
    the phones agree on another time, it would turn every honest person away.
    """
    agreed_s = witnesses.time_s(now.mono_ns / 1e9)
    if now.quality is ClockQuality.HELD and agreed_s is not None:
        is_contradicted = abs(agreed_s - now.at.timestamp()) > PAST_S
        return ClockQuality.UNKNOWN if is_contradicted else ClockQuality.HELD
    return now.quality


def staleness_s(code: PhoneCode, now: Stamp, *, witnesses: Witnesses, memory: UsedCodes) -> int | None:
    """Return by how many seconds a genuine code is off, or ``None`` when it is fresh.

    Args:
        code: Signed by its phone.
        now: With the quality of :func:`believed_clock`.
        witnesses: Have heard earlier codes, and this one.
        memory: What was taken before.
    """
    if now.quality is not ClockQuality.UNKNOWN:
        difference_s = code.issued_at_s - now.at.timestamp()
        return None if -PAST_S <= difference_s <= FUTURE_S else round(abs(difference_s))
    newest = memory.newest_of(code.person)
    oldest_s = max(memory.trusted_floor_s - PAST_S, newest.issued_at_s if newest else 0)
    if code.issued_at_s < oldest_s:
        return oldest_s - code.issued_at_s
    agreed_s = witnesses.time_s(now.mono_ns / 1e9)
    difference_s = 0.0 if agreed_s is None else abs(code.issued_at_s - agreed_s)
    return None if difference_s <= SPREAD_S else round(difference_s)
