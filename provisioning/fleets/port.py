"""What Pontive asks of fleets: two small ports, one to make things, one to steer and watch them.

A fleet goes by its name within the city's organization, a device by its uuid. Adapters confirm each
change by reading it back and raise ``FleetError`` otherwise. Must not name balena's SDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Registration:
    """A device that may now connect; ``key`` is its secret and is shown once."""

    fleet_id: int
    device_id: int
    uuid: str
    device_type: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable holds: in the whole fleet, on one device, or for one service of a device."""

    fleet: str
    uuid: str = ""
    service: str = ""

    def __str__(self) -> str:
        """Say it in a message."""
        return "/".join(part for part in (self.fleet, self.uuid[:7], self.service) if part)


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a fleet; only one that is ``is_ready`` may be given to devices."""

    commit: str
    version: str
    created_at: datetime
    is_ready: bool


@dataclass(frozen=True, slots=True)
class FleetDevice:
    """A device as its fleet sees it; ``None``: it never said.

    ``running`` is the commit that it runs, ``pinned`` the one that it was told to run, empty: that
    of its fleet.
    """

    uuid: str
    name: str
    is_online: bool
    heartbeat: str
    last_seen_at: datetime | None
    os_version: str
    supervisor_version: str
    temperature_c: float | None
    is_undervolted: bool
    running: str
    pinned: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a device's log."""

    at: datetime
    text: str
    is_error: bool


class Fleet(Protocol):
    """Makes fleets and devices."""

    def ensure_fleet(self, fleet: str, device_type: str) -> None:
        """Make a fleet, or leave the one that is there; another device type is a conflict."""
        ...

    def register(self, fleet: str, uuid: str) -> Registration:
        """Register a device; one that is there already gets a new key, one of another fleet is a conflict."""
        ...

    def describe(self, uuid: str, *, name: str, tags: Mapping[str, str]) -> None:
        """Give a device its name and these tags; other tags stay."""
        ...

    def set_variable(self, place: Place, name: str, value: str) -> None:
        """Set a variable, or change it."""
        ...

    def remove(self, uuid: str) -> None:
        """Forget a device, so that its key opens nothing; one that is not there is an error."""
        ...


class Rollout(Protocol):
    """Steers which release runs where, and watches."""

    def releases(self, fleet: str) -> tuple[Release, ...]:
        """Return the releases of a fleet, newest first."""
        ...

    def pin_fleet(self, fleet: str, commit: str) -> None:
        """Let a fleet run one release; empty ``commit``: always the latest."""
        ...

    def pin_device(self, uuid: str, commit: str) -> None:
        """Let a device run one release; empty ``commit``: that of its fleet."""
        ...

    def devices(self, fleet: str) -> tuple[FleetDevice, ...]:
        """Return the devices of a fleet by name."""
        ...

    def logs(self, uuid: str, count: int) -> tuple[LogLine, ...]:
        """Return the last lines of a device, oldest first."""
        ...


class FleetService(Fleet, Rollout, Protocol):
    """Both, as one adapter gives them."""
