"""What a running agent leaves for ``pontive-edge diagnose``: one small file, replaced whole.

Lies on the memory disk of systemd's run time directory where there is one, to spare the SD card,
else beside the outbox. Must not hold secrets.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from edge.config import EdgeConfig
from edge.outbox.upkeep import LaneStats
from edge.supervision.happenings import WorkerState
from edge.wire.records.bodies import DeviceHealth, Lane

logger = logging.getLogger(__name__)

# RuntimeDirectory= of firmware_images/debian/pontive-edge.service.
RUNTIME_FOLDER = Path("/run/pontive-edge")


class LaneStatus(msgspec.Struct, frozen=True):
    """What waits in one lane."""

    rows: int
    payload_bytes: int


def lanes_of(stats: Mapping[Lane, LaneStats]) -> dict[str, LaneStatus]:
    """Return what waits, by the name of the lane."""
    return {
        str(lane): LaneStatus(rows=one.rows, payload_bytes=one.payload_bytes) for lane, one in stats.items()
    }


class AgentStatus(msgspec.Struct, frozen=True):
    """How an agent was at ``at``."""

    at: datetime
    version: str
    is_connected: bool
    roster_version: int
    epoch: str
    kept: int
    refused: int
    outbox_trouble: str
    outbox: dict[str, LaneStatus]
    health: DeviceHealth
    workers: tuple[WorkerState, ...]
    recent_warnings: Sequence[str]


def status_paths(config: EdgeConfig, runtime_folder: Path = RUNTIME_FOLDER) -> tuple[Path, Path]:
    """Return where the status of a device may be, best place first."""
    name = f"{config.device}.status.json"
    return runtime_folder / name, Path(config.outbox.path).parent / name


class StatusFile:
    """Writes the status where the system has room for it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Use the first of ``paths`` whose folder is there."""
        self._path = next((path for path in paths if path.parent.is_dir()), paths[-1])
        self._has_failed = False

    def write(self, status: AgentStatus) -> None:
        """Replace the file; a disk that refuses is logged once and is no error."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_bytes(msgspec.json.encode(status))
            new.replace(self._path)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                logger.warning("the status file %s cannot be written: %s", self._path, error)


def read_status(paths: Sequence[Path]) -> AgentStatus | None:
    """Return the newest status among ``paths``, or None when no agent left one."""
    found: list[AgentStatus] = []
    for path in paths:
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=AgentStatus))
        except FileNotFoundError:
            continue
        except (OSError, msgspec.MsgspecError) as error:
            logger.warning("%s: cannot be read: %s", path, error)
    return max(found, key=lambda status: status.at, default=None)
