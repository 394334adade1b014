"""What balena says of the devices: a file that provisioning writes and the hub's pages show.

So the token of the fleets stays with whoever writes the file; the hub reaches no cloud. Pure.
"""

from datetime import datetime

import msgspec

MAX_REPORT_BYTES = 4_000_000
LOG_LINES = 20


class FleetLine(msgspec.Struct, frozen=True):
    """A line of a device's log."""

    at: datetime
    text: str
    is_error: bool = False


class FleetEntry(msgspec.Struct, frozen=True):
    """A device as its fleet sees it; ``release`` is a version, or the start of a commit."""

    device: str
    uuid: str
    fleet: str
    is_online: bool
    heartbeat: str
    last_seen_at: datetime | None = None
    os_version: str = ""
    supervisor_version: str = ""
    temperature_c: float | None = None
    is_undervolted: bool = False
    release: str = ""
    wanted_release: str = ""
    ring: str = ""
    log: tuple[FleetLine, ...] = ()


class FleetReport(msgspec.Struct, frozen=True):
    """All devices of all fleets at ``at``; ``trouble`` says why it is not newer."""

    at: datetime
    devices: tuple[FleetEntry, ...] = ()
    trouble: str = ""
