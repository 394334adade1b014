"""Brings new camera settings to the workers, watches them begin, and takes the settings back.

The agent's loop calls it; what is to be recorded goes through ``note``, and ``announce`` tells
the hub which version is in force. Must not touch files or keys.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from edge.commissioning.keeper import Change, SettingsKeeper
from edge.commissioning.trial import Trial, Verdict
from edge.config import CameraSettings
from edge.supervision.happenings import Happening, Lost, Progressed, WorkerState
from edge.supervision.pipe_codec import clean_detail
from edge.supervision.worker_process import WorkerPlan
from edge.wire.camera_settings import SettingsError
from edge.wire.desired import DesiredError
from edge.wire.messages import Desired
from edge.wire.records.bodies import Body, DeviceIncident

logger = logging.getLogger(__name__)

REFUSED = "config-refused"
ROLLED_BACK = "config-rolled-back"
IN_FORCE = "config-in-force"


class Workers(Protocol):
    """What the desk needs of the supervisor."""

    def replan(self, plan: WorkerPlan) -> None:
        """Let a worker end and begin again with other settings."""
        ...

    def states(self) -> tuple[WorkerState, ...]:
        """Return how each worker is now."""
        ...


class SettingsDesk:
    """Where the hub's camera settings come in."""

    def __init__(
        self,
        *,
        keeper: SettingsKeeper,
        workers: Workers,
        plan_of: Callable[[CameraSettings], WorkerPlan],
        note: Callable[[Body], None],
        announce: Callable[[], object],
    ) -> None:
        """Take the parts.

        Args:
            keeper: Knows what is in force.
            workers: Begin again when their settings change.
            plan_of: Makes the plan of a camera's worker.
            note: Records something.
            announce: Tells the hub how the device is.
        """
        self._keeper = keeper
        self._workers = workers
        self._plan_of = plan_of
        self._note = note
        self._announce = announce
        self._trial: Trial | None = None
        self._has_begun = False
        self._said = ""

    def desire(self, desired: Desired, now_s: float) -> None:
        """Take a document of the hub."""
        try:
            change = self._keeper.accept(desired)
        except (DesiredError, SettingsError) as error:
            self._say(REFUSED, f"version {desired.version}: {error}")
            return
        if change is None:
            # The hub repeats itself because it has not heard, or because it was refused.
            return
        logger.info("camera settings %d are in force, on trial", change.version)
        at_work = self._at_work()
        concerned = frozenset(camera.id for camera in change.cameras)
        watched = concerned & at_work
        if self._trial is not None:
            watched |= concerned & self._trial.cameras
        self._trial = Trial(cameras=watched, began_s=now_s)
        self._restart(change)
        self._announce()

    def attend(self, happening: Happening) -> None:
        """Hear what happened to a worker."""
        match happening:
            case Progressed(worker=worker) if self._trial is not None:
                self._trial.progressed(worker)
            case Lost(worker=worker, fault=fault, detail=detail) if self._trial is not None:
                self._trial.lost(worker, fault, detail)

    def turn(self, now_s: float) -> None:
        """Do what is due."""
        if not self._has_begun:
            self._begin(now_s)
        verdict = Verdict.OPEN if self._trial is None else self._trial.verdict(now_s)
        if verdict is Verdict.GOOD:
            self._trial = None
            self._keeper.prove()
            self._say(IN_FORCE, f"version {self._keeper.version}")
        elif verdict is Verdict.BAD:
            self._roll_back()

    def _begin(self, now_s: float) -> None:
        self._has_begun = True
        if self._keeper.given_up_at_start:
            self._say(ROLLED_BACK, f"{self._keeper.given_up_at_start}; back on {self._keeper.version}")
        if self._keeper.is_on_trial and self._trial is None:
            # Who worked before the restart is not known any more: every camera is watched.
            everyone = frozenset(camera.id for camera in self._keeper.cameras)
            self._trial = Trial(cameras=everyone, began_s=now_s)

    def _roll_back(self) -> None:
        assert self._trial is not None, "only a trial can fail"
        failed, reason, self._trial = self._keeper.version, self._trial.reason, None
        change = self._keeper.give_up()
        self._say(ROLLED_BACK, f"version {failed}: {reason}; back on {change.version}")
        self._restart(change)
        self._announce()

    def _restart(self, change: Change) -> None:
        for camera in change.cameras:
            self._workers.replan(self._plan_of(camera))

    def _at_work(self) -> frozenset[str]:
        return frozenset(state.name for state in self._workers.states() if state.beat_age_s is not None)

    def _say(self, what: str, detail: str) -> None:
        # The hub repeats what was refused at each birth; once is enough in the records.
        if self._said != what + detail:
            self._said = what + detail
            logger.log(logging.INFO if what == IN_FORCE else logging.WARNING, "%s: %s", what, detail)
            self._note(DeviceIncident(what=what, detail=clean_detail(detail)))
