"""The example's report is written at once, and again every five minutes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from edge.wire.fleet_report import FleetReport
from provisioning.fleets.sample import SampleFleet


def test_the_example_is_kept_fresh(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 22, tzinfo=UTC)]
    sample = SampleFleet(tmp_path / "fleet.json", "pi-a", "tugu", now=lambda: now[0])

    def seen() -> FleetReport:
        sample.tick()
        return msgspec.json.decode((tmp_path / "fleet.json").read_bytes(), type=FleetReport)

    assert [(one.device, one.is_online, one.release) for one in seen().devices] == [("pi-a", True, "0.1.0")]
    now[0] += timedelta(minutes=4)
    assert seen().at < now[0]
    now[0] += timedelta(minutes=1)
    assert seen().at == now[0]
