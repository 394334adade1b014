"""Which devices the fleet page shows, what troubles them and in which order. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.places.device.service import DeviceView


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a device is in trouble: the limits of the alarms, so that both say the same."""

    hot_c: float
    disk_free_mib: int
    backlog_rows: int


class Trouble(StrEnum):
    """What troubles a device, the worst first."""

    OFFLINE = "offline"
    POWER = "power"
    HOT = "hot"
    FULL = "full"
    BEHIND = "behind"
    CLOCK = "clock"
    OLD = "old"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class FleetFilter:
    """What is asked for; empty is everything. ``text`` is looked for in names and ids."""

    trouble: str = ""
    firmware: str = ""
    district: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether all devices are asked for."""
        return self == FleetFilter()


@dataclass(frozen=True, slots=True)
class FleetRow:
    """One device of the list; ``boot`` says why it last started anew, as far as it told."""

    device: DeviceView
    district: str
    boot: str
    troubles: tuple[Trouble, ...]


def rows_of(
    devices: Iterable[DeviceView],
    *,
    districts: Mapping[str, str],
    boots: Mapping[str, str],
    newest: str,
    limits: Limits,
    wanted: FleetFilter,
) -> list[FleetRow]:
    """Return the rows that are asked for, those in the worst trouble first.

    Args:
        devices: All of them.
        districts: Name of the kecamatan by device.
        boots: Why each device last started, by device.
        newest: The newest version that runs anywhere.
        limits: From where on a device is in trouble.
        wanted: What to show.
    """
    rows = [
        FleetRow(
            one, districts.get(one.device, ""), boots.get(one.device, ""), troubles_of(one, newest, limits)
        )
        for one in devices
    ]
    kept = [row for row in rows if _is_wanted(row, wanted)]
    return sorted(kept, key=_need)


def troubles_of(device: DeviceView, newest: str, limits: Limits) -> tuple[Trouble, ...]:
    """Return what troubles a device now, the worst first."""
    if device.is_online is None:
        return (Trouble.UNHEARD,)
    health = device.health
    found = {
        Trouble.OFFLINE: not device.is_online,
        Trouble.POWER: bool(health and (health.under_voltage or health.on_battery)),
        Trouble.HOT: bool(
            health and health.temperature_c is not None and health.temperature_c >= limits.hot_c
        ),
        Trouble.FULL: bool(health and health.disk_free_mib < limits.disk_free_mib),
        Trouble.BEHIND: bool(health and health.outbox_rows >= limits.backlog_rows),
        Trouble.CLOCK: device.clock == "unknown",
        Trouble.OLD: bool(device.firmware) and device.firmware != newest,
    }
    return tuple(trouble for trouble, is_so in found.items() if is_so)


def newest_version(devices: Iterable[DeviceView]) -> str:
    """Return the newest version that runs anywhere; empty when none is known."""
    known = {device.firmware for device in devices if device.firmware}
    return max(known, key=_version_order, default="")


def _version_order(version: str) -> tuple[tuple[int, ...], str]:
    numbers = tuple(int(part) for part in version.split(".") if part.isdecimal())
    return numbers, version


def _need(row: FleetRow) -> tuple[list[int], str, str]:
    order = list(Trouble)
    worst = [order.index(trouble) for trouble in row.troubles] or [len(order)]
    return worst, row.device.site.casefold(), row.device.device


def _is_wanted(row: FleetRow, wanted: FleetFilter) -> bool:
    device = row.device
    words = f"{device.name} {device.device} {device.site} {device.kelurahan}".casefold()
    return (
        (
            not wanted.trouble
            or wanted.trouble in row.troubles
            or (wanted.trouble == "none" and not row.troubles)
        )
        and (not wanted.firmware or device.firmware == wanted.firmware)
        and (not wanted.district or row.district == wanted.district)
        and wanted.text.casefold() in words
    )
