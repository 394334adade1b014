"""Notices that the hub could not hear the device for a while, and says why once it can again.

Pure but for what it is given. A silence may span restarts of the agent and of the board.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.clock import Stamp
from edge.config import Medium
from edge.health.causes.diagnosis import AbsenceEvidence, diagnose_absence
from edge.health.causes.life import Life
from edge.health.probing.board import Reset
from edge.wire.records.bodies import BootReason, ClockQuality, DeviceReturned

# Shorter breaks are the network's everyday life.
MIN_OUTAGE_S = 20.0
LIFE_EVERY_S = 30.0
# The last life may be this old when the power went; rows after that are from the silence.
_LIFE_MARGIN = timedelta(seconds=LIFE_EVERY_S + 15)
# Without a clock of its own a board waits this long for NTP before it guesses.
_CLOCK_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What the agent knows at one turn."""

    stamp: Stamp
    is_connected: bool
    kept: int

    @property
    def uptime_s(self) -> float:
        """Seconds since the boot, which is what Linux counts from."""
        return self.stamp.mono_ns / 1e9


class AbsenceWatch:
    """One loop owns it."""

    def __init__(
        self,
        *,
        previous: Life | None,
        boot_id: str,
        reset: Reset | None,
        medium: Medium,
        count_rows: Callable[[datetime], int],
    ) -> None:
        """Look at what was left.

        Args:
            previous: The life before this start.
            boot_id: Of this boot.
            reset: Why the processor started, where that is known.
            medium: What carries the device to the hub.
            count_rows: Counts rows that wait and were recorded after an instant.
        """
        self._previous = previous
        self._medium = medium
        self._is_same_boot = previous is not None and previous.boot_id == boot_id
        self.boot = boot_reason(previous, is_same_boot=self._is_same_boot, reset=reset)
        since = None if previous is None else previous.connected_at
        self._rows_before = 0 if since is None else count_rows(since + _LIFE_MARGIN)
        # Until the first connection of this start the silence began in an earlier life.
        self._is_first = True
        self._connected_since_s: float | None = None
        self._lost_at_s: float | None = None
        self._kept_at_loss = 0
        self._gateway_in_gap: bool | None = None
        self._falling_in_gap: bool | None = None

    @property
    def is_first_word_due(self) -> bool:
        """Return whether the silence that ends with this start is still to be explained."""
        return self._is_first

    def saw(self, *, is_gateway_answering: bool | None, is_signal_falling: bool | None) -> None:
        """Note how the link looked during a silence."""
        if is_gateway_answering is False:
            self._gateway_in_gap = False
        if is_signal_falling:
            self._falling_in_gap = True

    def step(self, moment: Moment) -> DeviceReturned | None:
        """Return the record of a silence that just ended, if one did."""
        if not moment.is_connected:
            if self._lost_at_s is None and not self._is_first:
                self._lost_at_s, self._kept_at_loss = moment.uptime_s, moment.kept
                self._gateway_in_gap = self._falling_in_gap = None
            self._connected_since_s = None
            return None
        if self._connected_since_s is None:
            self._connected_since_s = moment.uptime_s
        if self._is_first:
            return self._first(moment, moment.uptime_s - self._connected_since_s)
        return self._again(moment)

    def _again(self, moment: Moment) -> DeviceReturned | None:
        if self._lost_at_s is None:
            return None
        outage_s = moment.uptime_s - self._lost_at_s
        self._lost_at_s = None
        if outage_s < MIN_OUTAGE_S:
            return None
        rows = moment.kept - self._kept_at_loss
        evidence = AbsenceEvidence(
            outage_s=outage_s,
            uptime_s=moment.uptime_s,
            rows_from_gap=rows,
            is_same_boot=True,
            was_gateway_answering=self._gateway_in_gap,
            was_signal_falling=self._falling_in_gap,
            medium=self._medium,
        )
        return _record(evidence, BootReason.SAME_BOOT)

    def _first(self, moment: Moment, connected_for_s: float) -> DeviceReturned | None:
        previous = self._previous
        if previous is None or previous.connected_at is None:
            self._is_first = False
            return None
        is_timed = self._is_same_boot or moment.stamp.quality is not ClockQuality.UNKNOWN
        if not is_timed and connected_for_s < _CLOCK_PATIENCE_S:
            return None
        self._is_first = False
        outage_s = max(0.0, self._outage_s(previous, moment, is_timed=is_timed) - connected_for_s)
        if self._is_same_boot and outage_s < MIN_OUTAGE_S:
            return None
        rows = self._rows_before + (moment.kept if self._is_same_boot else 0)
        evidence = AbsenceEvidence(
            outage_s=outage_s,
            uptime_s=moment.uptime_s,
            rows_from_gap=rows,
            had_last_gasp=previous.has_gasped and not self._is_same_boot,
            was_under_voltage=previous.is_under_voltage,
            # A supply that runs dry has the board stopped in order: that is no hand.
            was_stopped_by_hand=previous.is_stopped and not previous.has_gasped,
            has_watchdog_reset=True if self.boot is BootReason.WATCHDOG else None,
            is_same_boot=self._is_same_boot,
            was_gateway_answering=previous.is_gateway_answering,
            was_signal_falling=previous.is_signal_falling,
            medium=self._medium,
        )
        return _record(evidence, self.boot)

    def _outage_s(self, previous: Life, moment: Moment, *, is_timed: bool) -> float:
        assert previous.connected_at is not None, "asked by the caller"
        if self._is_same_boot and previous.connected_uptime_s is not None:
            return moment.uptime_s - previous.connected_uptime_s
        if is_timed:
            return (moment.stamp.at - previous.connected_at).total_seconds()
        # No clock: what is known to have passed at least.
        return (previous.at - previous.connected_at).total_seconds() + moment.uptime_s


def boot_reason(previous: Life | None, *, is_same_boot: bool, reset: Reset | None) -> BootReason:
    """Return why the board started, from its own word and from how it was left."""
    if is_same_boot:
        return BootReason.SAME_BOOT
    was_stopped = previous is not None and previous.is_stopped
    had_gasp = previous is not None and previous.has_gasped
    if had_gasp:
        return BootReason.POWER_CUT
    if was_stopped:
        return BootReason.REBOOT
    # The bit of the power-on stays set over later resets; the watchdog's says that there was one.
    if reset is not None and reset.is_watchdog:
        return BootReason.WATCHDOG
    if previous is None and reset is None:
        return BootReason.UNKNOWN
    return BootReason.POWER_CUT


def _record(evidence: AbsenceEvidence, boot: BootReason) -> DeviceReturned:
    verdict = diagnose_absence(evidence)
    return DeviceReturned(
        outage_s=min(evidence.outage_s, 1e9),
        cause=verdict.cause,
        confidence=verdict.confidence,
        evidence=verdict.evidence[:16],
        boot=boot,
        rows_from_gap=evidence.rows_from_gap,
    )
