"""The loop of the agent with real worker processes and a real outbox; the uplink is played."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.documents.roster import RosterShelf
from edge.outbox import Outbox
from edge.running.commands import Commands
from edge.running.intake import Intake
from edge.running.main_loop import Asked, MainLoop, Touched
from edge.running.watchdog import Notifier, Watchdog
from edge.supervision.messages import DoorScreen, PinTyped, Told, Witnessed
from edge.supervision.supervisor import Supervisor
from edge.supervision.worker_process import WorkerKind, WorkerPlan
from edge.wire.messages import Desired, Reply, TakeStill, decode_body
from edge.wire.records.bodies import (
    Body,
    CameraFault,
    CameraIntegrity,
    DeviceIncident,
    Lane,
    PictureState,
    SensorReading,
)
from tests.edge.documents.test_roster import desired, unseal

PATIENCE_S = 240.0


class Scene:
    """A loop with puppets for workers, and everything it did."""

    def __init__(self, folder: Path, *plans: WorkerPlan, has_door: bool = False) -> None:
        self.clock = SystemClock()
        self.outbox = Outbox.open(folder / "outbox.db", max_bytes=4 * 1024 * 1024, clock=self.clock)
        self.stills: list[str] = []
        self.replies: list[Reply] = []
        self.reports = 0
        self.shown: list[tuple[str, Told | DoorScreen]] = []
        self.desired: list[Desired] = []
        self.kiosk_turns = 0
        self.supervisor = Supervisor(plans=plans, monotonic=time.monotonic, jitter=lambda: 0.0)
        self.shelf = RosterShelf(path=folder / "roster.sealed", unseal=unseal) if has_door else None
        self.loop = MainLoop(
            supervisor=self.supervisor,
            intake=Intake(outbox=self.outbox, clock=self.clock, acceptance=None, on_kept=lambda: None),
            sender=self,
            commands=Commands(
                cameras=frozenset(plan.name for plan in plans), workers=self.supervisor, selftest=list
            ),
            shelf=self.shelf,
            watchdog=Watchdog(notifier=Notifier(None), every_s=None, progress=lambda: ()),
            report=self._report,
            report_every_s=3_600,
            monotonic=time.monotonic,
            kiosk=self if has_door else None,
            identity=self if has_door else None,
        )

    def hear(self, door: str, message: Told | DoorScreen) -> None:
        self.shown.append((door, message))

    def desire(self, desired: Desired) -> None:
        self.desired.append(desired)

    def turn(self) -> None:
        self.kiosk_turns += 1

    def publish_still(self, camera: str, jpeg: bytes, at: datetime) -> bool:
        self.stills.append(camera)
        return True

    def _report(self) -> None:
        self.reports += 1

    def bodies(self) -> list[Body]:
        rows = [row for lane in Lane for row in self.outbox.rows(lane, limit=100_000)]
        return [decode_body(row.payload) for row in sorted(rows, key=lambda row: row.seq)]

    def echoes(self) -> list[str]:
        return [b.quantity for b in self.bodies() if isinstance(b, SensorReading) and b.sensor == "echo"]

    def run_until(self, is_done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_done():
            assert time.monotonic() < deadline_s, f"only this was kept: {self.bodies()[-20:]}"
            self.loop.turn()
            self.supervisor.wait(0.1)

    def close(self) -> None:
        self.supervisor.kill()
        self.outbox.close()


def plan(function: str, name: str, kind: WorkerKind = WorkerKind.CAMERA) -> WorkerPlan:
    return WorkerPlan(name=name, kind=kind, target=f"tests.edge.puppets:{function}", settings=None)


Scenes = Callable[..., Scene]


@pytest.fixture
def scenes(tmp_path: Path) -> Iterator[Scenes]:
    made: list[Scene] = []

    def make(*plans: WorkerPlan, has_door: bool = False) -> Scene:
        made.append(Scene(tmp_path, *plans, has_door=has_door))
        return made[-1]

    yield make
    for scene in made:
        scene.close()


def test_a_ticket_is_answered_with_kept_after_the_commit(scenes: Scenes) -> None:
    scene = scenes(plan("tickets", "gate"))
    scene.run_until(lambda: len(scene.bodies()) >= 6)
    values = [body.value for body in scene.bodies() if isinstance(body, SensorReading)]
    assert values[:6] == [1, 1_001, 2, 1_002, 3, 1_003]


def test_pictures_go_to_the_uplink_under_the_name_of_their_worker(scenes: Scenes) -> None:
    scene = scenes(plan("flood", "roof"))
    scene.run_until(lambda: bool(scene.stills))
    assert set(scene.stills) == {"roof"}


def test_a_camera_that_keeps_failing_is_recorded_once(scenes: Scenes) -> None:
    scene = scenes(plan("give_up", "gate"), plan("steady", "roof"))
    scene.run_until(lambda: scene.supervisor.states()[0].restarts >= 2)
    assert scene.bodies() == [
        CameraIntegrity(
            camera="gate", picture=PictureState.ABSENT, fault=CameraFault.NOT_FOUND, detail="no such camera"
        )
    ]


def test_a_killed_door_is_an_incident_and_so_is_its_return(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "front", WorkerKind.DOOR), has_door=True)
    scene.run_until(lambda: scene.supervisor.states()[0].frames > 0)
    scene.supervisor._slots["front"].running.process.kill()  # the test plays the kernel
    scene.run_until(lambda: len(scene.bodies()) == 2)
    whats = [body.what for body in scene.bodies() if isinstance(body, DeviceIncident)]
    assert whats == ["door-lost", "door-back"]


def test_commands_of_the_hub_are_carried_out_and_answered(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "gate"))
    scene.run_until(lambda: scene.supervisor.states()[0].frames > 0)
    asker = threading.Thread(
        target=scene.loop.ask, args=(Asked(TakeStill(camera="gate"), scene.replies.append),)
    )
    asker.start()
    asker.join()
    scene.run_until(lambda: "order" in scene.echoes())
    assert [reply.is_done for reply in scene.replies] == [True]


def test_a_roster_reaches_the_door_at_once_and_again_after_its_restart(scenes: Scenes) -> None:
    scene = scenes(
        plan("steady", "front", WorkerKind.DOOR), plan("steady", "gate", WorkerKind.CAMERA), has_door=True
    )
    scene.run_until(lambda: scene.supervisor.states()[0].frames > 0)
    scene.loop.ask(desired(7))
    scene.loop.ask(desired(7))
    scene.loop.ask(desired(3))
    scene.run_until(lambda: scene.echoes() == ["rosterchanged"])
    scene.supervisor._slots["front"].running.process.kill()  # the test plays the kernel
    scene.run_until(lambda: scene.echoes() == ["rosterchanged", "rosterchanged"])


def test_a_document_for_a_device_without_doors_is_left_alone(
    scenes: Scenes, caplog: pytest.LogCaptureFixture
) -> None:
    scene = scenes()
    scene.loop.ask(Desired(document="roster", version=1, sealed="", signature=""))
    scene.loop.turn()
    assert "has no door" in caplog.text


def test_a_hub_that_asks_too_fast_is_dropped_with_one_line(
    scenes: Scenes, caplog: pytest.LogCaptureFixture
) -> None:
    scene = scenes()
    for _ in range(150):
        scene.loop.ask(Asked(TakeStill(camera="x"), scene.replies.append))
    scene.loop.turn()
    assert len(scene.replies) == 100
    assert caplog.text.count("requests are dropped") == 1


def test_health_is_reported_at_the_start_and_then_at_its_pace(scenes: Scenes) -> None:
    scene = scenes()
    scene.loop.turn()
    scene.loop.turn()
    assert scene.reports == 1


def test_a_stop_keeps_the_last_words_of_every_worker(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "gate"), plan("never_begin", "deaf"))

    def stop_when_at_work() -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while scene.supervisor.states()[0].frames == 0 and time.monotonic() < deadline_s:
            time.sleep(0.05)
        scene.loop.stop()

    # The loop has to run in this thread: Linux kills a worker when the thread that started it ends.
    stopper = threading.Thread(target=stop_when_at_work)
    stopper.start()
    scene.loop.run()
    stopper.join()
    scene.loop.wind_down(grace_s=2.0)
    assert scene.supervisor.is_all_over
    assert [b.value for b in scene.bodies() if isinstance(b, SensorReading)] == [999]


def test_what_a_door_says_is_shown_and_what_is_touched_reaches_the_door(scenes: Scenes) -> None:
    scene = scenes(plan("greet", "front", WorkerKind.DOOR), has_door=True)
    scene.run_until(lambda: len(scene.shown) == 2)
    assert scene.shown == [
        ("front", DoorScreen(challenge="123")),
        ("front", Told("E06", "Kode tidak sah.")),
    ]
    assert scene.kiosk_turns > 0
    scene.loop.ask(Touched("front", PinTyped("4821")))
    scene.loop.ask(Touched("front", Witnessed()))
    scene.run_until(lambda: {"pintyped", "witnessed"} <= set(scene.echoes()))


def test_a_key_of_workplace_codes_goes_to_the_screens(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "front", WorkerKind.DOOR), has_door=True)
    document = Desired(document="workplace", version=1, sealed="AAAA", signature="AAAA")
    scene.loop.ask(document)
    scene.run_until(lambda: scene.desired == [document])


def test_a_renewed_certificate_goes_to_its_desk(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "front", WorkerKind.DOOR), has_door=True)
    document = Desired(document="identity", version=1, sealed="AAAA", signature="AAAA")
    scene.loop.ask(document)
    scene.run_until(lambda: scene.desired == [document])


def test_a_device_without_screens_lets_all_that_pass(scenes: Scenes) -> None:
    scene = scenes(plan("greet", "front", WorkerKind.DOOR), plan("steady", "roof"))
    scene.loop.ask(Desired(document="workplace", version=1, sealed="AAAA", signature="AAAA"))
    scene.run_until(lambda: all(state.frames > 0 for state in scene.supervisor.states()))
    assert scene.shown == []
    assert scene.desired == []


def test_a_roster_that_is_not_right_is_told_once_in_plain_words(scenes: Scenes) -> None:
    scene = scenes(plan("steady", "front", WorkerKind.DOOR), has_door=True)
    scene.loop.ask(desired(5))
    forged = Desired(document="roster", version=9, sealed="AAAA", signature="AAAA")
    for document in (forged, forged, desired(4), desired(4)):
        scene.loop.ask(document)
    scene.run_until(lambda: len([b for b in scene.bodies() if isinstance(b, DeviceIncident)]) == 2)
    assert [body.detail for body in scene.bodies() if isinstance(body, DeviceIncident)] == [
        "Daftar pegawai versi 9 ditolak: tanda tangan atau segelnya tidak sah; periksa kunci hub."
        " Yang ada tetap dipakai.",
        "Daftar pegawai versi 4 ditolak: lebih lama dari yang dipakai, atau rusak. Yang ada tetap dipakai.",
    ]
    assert scene.shelf is not None
    assert scene.shelf.version == 5
