"""Counts refused codes for the hub, which learns how often and why, never whose. Pure."""

from collections import Counter, deque

from edge.wire.records.bodies import DeviceIncident, ScanRefused

REPORT_EVERY_S = 60.0
SHOW_FOREIGN_EVERY_S = 5.0
_FORGED_WINDOW_S = 60.0
_FORGED_LIMIT = 3


class Refusals:
    """What one door refused; times are monotonic seconds."""

    def __init__(self, door: str) -> None:
        self._door = door
        self._counts: Counter[str] = Counter()
        self._reported_s: float | None = None
        self._forged_s: deque[float] = deque(maxlen=_FORGED_LIMIT)
        self._is_forging = False
        self._foreign_shown_s = -SHOW_FOREIGN_EVERY_S

    def count(self, code: str, now_s: float) -> None:
        """Count one refusal with this message code."""
        self._counts[code] += 1
        if code == "E06":
            self._forged_s.append(now_s)
            is_full = len(self._forged_s) == _FORGED_LIMIT
            if is_full and now_s - self._forged_s[0] <= _FORGED_WINDOW_S:
                self._is_forging = True
                self._forged_s.clear()

    def may_show_foreign(self, now_s: float) -> bool:
        """Tell whether "Bukan kode Hadir." may be shown again; saying yes starts the pause."""
        if now_s - self._foreign_shown_s < SHOW_FOREIGN_EVERY_S:
            return False
        self._foreign_shown_s = now_s
        return True

    def due(self, now_s: float) -> list[ScanRefused | DeviceIncident]:
        """Return what the hub should be told now."""
        due: list[ScanRefused | DeviceIncident] = []
        if self._is_forging:
            self._is_forging = False
            due.append(
                DeviceIncident(what="forged-codes", detail=f"3 kode tidak sah dalam 1 menit di {self._door}")
            )
        if self._reported_s is None:
            self._reported_s = now_s
        if now_s - self._reported_s >= REPORT_EVERY_S:
            self._reported_s = now_s
            due += [ScanRefused(door=self._door, message=code, count=n) for code, n in self._counts.items()]
            self._counts.clear()
        return due
