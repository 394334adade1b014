"""The watch as it is built for a real device: outbox, files and sockets are real."""

from datetime import timedelta
from pathlib import Path

import pytest

from edge.clock import BUILT_AT, SettableClock
from edge.config import CameraSettings, EdgeConfig, HealthSettings, OutboxSettings
from edge.errors import OutboxUnavailableError
from edge.health.probing.board import Probes
from edge.health.wiring import build_look, rows_after, targets_of
from edge.outbox import Outbox
from edge.wire.records.bodies import ClockQuality, DeviceIncident, SensorReading


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox.open(tmp_path / "outbox.db", max_bytes=4 * 1024 * 1024, clock=SettableClock())


def test_rows_of_every_lane_after_an_instant_are_counted(outbox: Outbox) -> None:
    for minute in range(10):
        at = BUILT_AT + timedelta(minutes=minute)
        for body in (
            SensorReading(sensor="river", quantity="water_level_m", value=1),
            DeviceIncident(what="x"),
        ):
            outbox.append(body, at=at, mono_ns=minute, clock=ClockQuality.SYNCED)
    assert rows_after(outbox, BUILT_AT + timedelta(minutes=6)) == 6
    assert rows_after(outbox, BUILT_AT + timedelta(hours=1)) == 0
    outbox.close()


def test_a_disk_that_refuses_counts_nothing_and_is_named(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_lane: object) -> int:
        raise OutboxUnavailableError("disk gone")

    monkeypatch.setattr(outbox, "newest_place", refuse)
    assert rows_after(outbox, BUILT_AT) == 0
    assert "disk gone" in caplog.text
    outbox.close()


def test_only_network_cameras_can_be_asked(tmp_path: Path) -> None:
    config = EdgeConfig(
        device="pi-1",
        outbox=OutboxSettings(path=str(tmp_path / "outbox.db")),
        cameras=(
            CameraSettings(id="gate", source="rtsp://127.0.0.1:9/live"),
            CameraSettings(id="roof", source="scene:street?seed=1"),
        ),
        health=HealthSettings(gateway="127.0.0.1"),
    )
    targets = targets_of(config)
    assert list(targets) == ["gate"]
    look = build_look(config, probes=Probes(tmp_path), targets=targets)
    assert look.at("gate").answers is True, "a refusal is an answer"
    assert look.around().is_gateway_answering is True
