"""What a door asks its surroundings to do."""

from dataclasses import dataclass
from datetime import datetime

from edge.hadir.messages import Message
from edge.wire.records.bodies import DeviceIncident, DoorReading, HadirScan, ScanRefused


@dataclass(frozen=True, slots=True)
class Store:
    """Write this down, then call :meth:`Door.stored` with the ticket."""

    ticket: int
    scan: HadirScan
    at: datetime
    mono_ns: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Show and sound this."""

    message: Message


@dataclass(frozen=True, slots=True)
class Report:
    """Record this; nobody waits for it."""

    body: ScanRefused | DeviceIncident | DoorReading


Answer = Store | Tell | Report
