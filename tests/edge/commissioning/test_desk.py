"""Settings on their way to workers, and back again when a camera cannot live with them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.commissioning.desk import SettingsDesk
from edge.commissioning.keeper import SettingsKeeper
from edge.commissioning.trial import TRIAL_S
from edge.supervision.happenings import Lost, Progressed, WorkerState
from edge.supervision.worker_process import WorkerKind, WorkerPlan, plan_of_camera
from edge.wire.records.bodies import Body, CameraFault, DeviceIncident
from tests.edge.commissioning.test_keeper import CAMERAS, desired, unseal


class Bench:
    """A desk on real settings; workers are only written down."""

    def __init__(self, folder: Path, at_work: tuple[str, ...] = ("utara", "selatan")) -> None:
        self.at_work = at_work
        self.plans: list[WorkerPlan] = []
        self.noted: list[Body] = []
        self.announced: list[int] = []
        self.keeper = SettingsKeeper(
            cameras=CAMERAS, path=folder / "overlay.json", unseal=unseal, now=lambda: datetime.now(UTC)
        )
        self.desk = SettingsDesk(
            keeper=self.keeper,
            workers=self,
            plan_of=plan_of_camera,
            note=self.noted.append,
            announce=lambda: self.announced.append(self.keeper.version),
        )

    def replan(self, plan: WorkerPlan) -> None:
        self.plans.append(plan)

    def states(self) -> tuple[WorkerState, ...]:
        return tuple(WorkerState(n, WorkerKind.CAMERA, True, 1, 0.1, 0, "") for n in self.at_work)

    def crash(self, camera: str) -> None:
        self.desk.attend(Lost(camera, WorkerKind.CAMERA, CameraFault.CRASHED, "exit code 9", 1))

    def said(self) -> list[tuple[str, str]]:
        return [(body.what, body.detail) for body in self.noted if isinstance(body, DeviceIncident)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_new_settings_are_announced_and_proven_after_the_trial(bench: Bench) -> None:
    bench.desk.desire(desired(1, utara={"fps": 5}), 0.0)
    bench.desk.attend(Progressed("utara", WorkerKind.CAMERA))
    bench.desk.turn(10.0)
    assert ([plan.name for plan in bench.plans], bench.announced) == (["utara"], [1])
    assert bench.said() == []
    bench.desk.turn(TRIAL_S)
    assert bench.said() == [("config-in-force", "version 1")]
    assert not bench.keeper.is_on_trial


def test_settings_on_which_a_camera_does_not_start_are_taken_back_and_it_is_said(bench: Bench) -> None:
    bench.desk.turn(0.0)
    bench.desk.desire(desired(1, utara={"fps": 5}), 0.0)
    bench.crash("utara")
    bench.desk.turn(1.0)
    assert [plan.settings.fps for plan in bench.plans] == [5, 10]
    assert bench.announced == [1, 0]
    assert bench.said() == [
        ("config-rolled-back", "version 1: utara: crashed: exit code 9; back on 0"),
    ]
    bench.desk.desire(desired(1, utara={"fps": 5}), 2.0)
    assert len(bench.plans) == 2


def test_a_camera_that_was_dark_before_takes_nothing_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path, at_work=("selatan",))
    bench.desk.turn(0.0)
    bench.desk.desire(desired(1, utara={"fps": 5}), 0.0)
    bench.crash("utara")
    bench.desk.turn(TRIAL_S)
    assert bench.keeper.version == 1


def test_what_is_refused_is_said_once_with_the_path_of_the_key(bench: Bench) -> None:
    for _ in range(3):
        bench.desk.desire(desired(1, utara={"zoom": 2}), 0.0)
    ((what, detail),) = bench.said()
    assert what == "config-refused"
    assert detail.startswith("version 1: cameras.utara.zoom: not a key")
    assert (bench.plans, bench.announced) == ([], [])


def test_a_trial_goes_on_after_a_restart(tmp_path: Path) -> None:
    Bench(tmp_path).desk.desire(desired(1, utara={"fps": 5}), 0.0)
    again = Bench(tmp_path)
    again.desk.turn(50.0)
    again.crash("utara")
    again.desk.turn(51.0)
    assert again.said()[-1][0] == "config-rolled-back"
    assert again.keeper.version == 0
