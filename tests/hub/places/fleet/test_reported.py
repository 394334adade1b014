"""What balena says is shown from a file, with its age, and never stops a page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from edge.wire.fleet_report import MAX_REPORT_BYTES, FleetEntry, FleetLine, FleetReport
from hub.people.permissions import Role
from hub.places.fleet.reported import entry_of, panel_of, read_report
from tests.hub.screens import Screens

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
ENTRY = FleetEntry(
    device="pi-jawi",
    uuid="ab" * 31,
    fleet="pontive-camera",
    is_online=True,
    heartbeat="online",
    release="0.1.0",
    wanted_release="0.2.0",
    ring="uji",
    os_version="balenaOS 6.5.0",
    is_undervolted=True,
    log=(FleetLine(AT, "camera <utara> silent", True),),
)


def put(city: Screens, report: FleetReport, folder: Path) -> None:
    path = folder / "fleet.json"
    path.write_bytes(msgspec.json.encode(report))
    parts = city.app.extensions["pontive"]
    config = msgspec.structs.replace(
        parts.config, fleet=msgspec.structs.replace(parts.config.fleet, report=str(path))
    )
    object.__setattr__(parts, "config", config)


def test_the_page_of_a_device_shows_release_ring_and_log(city: Screens, tmp_path: Path) -> None:
    put(city, FleetReport(AT, (ENTRY,)), tmp_path)
    client = city.signed_in(Role.TECHNICIAN)
    page = client.get("/perangkat/pi-jawi").get_data(as_text=True)
    for words in (
        "pontive-camera",
        "uji",
        "0.1.0 → 0.2.0",
        "camera &lt;utara&gt; silent",
        "daya lemah",
    ):
        assert words in page
    assert "h-fleet" not in client.get("/perangkat/pi-tugu").get_data(as_text=True)


def test_the_page_of_all_devices_says_how_old_the_news_is(city: Screens, tmp_path: Path) -> None:
    client = city.signed_in(Role.TECHNICIAN)
    assert "balena" not in client.get("/perangkat").get_data(as_text=True)
    put(city, FleetReport(city.clock(), (ENTRY,)), tmp_path)
    assert "1 dari 1 terhubung" in client.get("/perangkat").get_data(as_text=True)
    put(city, FleetReport(city.clock() - timedelta(hours=1), (ENTRY,), "no network"), tmp_path)
    page = client.get("/perangkat").get_data(as_text=True)
    assert "Kabar balena berhenti" in page
    assert "no network" in page


def test_a_report_that_cannot_be_used_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    assert read_report("") is None
    assert read_report(str(path)) is None
    for raw in (b"{", b"[]", b" " * (MAX_REPORT_BYTES + 1)):
        path.write_bytes(raw)
        assert read_report(str(path)) is None
    assert panel_of(None, AT) is None
    assert entry_of(None, "pi-jawi") is None


@pytest.mark.parametrize(("minutes", "is_stale"), [(15, False), (16, True)])
def test_news_older_than_a_quarter_of_an_hour_is_stale(minutes: int, is_stale: bool) -> None:
    panel = panel_of(FleetReport(AT, (ENTRY,)), AT + timedelta(minutes=minutes))
    assert panel is not None
    assert panel.is_stale is is_stale
