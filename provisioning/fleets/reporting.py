"""Writes the report of the fleets that the hub shows, again and again if wanted.

A service that does not answer leaves the last known devices in the file and says why. Must not stop
at an error that passes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from edge.wire.fleet_report import LOG_LINES, FleetEntry, FleetLine, FleetReport
from provisioning.fleets.errors import FleetError, Trouble
from provisioning.fleets.port import FleetDevice, Release, Rollout
from provisioning.fleets.rings import ring_of
from provisioning.trust.keyfiles import write_file

_COMMIT_LETTERS = 7


def fleet_report(rollout: Rollout, fleets: Iterable[str], *, now: datetime) -> FleetReport:
    """Return what all devices of some fleets look like now; a fleet that is not there has none.

    Raises:
        FleetError: the service does not answer.
    """
    entries: list[FleetEntry] = []
    for fleet in fleets:
        try:
            devices, releases = rollout.devices(fleet), rollout.releases(fleet)
        except FleetError as error:
            if error.trouble is not Trouble.NOT_THERE:
                raise
            continue
        entries += [_entry(rollout, fleet, one, releases) for one in devices]
    return FleetReport(now, tuple(entries))


def write_report(
    path: Path, rollout: Callable[[], Rollout], fleets: Iterable[str], *, now: datetime
) -> FleetReport:
    """Write the report; when the service is in the way, what was known before, and why.

    Args:
        path: The file; replaced whole.
        rollout: Gives the service; a dead network shows here already.
        fleets: Which.
        now: Aware.
    """
    try:
        report = fleet_report(rollout(), fleets, now=now)
    except FleetError as error:
        before = _read(path) or FleetReport(now)
        report = msgspec.structs.replace(before, trouble=str(error))
    write_file(path, msgspec.json.format(msgspec.json.encode(report), indent=1), mode=0o644)
    return report


def _read(path: Path) -> FleetReport | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=FleetReport)
    except (OSError, msgspec.MsgspecError):
        return None  # the first report, or one of another version: the new one takes its place


def _entry(rollout: Rollout, fleet: str, device: FleetDevice, releases: tuple[Release, ...]) -> FleetEntry:
    versions = {one.commit: one.version for one in releases if one.version}

    def shown(commit: str) -> str:
        return versions.get(commit, commit[:_COMMIT_LETTERS])

    log = tuple(
        FleetLine(one.at, one.text[:500], one.is_error) for one in rollout.logs(device.uuid, LOG_LINES)
    )
    return FleetEntry(
        device=device.name,
        uuid=device.uuid,
        fleet=fleet,
        is_online=device.is_online,
        heartbeat=device.heartbeat,
        last_seen_at=device.last_seen_at,
        os_version=device.os_version,
        supervisor_version=device.supervisor_version,
        temperature_c=device.temperature_c,
        is_undervolted=device.is_undervolted,
        release=shown(device.running),
        wanted_release=shown(device.pinned),
        ring=ring_of(device),
        log=log,
    )
