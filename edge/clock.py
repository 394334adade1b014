"""What time it is, and how far to believe it.

A Raspberry Pi has no battery for its clock: after a power cut it wakes up in 1970. Records
are therefore ordered by (epoch, seq) and each says how good its clock was. Must not set the
machine's clock, and must not be used to measure durations: that is what ``mono_ns`` is for.
"""

import ctypes
import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from edge.wire.records.bodies import ClockQuality

logger = logging.getLogger(__name__)

# No device can run this code before it was written.
BUILT_AT = datetime(2026, 11, 21, tzinfo=UTC)
REMEMBER_EVERY_NS = 600 * 1_000_000_000
# NTP itself sets a clock back by seconds; who goes back further did not hear it from NTP.
_STEP_BACK_S = 60

# linux/timex.h (Linux 6.1, 2022): adjtimex() returns TIME_ERROR when nobody keeps the clock.
_TIME_ERROR = 5
_STA_UNSYNC = 0x0040
# The kernel lets the error grow by 500 µs/s since NTP last spoke (kernel/time/ntp.c, MAXFREQ, Linux 6.1,
# 2022); timesyncd asks every 2,048 s at most (timesyncd.conf(5), systemd 252, 2022), which is 1.02 s.
_MAX_ERROR_US = 2_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """One look at the clock: ``at`` is UTC, ``mono_ns`` counts since the boot and never jumps."""

    at: datetime
    quality: ClockQuality
    mono_ns: int


class Clock(Protocol):
    """Port to the device's clock."""

    @property
    def boot_id(self) -> str:
        """32 hexadecimal digits, new at every boot: what ``mono_ns`` counts from."""
        ...

    def now(self) -> Stamp:
        """Return the time now; never raises, never below the last time known to be good."""
        ...


class SettableClock:
    """A clock that stands still until it is told otherwise: for tests and simulations."""

    def __init__(
        self,
        at: datetime = BUILT_AT,
        *,
        quality: ClockQuality = ClockQuality.SYNCED,
        boot_id: str = "0" * 32,
        mono_ns: int = 0,
    ) -> None:
        """Start at ``at`` (UTC)."""
        self._stamp = Stamp(at=at, quality=quality, mono_ns=mono_ns)
        self._boot_id = boot_id

    @property
    def boot_id(self) -> str:
        """The boot id it was given."""
        return self._boot_id

    def now(self) -> Stamp:
        """Return what was set."""
        return self._stamp

    def advance(self, seconds: float) -> None:
        """Let time pass, by the wall clock and the monotonic one alike."""
        stamp = self._stamp
        self._stamp = Stamp(
            at=stamp.at + timedelta(seconds=seconds),
            quality=stamp.quality,
            mono_ns=stamp.mono_ns + round(seconds * 1e9),
        )

    def set(self, at: datetime, quality: ClockQuality) -> None:
        """Jump the wall clock; the monotonic one does not notice."""
        self._stamp = Stamp(at=at, quality=quality, mono_ns=self._stamp.mono_ns)


class SystemClock:
    """The clock of this machine, with a floor that outlives reboots."""

    def __init__(
        self,
        floor_path: Path | None = None,
        *,
        built_at: datetime = BUILT_AT,
        wall_s: Callable[[], float] = time.time,
        mono_ns: Callable[[], int] = time.monotonic_ns,
        is_ntp_synced: Callable[[], bool] | None = None,
        boot_id_path: Path = Path("/proc/sys/kernel/random/boot_id"),
    ) -> None:
        """Read the floor.

        Args:
            floor_path: File that keeps the last synchronised time; ``None`` keeps none. To let a
                clock go back after a wrong synchronisation, remove it.
            built_at: No time before this is believed.
            wall_s: Seconds since 1970 of the wall clock.
            mono_ns: Nanoseconds of a clock that never jumps.
            is_ntp_synced: Whether NTP keeps the wall clock; asks the kernel by default.
            boot_id_path: Where the kernel tells the id of this boot.
        """
        self._floor_path = floor_path
        self._wall_s = wall_s
        self._mono_ns = mono_ns
        self._is_ntp_synced = is_ntp_synced or is_kernel_clock_synced
        self._floor_at = max(built_at, _read_floor(floor_path))
        self._floor_mono_ns = mono_ns()
        self._remembered_mono_ns: int | None = None
        self._boot_id = _read_boot_id(boot_id_path)

    @property
    def boot_id(self) -> str:
        """The kernel's boot id without its dashes."""
        return self._boot_id

    def now(self) -> Stamp:
        """Return the time, its quality and the monotonic clock.

        Returns:
            ``unknown`` and the floor plus the time since the start of this clock, when the wall clock
            is below the floor; ``synced`` when NTP spoke within the last hour; else ``held``.
        """
        mono_ns = self._mono_ns()
        wall_at = datetime.fromtimestamp(self._wall_s(), UTC)
        if wall_at < self._floor_at:
            elapsed = timedelta(microseconds=(mono_ns - self._floor_mono_ns) // 1000)
            return Stamp(at=self._floor_at + elapsed, quality=ClockQuality.UNKNOWN, mono_ns=mono_ns)
        if not self._is_ntp_synced():
            return Stamp(at=wall_at, quality=ClockQuality.HELD, mono_ns=mono_ns)
        self._remember(wall_at, mono_ns)
        return Stamp(at=wall_at, quality=ClockQuality.SYNCED, mono_ns=mono_ns)

    def _remember(self, at: datetime, mono_ns: int) -> None:
        """Write the floor now and then: only synchronised times, lest one jump ahead bars the way back."""
        self._raise_floor(at, mono_ns)
        last_ns = self._remembered_mono_ns
        if self._floor_path is None or (last_ns is not None and mono_ns - last_ns < REMEMBER_EVERY_NS):
            return
        self._remembered_mono_ns = mono_ns
        try:
            _write_floor(self._floor_path, at)
        except OSError as error:
            logger.warning("the time floor %s cannot be written: %s", self._floor_path, error)

    def _raise_floor(self, at: datetime, mono_ns: int) -> None:
        """Know better than a clock that jumps back while we run: time went on since NTP last spoke."""
        floor_at = at - timedelta(seconds=_STEP_BACK_S)
        if floor_at > self._floor_at:
            self._floor_at, self._floor_mono_ns = floor_at, mono_ns - _STEP_BACK_S * 1_000_000_000


class _Timex(ctypes.Structure):
    """``struct timex`` as far as it is read here, and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("frequency", ctypes.c_long),
        ("max_error_us", ctypes.c_long),
        ("estimated_error_us", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def is_kernel_clock_synced() -> bool:
    """Ask the kernel whether NTP kept its clock lately; False where it cannot be asked."""
    timex = _Timex()
    try:
        state = int(ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex)))
    except (OSError, AttributeError):  # another libc or system: then nobody knows
        return False
    return _is_synced(state, int(timex.status), int(timex.max_error_us))


def _is_synced(state: int, status: int, max_error_us: int) -> bool:
    is_kept = 0 <= state < _TIME_ERROR and not status & _STA_UNSYNC
    return is_kept and max_error_us <= _MAX_ERROR_US


def _read_floor(path: Path | None) -> datetime:
    lowest = datetime.min.replace(tzinfo=UTC)
    if path is None:
        return lowest
    try:
        floor_at = datetime.fromisoformat(path.read_text("ascii").strip())
    except FileNotFoundError:
        return lowest
    except (OSError, ValueError) as error:
        logger.warning("the time floor %s cannot be read: %s", path, error)
        return lowest
    return floor_at if floor_at.tzinfo is not None else lowest


def _write_floor(path: Path, at: datetime) -> None:
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="ascii") as file:
        file.write(at.isoformat() + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _read_boot_id(path: Path) -> str:
    try:
        return path.read_text("ascii").strip().replace("-", "")
    except OSError as error:
        logger.warning("no boot id at %s (%s); one is made up for this start", path, error)
        return uuid.uuid4().hex
