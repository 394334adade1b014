"""The machine under the hub: room on the disk, the broker, the time service, systemd's units."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from hub.config import BrokerSettings, HubConfig
from hub.operating.findings import Finding, trouble, warning, well
from hub.operating.words import Check, Problem

ANSWER_WITHIN_S = 3.0
UNITS = (
    *("pontive-ingest", "pontive-web", "pontive-broker-watch", "mosquitto"),
    *("pontive-backup.timer", "pontive-drill.timer", "pontive-renew.timer"),
)
# systemd-timesyncd makes the file once it knows the time (its manual, "FILES", systemd 252, 2022).
TIME_FOLDER = Path("/run/systemd/timesync")
_GIB = 2**30
# Below a quarter of the share that warns, writing will fail soon.
_BAD_PART = 4


def look_at_disk(config: HubConfig) -> Finding:
    """Return how much room there is where the hub keeps its files."""
    room = shutil.disk_usage(config.folder)
    free, total = round(room.free / _GIB), round(room.total / _GIB)
    share, limit = room.free / room.total, config.operating.disk_free_share
    if share >= limit:
        return well(Check.DISK, Problem.DISK_WELL, free=free, total=total)
    tell = trouble if share < limit / _BAD_PART else warning
    return tell(Check.DISK, Problem.DISK_FULL, free=free, total=total, folder=config.folder)


def look_at_broker(broker: BrokerSettings) -> Finding:
    """Return whether the broker answers, with TLS and the certificates of the configuration."""
    address = f"{broker.host}:{broker.port}"
    try:
        context = ssl.create_default_context(cafile=broker.ca)
        context.load_cert_chain(broker.certificate, broker.key)
        with (
            socket.create_connection((broker.host, broker.port), ANSWER_WITHIN_S) as connection,
            context.wrap_socket(connection, server_hostname=broker.host),
        ):
            return well(Check.BROKER, Problem.BROKER_WELL, address=address)
    except (OSError, ssl.SSLError) as error:
        return trouble(Check.BROKER, Problem.BROKER_AWAY, address=address, why=error.strerror or error)


def look_at_time(folder: Path = TIME_FOLDER) -> Iterator[Finding]:
    """Yield a finding when the machine's time service runs and does not know the time."""
    if folder.exists() and not (folder / "synchronized").exists():
        yield warning(Check.CLOCK, Problem.CLOCK_LOOSE)


def look_at_units(units: Sequence[str] = UNITS, *, program: str = "systemctl") -> Iterator[Finding]:
    """Yield findings of the units that are installed here; nothing on a machine without systemd."""
    command = [program, "show", "--property=Id,LoadState,ActiveState,UnitFileState", *units]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return
    shown = [
        dict(line.split("=", 1) for line in part.splitlines()) for part in said.stdout.split("\n\n") if part
    ]
    ours = [
        one for one in shown if one.get("LoadState") == "loaded" and one.get("UnitFileState") == "enabled"
    ]
    stopped = [one for one in ours if one.get("ActiveState") != "active"]
    for one in stopped:
        yield trouble(Check.UNITS, Problem.UNIT_STOPPED, unit=one["Id"], state=one["ActiveState"])
    if ours and not stopped:
        yield well(Check.UNITS, Problem.UNITS_WELL, count=len(ours))
