"""What the board says of itself: load, memory, heat, supply, disk wear, why it started.

A board that cannot tell something gives ``None``; a probe never raises and never starts a program.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from edge.health.probing.system_files import SystemFiles

_MIB = 1024 * 1024

# Bits of the Raspberry Pi firmware's get_throttled; source: Raspberry Pi documentation, os/vcgencmd, 2024.
_UNDER_VOLTAGE_NOW = 1 << 0
_CAPPED_NOW = 1 << 1
_THROTTLED_NOW = 1 << 2
_SOFT_LIMIT_NOW = 1 << 3
_HAD_UNDER_VOLTAGE = 1 << 16
_HAD_SLOWING = 0b1110 << 16
_THROTTLED_FILE = "sys/devices/platform/soc/soc:firmware/get_throttled"

# PM_RSTS of the BCM2835 family, as barebox names its bits (include/soc/bcm283x/wdt.h, 2017).
_HAD_POWER_ON_RESET = 0x1000
_HAD_WATCHDOG_FULL_RESET = 0x20
# The firmware's name for it changed; Raspberry Pi documentation, device tree "chosen/bootloader", 2024.
_RESET_FILES = ("proc/device-tree/chosen/bootloader/rsts", "proc/device-tree/chosen/bootloader/pm_rsts")


@dataclass(frozen=True, slots=True)
class Supply:
    """What the board says of its supply and of having to slow down, now and since its boot."""

    is_under_voltage: bool | None = None
    had_under_voltage: bool | None = None
    is_throttled: bool | None = None
    had_throttling: bool | None = None


@dataclass(frozen=True, slots=True)
class Reset:
    """Why the processor started: power came, or its watchdog fired, which a reboot makes it do too."""

    is_power_on: bool
    is_watchdog: bool


class Probes:
    """What this board says of itself."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Look below ``root``, which holds ``proc`` and ``sys``."""
        self._files = SystemFiles(root)

    def uptime_s(self) -> float:
        """Seconds since the kernel started; 0 when it cannot be told."""
        return _first_number(self._files.text("proc/uptime"))

    def load(self) -> float:
        """Load average over one minute; 0 when it cannot be told."""
        return _first_number(self._files.text("proc/loadavg"))

    def memory_free_mib(self) -> int:
        """MiB of memory that programs could still get; 0 when it cannot be told."""
        for line in self._files.text("proc/meminfo").splitlines():
            if line.startswith("MemAvailable:"):
                return int(_first_number(line.partition(":")[2])) // 1024
        return 0

    def temperature_c(self) -> float | None:
        """Temperature of the processor in °C."""
        milli = self._files.number("sys/class/thermal/thermal_zone0/temp")
        return milli / 1000 if milli is not None and -60_000 <= milli <= 200_000 else None

    def is_under_voltage(self) -> bool | None:
        """Whether the supply is too weak now: of the firmware, or of the kernel's own alarm."""
        return self.supply().is_under_voltage

    def supply(self) -> Supply:
        """Return the firmware's word on voltage and heat, or at least the kernel's voltage alarm."""
        try:
            bits = int(self._files.text(_THROTTLED_FILE).strip(), 16)
        except ValueError:
            return Supply(is_under_voltage=self._voltage_alarm())
        return Supply(
            is_under_voltage=bool(bits & _UNDER_VOLTAGE_NOW),
            had_under_voltage=bool(bits & (_HAD_UNDER_VOLTAGE | _UNDER_VOLTAGE_NOW)),
            is_throttled=bool(bits & (_CAPPED_NOW | _THROTTLED_NOW | _SOFT_LIMIT_NOW)),
            had_throttling=bool(bits & _HAD_SLOWING),
        )

    def disk_life_used_share(self) -> float | None:
        """Share of the worn-out life of the most worn eMMC or new enough SD card, 0 to 1, in tenths.

        The two estimates of ``life_time`` count tenths from 1, 0x0b is past the end (JEDEC
        JESD84-B51, 2015); a card without it cannot tell.
        """
        worst: int | None = None
        for disk in self._files.names("sys/block"):
            for word in self._files.text(f"sys/block/{disk}/device/life_time").split():
                tenths = _tenths(word)
                if tenths is not None:
                    worst = max(tenths, worst or 0)
        return None if worst is None else min(worst, 10) / 10

    def reset(self) -> Reset | None:
        """Return why the processor started, where the firmware tells."""
        for path in _RESET_FILES:
            raw = self._files.raw(path)
            if len(raw) == 4:
                bits = int.from_bytes(raw, "big")
                return Reset(
                    is_power_on=bool(bits & _HAD_POWER_ON_RESET),
                    is_watchdog=bool(bits & _HAD_WATCHDOG_FULL_RESET),
                )
        return None

    def hardware(self) -> str:
        """Name of the board, at most 64 characters; the processor's kind when it has none."""
        model = self._files.text("proc/device-tree/model").strip("\0\n ")
        printable = "".join(c for c in model if c.isprintable())
        return (printable or os.uname().machine)[:64]

    def _voltage_alarm(self) -> bool | None:
        for monitor in self._files.names("sys/class/hwmon"):
            if self._files.text(f"sys/class/hwmon/{monitor}/name").strip() == "rpi_volt":
                alarm = self._files.number(f"sys/class/hwmon/{monitor}/in0_lcrit_alarm")
                return bool(alarm) if alarm in (0, 1) else None
        return None


def _tenths(word: str) -> int | None:
    """Return a life-time estimate; 0 is "not defined"."""
    try:
        value = int(word, 16)
    except ValueError:
        return None
    return value if 1 <= value <= 11 else None


def disk_free_mib(folder: Path) -> int:
    """MiB that an ordinary program may still write into ``folder``; 0 when it cannot be told."""
    try:
        state = os.statvfs(folder)
    except OSError:
        return 0
    return state.f_bavail * state.f_frsize // _MIB


def _first_number(text: str) -> float:
    try:
        value = float(text.split()[0])
    except (IndexError, ValueError):
        return 0.0
    return value if 0 <= value < float("inf") else 0.0
