"""Watches the supply: says once that mains is lost, once that the end is near, and takes it back.

Pure: states in, what to record and to say out.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from edge.health.probing.ups import UpsState
from edge.wire.records.bodies import DeviceIncident

# A supply that is weak at the limit would otherwise say so all day.
_VOLTAGE_CALM_S = 60.0


class Gasp(StrEnum):
    """What the hub should be told at once, past all queues."""

    NOTHING = "nothing"
    SAY = "say"
    TAKE_BACK = "take-back"


@dataclass(frozen=True, slots=True)
class PowerNews:
    """What one look at the supply brought."""

    incidents: tuple[DeviceIncident, ...] = ()
    gasp: Gasp = Gasp.NOTHING


@dataclass(slots=True)
class PowerWatch:
    """Remembers what was said; one loop owns it."""

    has_gasped: bool = False
    _is_on_battery: bool = False
    _is_weak: bool = False
    _weak_at_s: float = 0.0
    _news: list[DeviceIncident] = field(default_factory=list)

    def step(self, *, now_s: float, ups: UpsState | None, is_under_voltage: bool | None) -> PowerNews:
        """Return what is new.

        Args:
            now_s: Seconds that never go back.
            ups: How the supply is; None says nothing, neither good nor bad.
            is_under_voltage: Whether the board's voltage is too low now.
        """
        self._news = []
        gasp = Gasp.NOTHING if ups is None else self._mains(ups)
        if is_under_voltage is not None:
            self._voltage(is_under_voltage, now_s)
        return PowerNews(tuple(self._news), gasp)

    def _mains(self, ups: UpsState) -> Gasp:
        if ups.is_on_battery != self._is_on_battery:
            self._is_on_battery = ups.is_on_battery
            self._say("mains-lost" if ups.is_on_battery else "mains-back", _charge(ups))
        if ups.is_on_battery and ups.is_low and not self.has_gasped:
            self.has_gasped = True
            self._say("last-gasp", _charge(ups))
            return Gasp.SAY
        if not ups.is_on_battery and self.has_gasped:
            self.has_gasped = False
            return Gasp.TAKE_BACK
        return Gasp.NOTHING

    def _voltage(self, is_weak: bool, now_s: float) -> None:
        if is_weak:
            self._weak_at_s = now_s
        is_weak_still = is_weak or (self._is_weak and now_s - self._weak_at_s < _VOLTAGE_CALM_S)
        if is_weak_still != self._is_weak:
            self._is_weak = is_weak_still
            self._say("under-voltage" if is_weak_still else "voltage-back", "")

    def _say(self, what: str, detail: str) -> None:
        self._news.append(DeviceIncident(what=what, detail=detail))


def _charge(ups: UpsState) -> str:
    return "" if ups.charge_share is None else f"battery {ups.charge_share:.0%}"
