"""Keeps one process for each worker: started, watched, killed when it hangs, started again.

Who is to be replaced and when is decided in :mod:`edge.supervision.liveness`; pipes are read in
:mod:`edge.supervision.link`. A worker's trouble never touches another worker. Must not record anything:
it returns what happened, and the agent acts on it.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from edge.supervision.happenings import Happening, Heard, Lost, Progressed, Started, WorkerState
from edge.supervision.link import Link, show_nobody
from edge.supervision.liveness import Liveness
from edge.supervision.messages import LivePart, Stop, ToWorker
from edge.supervision.worker_process import WorkerPlan, WorkerProcess, start_worker
from edge.wire.records.bodies import CameraFault

logger = logging.getLogger(__name__)

# How much is taken from one worker before the next has its turn.
_TURN_MESSAGES = 256
# A step later than this means that the agent itself was held up, by a slow disk for example.
_HELD_UP_S = 2.0
# How long a process and its pipe may outlive each other: a grandchild may hold the pipe.
_LAST_WORDS_S = 1.0
# How long a worker may take to end when it is to begin again with other settings.
_CHANGE_OVER_S = 3.0


class _Slot:
    """One worker: its plan, its life, and its process of the moment."""

    def __init__(self, plan: WorkerPlan, liveness: Liveness) -> None:
        self.plan = plan
        self.liveness = liveness
        self.running: WorkerProcess | None = None
        self.link: Link | None = None
        self.has_progressed = False
        self.sentence: tuple[CameraFault, str] | None = None
        self.ending_since_s: float | None = None
        self.last_fault = ""
        self.next_plan: WorkerPlan | None = None
        self.change_over_ends_at_s = 0.0


class Supervisor:
    """All workers of a device. Not thread safe except :meth:`wake`: one loop owns it."""

    def __init__(
        self,
        *,
        plans: Sequence[WorkerPlan],
        monotonic: Callable[[], float],
        jitter: Callable[[], float],
        start: Callable[[WorkerPlan], WorkerProcess] = start_worker,
        show: Callable[[str, LivePart], None] | None = None,
    ) -> None:
        """Start nothing yet; the first :meth:`step` does.

        Args:
            plans: The workers.
            monotonic: Seconds that never go back.
            jitter: Gives numbers in [0, 1).
            start: Starts a process.
            show: Given each worker's live pictures, from another thread; must not block.
        """
        self._show = show
        self._monotonic = monotonic
        self._start = start
        self._wake = threading.Event()
        self._is_stopping = False
        self._last_step_s = monotonic()
        self._jitter = jitter
        self._slots = {plan.name: _Slot(plan, self._new_life(plan)) for plan in plans}

    def _new_life(self, plan: WorkerPlan) -> Liveness:
        return Liveness(silent_after_s=plan.silent_after_s, startup_s=plan.startup_s, jitter=self._jitter)

    def wake(self) -> None:
        """End a :meth:`wait` early; allowed from any thread."""
        self._wake.set()

    def wait(self, timeout_s: float) -> None:
        """Return when a worker said something, :meth:`wake` was called, or time is up."""
        self._wake.wait(timeout_s)
        self._wake.clear()

    def step(self) -> list[Happening]:
        """Do what is due and return what happened; never blocks for long."""
        now_s = self._monotonic()
        held_up_s = now_s - self._last_step_s
        self._last_step_s = now_s
        happenings: list[Happening] = []
        for slot in self._slots.values():
            if held_up_s > _HELD_UP_S:
                slot.liveness.excuse(held_up_s)
            if slot.link is not None:
                happenings += self._listen(slot, slot.link, now_s)
            elif not self._is_stopping and slot.liveness.is_due(now_s):
                happenings += self._begin(slot, now_s)
        return happenings

    def send(self, worker: str, message: ToWorker) -> bool:
        """Tell a worker something; return whether it runs and had room for it."""
        slot = self._slots.get(worker)
        return slot is not None and slot.link is not None and slot.link.send(message)

    def replan(self, plan: WorkerPlan) -> None:
        """Give the worker of this name other settings: it ends and begins again, which is no loss."""
        slot = self._slots[plan.name]
        if slot.link is None:
            slot.plan, slot.liveness = plan, self._new_life(plan)
            return
        slot.next_plan, slot.change_over_ends_at_s = plan, self._monotonic() + _CHANGE_OVER_S
        slot.link.send(Stop())

    def begin_stop(self) -> None:
        """Ask all workers to end; :meth:`step` starts none from now on."""
        self._is_stopping = True
        for slot in self._slots.values():
            if slot.link is not None:
                slot.link.send(Stop())

    @property
    def is_all_over(self) -> bool:
        """Whether no worker runs any more."""
        return all(slot.running is None for slot in self._slots.values())

    def kill(self) -> None:
        """Kill whatever still runs, at once."""
        for slot in self._slots.values():
            if slot.running is not None:
                slot.running.process.kill()
                self._bury(slot, slot.running)

    def states(self) -> tuple[WorkerState, ...]:
        """Return how each worker is now."""
        now_s = self._monotonic()
        return tuple(_state_of(slot, now_s) for slot in self._slots.values())

    def _begin(self, slot: _Slot, now_s: float) -> list[Happening]:
        slot.has_progressed, slot.sentence, slot.ending_since_s = False, None, None
        slot.liveness.started(now_s)
        try:
            slot.running = self._start(slot.plan)
        except OSError as error:
            slot.liveness.lost(now_s)
            return [self._lost(slot, CameraFault.FAILED, f"cannot start a process: {error}")]
        show = show_nobody if self._show is None else partial(self._show, slot.plan.name)
        slot.link = Link(
            name=slot.plan.name,
            pipe=slot.running.pipe,
            monotonic=self._monotonic,
            wake=self._wake.set,
            show=show,
        )
        return [Started(slot.plan.name, slot.plan.kind)]

    def _listen(self, slot: _Slot, link: Link, now_s: float) -> list[Happening]:
        happenings: list[Happening] = []
        if link.beat_at_s is not None:
            slot.liveness.beat(link.beat_at_s)
            if not slot.has_progressed:
                slot.has_progressed = True
                happenings.append(Progressed(slot.plan.name, slot.plan.kind))
        happenings += [Heard(slot.plan.name, link, message) for message in link.take(_TURN_MESSAGES)]
        assert slot.running is not None, "a link has a process"
        if slot.running.process.is_alive():
            self._judge(slot, link, slot.running, now_s)
        elif link.is_silent_for_ever or self._has_had_last_words(slot, now_s):
            happenings += self._replace(slot, link, slot.running, now_s)
        return happenings

    def _judge(self, slot: _Slot, link: Link, running: WorkerProcess, now_s: float) -> None:
        if slot.sentence is None:
            slot.sentence = self._sentence(slot, link, now_s)
            if slot.sentence is not None:
                # A stopped process obeys SIGKILL, and nothing less.
                running.process.kill()

    def _sentence(self, slot: _Slot, link: Link, now_s: float) -> tuple[CameraFault, str] | None:
        """Return why a living process has to go, or None when it may stay."""
        if slot.next_plan is not None and now_s >= slot.change_over_ends_at_s:
            return CameraFault.HUNG, "did not end when told to; killed"
        if slot.liveness.is_overdue(now_s):
            life = slot.liveness
            silent_s = life.silent_after_s if slot.has_progressed else life.startup_s
            return CameraFault.HUNG, f"no progress for {silent_s:g} s; killed"
        if link.garbage is not None:
            return CameraFault.CRASHED, f"sent {link.garbage}"
        # A pipe ends a moment before its process does; only a process that stays is at fault.
        if link.is_broken and self._has_had_last_words(slot, now_s):
            return CameraFault.CRASHED, f"its pipe broke: {link.end_reason}"
        return None

    def _has_had_last_words(self, slot: _Slot, now_s: float) -> bool:
        if slot.ending_since_s is None:
            slot.ending_since_s = now_s
        return now_s - slot.ending_since_s > _LAST_WORDS_S

    def _replace(self, slot: _Slot, link: Link, running: WorkerProcess, now_s: float) -> list[Happening]:
        fault, detail = _cause(slot, link, running)
        self._bury(slot, running)
        if slot.next_plan is not None:
            slot.plan, slot.next_plan = slot.next_plan, None
            slot.liveness = self._new_life(slot.plan)
            return []
        slot.liveness.lost(now_s)
        return [] if self._is_stopping else [self._lost(slot, fault, detail)]

    def _bury(self, slot: _Slot, running: WorkerProcess) -> None:
        running.process.join(timeout=1.0)
        if slot.link is not None:
            slot.link.close()
        slot.link, slot.running = None, None
        self._wake.set()

    def _lost(self, slot: _Slot, fault: CameraFault, detail: str) -> Lost:
        slot.last_fault = f"{fault}: {detail}"
        return Lost(slot.plan.name, slot.plan.kind, fault, detail, slot.liveness.restarts)


def _cause(slot: _Slot, link: Link, running: WorkerProcess) -> tuple[CameraFault, str]:
    """Return why a process ended; its own last word counts most."""
    if link.fault is not None:
        return link.fault.fault, link.fault.detail
    if slot.sentence is not None:
        return slot.sentence
    if link.garbage is not None:
        return CameraFault.CRASHED, f"sent {link.garbage}"
    code = running.process.exitcode
    if code == 0:
        return CameraFault.ENDED, "ended by itself"
    return (
        CameraFault.CRASHED,
        f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}",
    )


def _state_of(slot: _Slot, now_s: float) -> WorkerState:
    beat = None if slot.link is None else slot.link.beat
    beat_at_s = None if slot.link is None else slot.link.beat_at_s
    return WorkerState(
        name=slot.plan.name,
        kind=slot.plan.kind,
        is_alive=slot.running is not None,
        frames=0 if beat is None else beat.frames,
        beat_age_s=None if beat_at_s is None else now_s - beat_at_s,
        restarts=max(slot.liveness.restarts, 0),
        last_fault=slot.last_fault,
    )
