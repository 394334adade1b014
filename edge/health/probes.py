"""Reads /proc and /sys: the only file of the edge that does, below a root that tests can replace.

A board that cannot tell something gives ``None``; a probe never raises and never starts a program.
"""

import os
from pathlib import Path

# Bits of the Raspberry Pi firmware's get_throttled; source: Raspberry Pi documentation, os/vcgencmd, 2024.
_UNDER_VOLTAGE_NOW = 0x1
_MIB = 1024 * 1024


class Probes:
    """What this board says of itself."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Look below ``root``, which holds ``proc`` and ``sys``."""
        self._root = root

    def uptime_s(self) -> float:
        """Seconds since the kernel started; 0 when it cannot be told."""
        return _first_number(self._read("proc/uptime"))

    def load(self) -> float:
        """Load average over one minute; 0 when it cannot be told."""
        return _first_number(self._read("proc/loadavg"))

    def memory_free_mib(self) -> int:
        """MiB of memory that programs could still get; 0 when it cannot be told."""
        for line in self._read("proc/meminfo").splitlines():
            if line.startswith("MemAvailable:"):
                return int(_first_number(line.partition(":")[2])) // 1024
        return 0

    def temperature_c(self) -> float | None:
        """Temperature of the processor in °C."""
        milli = self._read("sys/class/thermal/thermal_zone0/temp").strip()
        try:
            value = int(milli) / 1000
        except ValueError:
            return None
        return value if -60 <= value <= 200 else None

    def is_under_voltage(self) -> bool | None:
        """Whether the supply is too weak now: of the firmware, or of the kernel's own alarm."""
        flags = self._read("sys/devices/platform/soc/soc:firmware/get_throttled").strip()
        try:
            return bool(int(flags, 16) & _UNDER_VOLTAGE_NOW)
        except ValueError:
            return self._voltage_alarm()

    def hardware(self) -> str:
        """Name of the board, at most 64 characters; the processor's kind when it has none."""
        model = self._read("proc/device-tree/model").strip("\0\n ")
        printable = "".join(c for c in model if c.isprintable())
        return (printable or os.uname().machine)[:64]

    def _voltage_alarm(self) -> bool | None:
        for folder in sorted(self._root.glob("sys/class/hwmon/hwmon*")):
            if self._read(folder.relative_to(self._root) / "name").strip() == "rpi_volt":
                alarm = self._read(folder.relative_to(self._root) / "in0_lcrit_alarm").strip()
                return alarm == "1" if alarm in {"0", "1"} else None
        return None

    def _read(self, path: str | Path) -> str:
        try:
            return (self._root / path).read_text("ascii", errors="replace")
        except OSError:
            # Another kind of board: the file is not there, and that is the answer.
            return ""


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
