"""The fleets in memory: the twin of ``provisioning/fleet.py`` for tests and for looking around.

Keeps the same rules (names, conflicts, what is not there) and reaches nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from provisioning.fleets.errors import FleetError, Trouble, not_there
from provisioning.fleets.port import FleetDevice, LogLine, Place, Registration, Release


@dataclass(slots=True)
class _Fleet:
    id: int
    device_type: str
    pinned: str = ""
    releases: list[Release] = field(default_factory=list)


@dataclass(slots=True)
class _Device:
    id: int
    fleet: str
    name: str = ""
    pinned: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    logs: list[LogLine] = field(default_factory=list)
    is_online: bool = False


class MemoryFleet:
    """A service with fleets, devices, variables and releases."""

    def __init__(self, *, new_key: Callable[[], str], now: Callable[[], datetime]) -> None:
        """Begin empty.

        Args:
            new_key: Gives the key of a device.
            now: Gives the time, aware.
        """
        self._new_key, self._now = new_key, now
        self._fleets: dict[str, _Fleet] = {}
        self._devices: dict[str, _Device] = {}
        self.variables: dict[Place, dict[str, str]] = defaultdict(dict)

    def ensure_fleet(self, fleet: str, device_type: str) -> None:
        """Make a fleet, or leave the one that is there."""
        found = self._fleets.setdefault(fleet, _Fleet(len(self._fleets) + 1, device_type))
        if found.device_type != device_type:
            raise FleetError(
                Trouble.CONFLICT, f"fleet {fleet} is for {found.device_type}, not for {device_type}"
            )

    def register(self, fleet: str, uuid: str) -> Registration:
        """Register a device, or give one that is there a new key."""
        home = self._fleet(fleet)
        device = self._devices.setdefault(uuid, _Device(len(self._devices) + 1, fleet))
        if device.fleet != fleet:
            raise FleetError(Trouble.CONFLICT, f"device {uuid[:7]} belongs to another fleet than {fleet}")
        return Registration(home.id, device.id, uuid, home.device_type, self._new_key())

    def describe(self, uuid: str, *, name: str, tags: Mapping[str, str]) -> None:
        """Give a device its name and these tags."""
        device = self._device(uuid)
        device.name = name
        device.tags.update(tags)

    def set_variable(self, place: Place, name: str, value: str) -> None:
        """Set a variable."""
        self._fleet(place.fleet)
        if place.uuid:
            device = self._device(place.uuid)
            if place.service and place.service not in device.services:
                raise not_there(f"service {place.service} of {place}")
        self.variables[place][name] = value

    def remove(self, uuid: str) -> None:
        """Forget a device."""
        self._device(uuid)
        del self._devices[uuid]

    def releases(self, fleet: str) -> tuple[Release, ...]:
        """Return the releases, newest first."""
        return tuple(reversed(self._fleet(fleet).releases))

    def pin_fleet(self, fleet: str, commit: str) -> None:
        """Let a fleet run one release, or always the latest."""
        self._check_release(fleet, commit)
        self._fleet(fleet).pinned = commit

    def pin_device(self, uuid: str, commit: str) -> None:
        """Let a device run one release, or that of its fleet."""
        device = self._device(uuid)
        self._check_release(device.fleet, commit)
        device.pinned = commit

    def devices(self, fleet: str) -> tuple[FleetDevice, ...]:
        """Return the devices by name."""
        self._fleet(fleet)
        here = [(uuid, one) for uuid, one in self._devices.items() if one.fleet == fleet]
        return tuple(self._seen(uuid, one) for uuid, one in sorted(here, key=lambda pair: pair[1].name))

    def logs(self, uuid: str, count: int) -> tuple[LogLine, ...]:
        """Return the last lines."""
        return tuple(self._device(uuid).logs[-count:])

    def publish(self, fleet: str, commit: str, version: str) -> None:
        """Put a release into a fleet, as a build would."""
        self._fleet(fleet).releases.append(Release(commit, version, self._now(), True))

    def connect(self, uuid: str, *services: str, is_online: bool = True, line: str = "started") -> None:
        """Let a device come up with its services and say something, or go away."""
        device = self._device(uuid)
        device.is_online = is_online
        device.services |= set(services)
        device.logs.append(LogLine(self._now(), line, False))

    def _seen(self, uuid: str, device: _Device) -> FleetDevice:
        fleet = self._fleets[device.fleet]
        latest = fleet.releases[-1].commit if fleet.releases else ""
        running = (device.pinned or fleet.pinned or latest) if device.is_online else ""
        return FleetDevice(
            uuid=uuid,
            name=device.name,
            is_online=device.is_online,
            heartbeat="online" if device.is_online else "unknown",
            last_seen_at=device.logs[-1].at if device.logs else None,
            os_version="",
            supervisor_version="",
            temperature_c=None,
            is_undervolted=False,
            running=running,
            pinned=device.pinned,
            tags=dict(device.tags),
        )

    def _fleet(self, fleet: str) -> _Fleet:
        if fleet not in self._fleets:
            raise not_there(f"fleet {fleet}")
        return self._fleets[fleet]

    def _device(self, uuid: str) -> _Device:
        if uuid not in self._devices:
            raise not_there(f"device {uuid[:7]}")
        return self._devices[uuid]

    def _check_release(self, fleet: str, commit: str) -> None:
        if commit and commit not in {one.commit for one in self._fleet(fleet).releases if one.is_ready}:
            raise not_there(f"release {commit[:7]} of {fleet}")
