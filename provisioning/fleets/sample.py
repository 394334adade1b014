"""An example for ``./pontive up``: one device of the drawn city as if balena carried it.

The real report of a fleet in memory, written again and again, so that the hub's pages show it.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from edge.wire.joining.enrolment import Role
from provisioning.fleets.joining import RINGS, Joining, ensure_fleets, join
from provisioning.fleets.reporting import write_report
from provisioning.fleets.settings import FLEET_OF_ROLE, FleetSettings
from provisioning.fleets.twin import MemoryFleet

# As often as the timer of a real city.
_EVERY = timedelta(minutes=5)


class SampleFleet:
    """Keeps the example's report fresh."""

    def __init__(self, path: Path, device: str, site: str, *, now: Callable[[], datetime]) -> None:
        """Put one device into a fleet of one release.

        Args:
            path: The report.
            device: Id of the device.
            site: Id of its point.
            now: Gives the time, aware.
        """
        self._path, self._now = path, now
        self._written_at: datetime | None = None
        settings = FleetSettings(organization="contoh")
        self._service = MemoryFleet(new_key=lambda: "contoh" * 6, now=now)
        ensure_fleets(self._service, settings)
        fleet = FLEET_OF_ROLE[Role.CAMERA]
        self._service.publish(fleet, hashlib.sha256(b"contoh").hexdigest()[:40], "0.1.0")
        wanted = Joining(device, site, Role.CAMERA, "https://hub.example.id", RINGS[0])
        self._service.connect(join(self._service, settings, wanted).uuid, line="contoh: the agent runs")

    def tick(self) -> None:
        """Write the report when its time has come."""
        now = self._now()
        if self._written_at is None or now - self._written_at >= _EVERY:
            self._written_at = now
            write_report(self._path, lambda: self._service, FLEET_OF_ROLE.values(), now=now)
