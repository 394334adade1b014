"""Supervision of real processes: crash, hang, flood, garbage; each beside a healthy worker."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from edge.supervision.happenings import Happening, Heard, Lost, Progressed, Started
from edge.supervision.messages import Order, Said, StillTaken
from edge.supervision.supervisor import Supervisor
from edge.supervision.worker_process import WorkerKind, WorkerPlan, WorkerProcess, start_worker
from edge.wire.messages import TakeStill
from edge.wire.records.bodies import CameraFault, SensorReading

PATIENCE_S = 240.0


def plan(
    function: str, name: str = "bad", *, silent_after_s: float = 8.0, startup_s: float = 40.0
) -> WorkerPlan:
    return WorkerPlan(
        name=name,
        kind=WorkerKind.CAMERA,
        target=f"tests.edge.puppets:{function}",
        settings=None,
        silent_after_s=silent_after_s,
        startup_s=startup_s,
    )


class Stage:
    """A supervisor, what happened so far, and the processes it started."""

    def __init__(self, *plans: WorkerPlan) -> None:
        self.happenings: list[Happening] = []
        self.processes: list[WorkerProcess] = []
        self.supervisor = Supervisor(
            plans=plans, monotonic=time.monotonic, jitter=lambda: 0.0, start=self._start
        )

    def _start(self, a_plan: WorkerPlan) -> WorkerProcess:
        self.processes.append(start_worker(a_plan))
        return self.processes[-1]

    def run_until(self, is_done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_done():
            assert time.monotonic() < deadline_s, f"only this happened: {self.happenings[-20:]}"
            self.happenings += self.supervisor.step()
            self.supervisor.wait(0.2)

    def of(self, kind: type, worker: str = "bad") -> list[Happening]:
        return [h for h in self.happenings if isinstance(h, kind) and h.worker == worker]

    def lost(self, worker: str = "bad") -> list[Lost]:
        return [h for h in self.happenings if isinstance(h, Lost) and h.worker == worker]

    def values(self, worker: str) -> list[float]:
        return [
            h.message.body.value
            for h in self.happenings
            if isinstance(h, Heard)
            and h.worker == worker
            and isinstance(h.message, Said)
            and isinstance(h.message.body, SensorReading)
        ]


@pytest.fixture
def stages() -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*plans: WorkerPlan) -> Stage:
        made.append(Stage(*plans))
        return made[-1]

    yield make
    for stage in made:
        stage.supervisor.kill()
        assert stage.supervisor.is_all_over


Stages = Callable[..., Stage]


def test_a_crash_is_noticed_and_replaced_and_the_neighbour_is_untouched(stages: Stages) -> None:
    stage = stages(plan("crash_after_a_beat"), plan("steady", "good"))
    stage.run_until(lambda: len(stage.of(Started)) >= 2 and len(stage.of(Progressed, "good")) == 1)
    first = stage.lost()[0]
    assert (first.fault, first.detail, first.restarts) == (CameraFault.CRASHED, "exit code 7", 0)
    assert stage.of(Started, "good") == [Started("good", WorkerKind.CAMERA)]
    assert stage.lost("good") == []


def test_a_worker_that_ends_by_itself_is_replaced_for_ever(stages: Stages) -> None:
    stage = stages(plan("exit_at_start"))
    stage.run_until(lambda: len(stage.lost()) >= 2)
    assert [lost.fault for lost in stage.lost()[:2]] == [CameraFault.ENDED, CameraFault.ENDED]
    assert stage.lost()[1].restarts == 1


def test_the_last_word_of_a_worker_names_the_fault(stages: Stages) -> None:
    stage = stages(plan("give_up"))
    stage.run_until(lambda: bool(stage.lost()))
    assert (stage.lost()[0].fault, stage.lost()[0].detail) == (CameraFault.NOT_FOUND, "no such camera")


def test_a_stopped_worker_is_killed_and_replaced_within_its_time(stages: Stages) -> None:
    stage = stages(plan("steady", silent_after_s=2), plan("steady", "good"))
    stage.run_until(lambda: bool(stage.of(Progressed)) and bool(stage.of(Progressed, "good")))
    frozen = stage.processes[0].process
    assert frozen.pid is not None
    os.kill(frozen.pid, signal.SIGSTOP)
    stage.run_until(lambda: len(stage.of(Progressed)) == 2)
    assert stage.lost()[0].fault is CameraFault.HUNG
    assert stage.lost()[0].detail == "no progress for 2 s; killed"
    assert not frozen.is_alive()
    assert stage.lost("good") == []
    states = {state.name: state for state in stage.supervisor.states()}
    assert states["bad"].restarts == 1
    assert states["bad"].last_fault == "hung: no progress for 2 s; killed"
    assert states["good"].restarts == 0
    assert states["good"].beat_age_s is not None
    assert states["good"].beat_age_s < 8


@pytest.mark.parametrize(
    ("function", "startup_s"), [("never_begin", 3.0), ("beat_once_then_hang", 40.0), ("half_a_message", 40.0)]
)
def test_a_worker_that_makes_no_progress_is_hung(stages: Stages, function: str, startup_s: float) -> None:
    stage = stages(plan(function, silent_after_s=2, startup_s=startup_s))
    stage.run_until(lambda: len(stage.of(Started)) == 2)
    assert stage.lost()[0].fault is CameraFault.HUNG


@pytest.mark.parametrize(
    ("function", "word"),
    [
        ("garbage", "no message"),
        ("huge", "its pipe broke: bad message length"),
        ("a_body_the_hub_refuses", "camera"),
    ],
)
def test_a_worker_that_sends_garbage_is_replaced(stages: Stages, function: str, word: str) -> None:
    stage = stages(plan(function))
    stage.run_until(lambda: len(stage.of(Started)) == 2)
    assert stage.lost()[0].fault is CameraFault.CRASHED
    assert word in stage.lost()[0].detail


def test_a_flood_neither_blocks_the_loop_nor_starves_the_neighbour(stages: Stages) -> None:
    stage = stages(plan("flood"), plan("steady", "good"))
    stage.run_until(lambda: bool(stage.of(Progressed, "good")) and len(stage.values("bad")) > 2_000)
    for _ in range(2_000):
        stage.supervisor.send("bad", Order(TakeStill(camera="bad")))
    assert stage.supervisor.send("good", Order(TakeStill(camera="good")))
    stage.run_until(lambda: bool(stage.values("good")))
    values = stage.values("bad")
    assert values == [float(number) for number in range(1, len(values) + 1)], "records keep their order"
    assert any(isinstance(h, Heard) and isinstance(h.message, StillTaken) for h in stage.happenings)
    assert stage.lost() == []


def test_a_pipe_held_open_by_a_grandchild_does_not_delay_the_replacement(stages: Stages) -> None:
    stage = stages(plan("child_holds_the_pipe"))
    stage.run_until(lambda: len(stage.of(Started)) == 2)
    assert stage.lost()[0].detail == "exit code 3"


def test_a_killed_worker_is_reported_with_its_signal(stages: Stages) -> None:
    stage = stages(plan("steady"))
    stage.run_until(lambda: bool(stage.of(Progressed)))
    stage.processes[0].process.kill()
    stage.run_until(lambda: len(stage.of(Progressed)) == 2)
    assert stage.lost()[0].detail == "killed by signal 9"


def test_a_stop_ends_all_workers_after_their_last_words_and_starts_none(stages: Stages) -> None:
    stage = stages(plan("steady", "one"), plan("steady", "two"))
    stage.run_until(lambda: bool(stage.of(Progressed, "one")) and bool(stage.of(Progressed, "two")))
    stage.supervisor.begin_stop()
    stage.run_until(lambda: stage.supervisor.is_all_over)
    assert stage.values("one") == [999.0]
    assert stage.values("two") == [999.0]
    assert stage.lost("one") == []
    stage.happenings += stage.supervisor.step()
    assert len(stage.of(Started, "one")) == 1
    assert not stage.supervisor.send("one", Order(TakeStill(camera="one")))


def test_a_system_that_gives_no_process_is_a_fault_and_is_tried_again() -> None:
    now_s = [0.0]

    def refuse(_: WorkerPlan) -> WorkerProcess:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    supervisor = Supervisor(
        plans=[plan("steady")], monotonic=lambda: now_s[0], jitter=lambda: 0.0, start=refuse
    )
    lost = supervisor.step()[0]
    assert isinstance(lost, Lost)
    assert lost.fault is CameraFault.FAILED
    assert "Resource temporarily unavailable" in lost.detail
    assert supervisor.step() == []
    now_s[0] = 1.0
    assert isinstance(supervisor.step()[0], Lost)


def test_an_agent_that_was_held_up_does_not_blame_its_workers(stages: Stages) -> None:
    stage = stages(plan("steady", silent_after_s=3))
    stage.run_until(lambda: bool(stage.of(Progressed)))
    link_is_quiet = stage.processes[0].process
    assert link_is_quiet.pid is not None
    os.kill(link_is_quiet.pid, signal.SIGSTOP)
    time.sleep(3.5)
    stage.happenings += stage.supervisor.step()
    os.kill(link_is_quiet.pid, signal.SIGCONT)
    stage.run_until(lambda: (stage.supervisor.states()[0].beat_age_s or 99) < 1)
    assert stage.lost() == []


def test_unknown_workers_cannot_be_told_anything(stages: Stages) -> None:
    assert not stages().supervisor.send("nobody", Order(TakeStill(camera="nobody")))


def test_a_worker_with_new_settings_says_its_last_words_and_begins_again_without_a_loss(
    stages: Stages,
) -> None:
    stage = stages(plan("steady", "roof"), plan("steady", "gate"))
    stage.run_until(lambda: len(stage.of(Progressed, "roof")) == 1 and stage.of(Progressed, "gate") != [])
    stage.supervisor.replan(plan("steady", "roof"))
    stage.run_until(lambda: len(stage.of(Progressed, "roof")) == 2)
    assert stage.values("roof")[-1] == 999
    assert stage.lost("roof") == []
    assert len(stage.of(Started, "gate")) == 1


def test_a_worker_that_does_not_hear_is_killed_for_its_new_settings(stages: Stages) -> None:
    stage = stages(plan("beat_once_then_hang"))
    stage.run_until(lambda: len(stage.of(Progressed)) == 1)
    stage.supervisor.replan(plan("steady"))
    stage.run_until(lambda: len(stage.of(Progressed)) == 2)
    assert stage.lost() == []


def test_a_worker_that_waits_for_its_next_start_begins_at_once_with_new_settings(stages: Stages) -> None:
    stage = stages(plan("give_up"))
    stage.run_until(lambda: len(stage.lost()) == 3)
    stage.supervisor.replan(plan("steady"))
    stage.run_until(lambda: len(stage.of(Progressed)) == 1)
