"""An agent is well while its reports come and are kept; a dark camera or link is no reason to restart it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.health.healthy import unhealthy
from edge.running.status import AgentStatus, StatusFile
from edge.supervision.happenings import WorkerState
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import DeviceHealth

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
HEALTH = DeviceHealth(uptime_s=1, load=1, memory_free_mib=1, disk_free_mib=1, outbox_rows=3, outbox_bytes=300)
WELL = AgentStatus(
    at=NOW,
    version="0.1.0",
    is_connected=False,
    roster_version=0,
    epoch="0" * 16,
    kept=5,
    refused=0,
    outbox_trouble="",
    outbox={},
    health=HEALTH,
    workers=(WorkerState("gate", WorkerKind.CAMERA, False, 7, None, 2, "hung: no progress for 8 s"),),
    recent_warnings=(),
)


@pytest.mark.parametrize(
    ("status", "passed_s", "words"),
    [
        (WELL, 0, ""),
        (WELL, 150, ""),
        (WELL, 151, "last word is 151 s old"),
        (WELL, -3600, ""),
        (None, 0, "is it running?"),
        (msgspec.structs.replace(WELL, outbox_trouble="no room"), 0, "records are not kept: no room"),
    ],
    ids=["fresh", "three-missed", "silent", "clock-went-back", "none", "full"],
)
def test_what_is_well_and_what_is_not(status: AgentStatus | None, passed_s: int, words: str) -> None:
    found = unhealthy(status, report_every_s=30, now=NOW + timedelta(seconds=passed_s))
    assert bool(found) is bool(words)
    assert words in found


def test_the_command_answers_by_its_exit_code(tmp_path: Path) -> None:
    config = tmp_path / "edge.toml"
    config.write_text('device = "pi-a"\n')
    ill = CliRunner().invoke(main, ["healthy", "--config", str(config)])
    assert (ill.exit_code, "is it running?" in ill.output) == (1, True)
    StatusFile([tmp_path / "pi-a.status.json"]).write(msgspec.structs.replace(WELL, at=datetime.now(UTC)))
    well = CliRunner().invoke(main, ["healthy", "--config", str(config)])
    assert (well.exit_code, well.output) == (0, "pi-a: well\n")
    assert CliRunner().invoke(main, ["healthy", "--config", str(tmp_path / "none.toml")]).exit_code == 2
