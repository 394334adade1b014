"""Checks of a device, each with what is wrong and what to do."""

import dataclasses
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.clock import Stamp
from edge.config import CameraSettings, DoorSettings
from edge.health.probing.board import Probes
from edge.health.selftest.broker import check_broker
from edge.health.selftest.cameras import _seen, check_cameras
from edge.health.selftest.checks import (
    check_certificate,
    check_clock,
    check_disk,
    check_power,
    device_checks,
    worker_checks,
)
from edge.supervision.happenings import WorkerState
from edge.supervision.worker_process import WorkerKind, WorkerPlan, WorkerProcess, start_worker
from edge.wire.records.bodies import ClockQuality
from tests.edge.agent_city import Device
from tests.mosquitto import Mosquitto, free_port


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    one = Mosquitto(tmp_path / "city")
    one.start()
    yield one
    one.stop()


NOW = Stamp(at=datetime.now(UTC), quality=ClockQuality.SYNCED, mono_ns=1)


def test_a_healthy_device_passes_every_check(tmp_path: Path) -> None:
    checks = device_checks(Device(tmp_path).configure(), stamp=NOW, probes=Probes(tmp_path))
    assert [check.name for check in checks] == ["disk", "clock", "power", "certificate"]
    assert all(check.is_ok for check in checks), checks


def test_a_full_disk_fails(tmp_path: Path) -> None:
    check = check_disk(tmp_path / "gone")
    assert not check.is_ok
    assert "0 MiB free" in check.detail


def test_a_clock_of_1970_fails_with_the_remedy() -> None:
    check = check_clock(Stamp(at=datetime(1970, 1, 1, tzinfo=UTC), quality=ClockQuality.UNKNOWN, mono_ns=1))
    assert not check.is_ok
    assert "NTP" in check.detail


def test_a_held_clock_is_good_enough() -> None:
    assert check_clock(Stamp(at=NOW.at, quality=ClockQuality.HELD, mono_ns=1)).is_ok


@pytest.mark.parametrize(("flags", "is_ok"), [("0", True), ("1", False), ("50000", True)])
def test_power_is_judged_where_the_board_tells(tmp_path: Path, flags: str, is_ok: bool) -> None:
    path = tmp_path / "sys/devices/platform/soc/soc:firmware/get_throttled"
    path.parent.mkdir(parents=True)
    path.write_text(flags)
    check = check_power(Probes(tmp_path))
    assert check.is_ok is is_ok
    assert ("since the boot" in check.detail) is (flags.strip() == "50000")


def test_a_missing_and_an_expired_certificate_fail(tmp_path: Path) -> None:
    device = Device(tmp_path)
    config = device.configure()
    late = Stamp(at=datetime(2050, 1, 1, tzinfo=UTC), quality=ClockQuality.SYNCED, mono_ns=1)
    assert "expired" in check_certificate(config, late).detail
    (tmp_path / "device.pem").unlink()
    assert "no such file" in check_certificate(config, NOW).detail


def test_workers_are_judged_by_their_progress() -> None:
    good = WorkerState("c", WorkerKind.CAMERA, True, 5, 0.4, 1, "")
    bad = WorkerState("_sensors", WorkerKind.SENSORS, False, 0, None, 9, "crashed: exit code 1")
    first, second = worker_checks([good, bad])
    assert (first.name, first.is_ok) == ("camera-c", True)
    assert (second.name, second.is_ok) == ("sensors-sensors", False)
    assert "exit code 1" in second.detail


def test_each_camera_is_opened_and_gives_a_frame_or_a_reason() -> None:
    cameras = (
        CameraSettings(id="street", source="scene:street?seed=1"),
        CameraSettings(id="gone", source="/no/such/video.mp4"),
        DoorSettings(id="front", source="/no/such/door.mp4"),
    )
    street, gone, front = check_cameras(cameras, timeout_s=60)
    assert (front.name, front.is_ok) == ("door-front", False)
    assert street.is_ok, street
    assert "px" in street.detail
    assert not gone.is_ok
    assert "not-found" in gone.detail


def test_a_driver_that_crashes_is_a_failed_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(plan: WorkerPlan) -> WorkerProcess:
        return start_worker(crashing(plan))

    def crashing(plan: WorkerPlan) -> WorkerPlan:
        return dataclasses.replace(plan, target="tests.edge.puppets:exit_at_start")

    monkeypatch.setattr("edge.health.selftest.cameras.start_worker", crash)
    (check,) = check_cameras((CameraSettings(id="bad", source="/dev/video0"),), timeout_s=60)
    assert not check.is_ok
    assert "the driver crashed" in check.detail


def test_a_source_without_a_frame_says_so() -> None:
    assert not _seen("camera-x", None).is_ok


def test_a_camera_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = f"rtsp://127.0.0.1:{silent.getsockname()[1]}/stream"
        (check,) = check_cameras((CameraSettings(id="mute", source=source),), timeout_s=0.5)
    assert not check.is_ok
    assert "no frame within 0.5 s" in check.detail


def test_a_broker_that_takes_our_certificate_passes(broker: Mosquitto, tmp_path: Path) -> None:
    check = check_broker(broker.link("pi-1"))
    assert check.is_ok, check
    stranger = Device(tmp_path / "elsewhere", port=broker.port).configure().hub
    refused = check_broker(stranger)
    assert not refused.is_ok
    assert "do not trust" in refused.detail


def test_no_broker_and_no_certificates_are_told_apart(tmp_path: Path) -> None:
    device = Device(tmp_path, port=free_port())
    config = device.configure()
    assert "cannot be reached" in check_broker(config.hub).detail
    (tmp_path / "device.key").unlink()
    assert "certificates cannot be used" in check_broker(config.hub).detail


@pytest.mark.parametrize(
    ("speech", "words"), [(b"", "no TLS"), (b"220 mail.example\r\n", "no TLS")], ids=["hangs up", "talks"]
)
def test_a_port_of_something_else_is_no_broker(tmp_path: Path, speech: bytes, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(speech)
                connection.recv(2_000)

        thread = threading.Thread(target=answer)
        thread.start()
        check = check_broker(Device(tmp_path, port=server.getsockname()[1]).configure().hub)
        thread.join(timeout=240)
    assert not check.is_ok
    assert words in check.detail or "cannot be reached" in check.detail


@pytest.mark.parametrize(("speech", "words"), [(b"hello", "speaks first"), (None, "hung up")])
def test_a_tls_server_that_is_no_broker_is_told(tmp_path: Path, speech: bytes | None, words: str) -> None:
    broker = Mosquitto(tmp_path / "city")
    link = broker.link("pi-1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "city/broker/server.pem", tmp_path / "city/broker/server.key")
    with socket.create_server(("127.0.0.1", broker.port)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with context.wrap_socket(connection, server_side=True) as tls:
                if speech is not None:
                    tls.sendall(speech)
                    tls.recv(1)

        thread = threading.Thread(target=answer)
        thread.start()
        check = check_broker(link)
        thread.join(timeout=240)
    assert not check.is_ok
    assert words in check.detail
