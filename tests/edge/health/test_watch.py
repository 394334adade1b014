"""Cameras, supply and link together, as the agent's loop drives them."""

from pathlib import Path

import pytest

from edge.clock import BUILT_AT, SettableClock
from edge.config import Medium
from edge.health.causes.absence import AbsenceWatch
from edge.health.causes.life import LifeFile
from edge.health.causes.outages import SETTLE_S, Outages
from edge.health.causes.power_watch import PowerWatch
from edge.health.probing.surroundings import NOTHING_KNOWN, CameraFindings, Surroundings
from edge.health.probing.ups import UpsState
from edge.health.watch import HealthWatch
from edge.wire.messages import Offline, OfflineReason, Online, State
from edge.wire.records.bodies import (
    Body,
    CameraFault,
    CameraIntegrity,
    Cause,
    ClockQuality,
    DeviceIncident,
    DeviceReturned,
    MotionEvent,
    PictureState,
)

OB_LB = UpsState(is_on_battery=True, is_low=True)


class PlayedProber:
    """A prober without a thread."""

    def __init__(self) -> None:
        self.surroundings: Surroundings = NOTHING_KNOWN
        self.asked: list[str] = []
        self.is_running = False

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def ask(self, camera: str) -> None:
        self.asked.append(camera)

    def take(self) -> list[CameraFindings]:
        found, self.asked = self.asked, []
        return [CameraFindings(camera, answers=False) for camera in found]


class Device:
    """A watch with everything around it played."""

    def __init__(
        self, folder: Path, *, boot_id: str = "0" * 32, uptime_s: float = 100.0, later_s: float = 0
    ) -> None:
        self.clock = SettableClock(boot_id=boot_id, mono_ns=round(uptime_s * 1e9))
        self.clock.set(BUILT_AT, ClockQuality.SYNCED)
        self.clock.advance(later_s)
        self.prober = PlayedProber()
        self.is_connected = True
        self.kept = 0
        self.states: list[State] = []
        self.life = LifeFile(folder / "life.json")
        left = self.life.read()
        self.watch = HealthWatch(
            outages=Outages(media={"a": Medium.CABLE, "b": Medium.CABLE}, reachable=("a", "b")),
            prober=self.prober,  # type: ignore[arg-type]  # a played one
            absence=AbsenceWatch(
                previous=left, boot_id=boot_id, reset=None, medium=Medium.FIBRE, count_rows=lambda _: 0
            ),
            power=PowerWatch(has_gasped=left is not None and left.has_gasped and left.boot_id == boot_id),
            life_file=self.life,
            clock=self.clock,
            is_connected=lambda: self.is_connected,
            kept=lambda: self.kept,
            say=self._say,
            birth=self._birth,
        )

    def _say(self, state: State) -> bool:
        if self.is_connected:
            self.states.append(state)
        return self.is_connected

    def _birth(self) -> Online:
        stamp = self.clock.now()
        return Online(
            epoch="0" * 16,
            boot_id=self.clock.boot_id,
            at=stamp.at,
            clock=stamp.quality,
            firmware="1",
            hardware="x",
            uptime_s=1,
        )

    def step(self, seconds: float = 1.0) -> list[Body]:
        self.clock.advance(seconds)
        return self.watch.step(self.clock.now().mono_ns / 1e9)

    def label(self, body: Body) -> Body:
        return self.watch.label(body, self.clock.now().mono_ns / 1e9)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def test_a_dark_camera_is_asked_and_its_cause_recorded(device: Device) -> None:
    silent = CameraIntegrity(camera="a", picture=PictureState.ABSENT, fault=CameraFault.SILENT)
    assert device.label(silent) == silent
    (body,) = device.step(SETTLE_S)
    assert isinstance(body, CameraIntegrity)
    assert (body.camera, body.cause) == ("a", Cause.CAMERA)


def test_other_records_pass_as_they_are(device: Device) -> None:
    body = MotionEvent(camera="a", duration_s=1, peak_share=0.5)
    assert device.label(body) is body


def test_a_last_gasp_is_said_once_left_on_disk_and_taken_back(device: Device) -> None:
    device.step()
    device.prober.surroundings = Surroundings(ups=OB_LB)
    said = device.step() + device.step()
    assert [body.what for body in said if isinstance(body, DeviceIncident)] == ["mains-lost", "last-gasp"]
    assert device.states == [Offline(boot_id="0" * 32, reason=OfflineReason.POWER)]
    left = device.life.read()
    assert left is not None
    assert left.has_gasped
    device.prober.surroundings = Surroundings(ups=UpsState(is_on_battery=False, is_low=False))
    device.step()
    assert isinstance(device.states[-1], Online)
    left = device.life.read()
    assert left is not None
    assert not left.has_gasped


def test_a_gasp_without_a_connection_waits_for_one(device: Device) -> None:
    device.is_connected = False
    device.prober.surroundings = Surroundings(ups=OB_LB)
    device.step()
    assert device.states == []
    device.is_connected = True
    device.step()
    device.step()
    assert len(device.states) == 1


def returned(bodies: list[Body]) -> list[DeviceReturned]:
    return [body for body in bodies if isinstance(body, DeviceReturned)]


def test_a_power_cut_after_a_gasp_is_explained_by_the_next_start(tmp_path: Path) -> None:
    before = Device(tmp_path)
    before.step()
    before.prober.surroundings = Surroundings(ups=OB_LB)
    before.step()
    after = Device(tmp_path, boot_id="1" * 32, uptime_s=40, later_s=3_600)
    after.is_connected = False
    assert returned(after.step()) == []
    after.is_connected = True
    (body,) = returned(after.step())
    assert (body.cause, body.evidence[0]) == (Cause.POWER, "last-gasp")
    assert 3_590 < body.outage_s < 3_610


def test_what_was_left_of_a_silence_stays_until_it_is_explained(tmp_path: Path) -> None:
    Device(tmp_path).step()
    left = LifeFile(tmp_path / "life.json").read()
    between = Device(tmp_path, boot_id="1" * 32, uptime_s=10, later_s=600)
    between.is_connected = False
    between.step()
    between.watch.stop()
    assert LifeFile(tmp_path / "life.json").read() == left


def test_a_broken_link_is_explained_with_what_the_gateway_did(device: Device) -> None:
    device.step()
    device.is_connected = False
    device.step()
    device.prober.surroundings = Surroundings(is_gateway_answering=False)
    device.step(600)
    device.kept = 30
    device.is_connected = True
    (body,) = returned(device.step())
    assert (body.cause, body.rows_from_gap) == (Cause.LINK, 30)
    assert "gateway-was-mute" in body.evidence


def test_a_stop_in_order_leaves_word_and_ends_the_prober(device: Device) -> None:
    device.watch.start()
    device.step()
    device.watch.stop()
    left = device.life.read()
    assert left is not None
    assert left.is_stopped
    assert not device.prober.is_running


def test_a_life_is_written_now_and_then_only(device: Device) -> None:
    device.step()
    first = device.life.read()
    device.step(5)
    assert device.life.read() == first
    device.step(30)
    assert device.life.read() != first
