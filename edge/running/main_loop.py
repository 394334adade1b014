"""The one loop of the agent: listens to workers, keeps what they say, answers the hub, stays watched.

Everything that came in together is kept in one commit. What the uplink's thread brings is put
into a queue here, so that workers, outbox and roster are touched by this loop only.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from edge.commissioning.desk import SettingsDesk
from edge.documents.doors import DoorShelf
from edge.enrolment.renewing import IdentityDesk
from edge.health.watch import HealthWatch
from edge.running.commands import Commands
from edge.running.intake import Intake, Statement
from edge.running.watchdog import Watchdog
from edge.supervision.happenings import Happening, Heard, Lost, Progressed, Started
from edge.supervision.messages import Answered, DoorScreen, PinTyped, Said, StillTaken, Told, Witnessed
from edge.supervision.supervisor import Supervisor
from edge.supervision.troubles import Troubles
from edge.supervision.worker_process import WorkerKind
from edge.update.building import Updates
from edge.wire.camera_settings import DOCUMENT as CAMERA_SETTINGS
from edge.wire.desired import DesiredError
from edge.wire.hadir.roster import RosterError
from edge.wire.hadir.workplace import DOCUMENT as WORKPLACE
from edge.wire.joining.renewal import DOCUMENT as IDENTITY
from edge.wire.messages import Command, Desired, Reply
from edge.wire.records.bodies import Body, DeviceIncident
from edge.wire.updates import DOCUMENT as RELEASE

logger = logging.getLogger(__name__)

# Short enough for the watchdog and for killing hung workers in time; messages wake it earlier.
_TURN_S = 0.5
_MAX_WAITING_REQUESTS = 100
ROSTER_REFUSED = "roster-refused"


class StillSender(Protocol):
    """What the loop needs of the uplink."""

    def publish_still(self, camera: str, jpeg: bytes, at: datetime) -> bool:
        """Send a picture now or never."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A command of the hub; ``answer`` brings the reply to where it was asked from."""

    command: Command
    answer: Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody touched the screen of a door."""

    door: str
    message: PinTyped | Witnessed


class Kiosk(Protocol):
    """What the loop needs of the doors' screens."""

    def hear(self, door: str, message: Told | DoorScreen) -> None:
        """Show what a door says."""
        ...

    def desire(self, desired: Desired) -> None:
        """Take what the hub wants on the screens."""
        ...

    def turn(self) -> None:
        """Do what is due."""
        ...


class MainLoop:
    """Runs until it is told to stop."""

    def __init__(
        self,
        *,
        supervisor: Supervisor,
        intake: Intake,
        sender: StillSender,
        commands: Commands,
        shelf: DoorShelf | None,
        watchdog: Watchdog,
        report: Callable[[], None],
        report_every_s: float,
        monotonic: Callable[[], float],
        health: HealthWatch | None = None,
        desk: SettingsDesk | None = None,
        kiosk: Kiosk | None = None,
        identity: IdentityDesk | None = None,
        updates: Updates | None = None,
    ) -> None:
        """Take the parts; nothing starts yet.

        Args:
            supervisor: The workers.
            intake: Where records go.
            sender: Where pictures go.
            commands: Carries out what the hub asks.
            shelf: The documents of doors, on a device that has some.
            watchdog: Fed once a turn, if it is time.
            report: Records the health of the device.
            report_every_s: How often to do so.
            monotonic: Seconds that never go back.
            health: Says why something is dark; None leaves that open.
            desk: Takes camera settings of the hub; None takes none.
            kiosk: The screens of doors, on a device that has some.
            identity: Takes renewed certificates; None takes none.
            updates: Takes releases; None takes none.
        """
        self._identity = identity
        self._updates = updates
        self._kiosk = kiosk
        self._roster_refusal = ""
        self._desk = desk
        self._health = health
        self._supervisor = supervisor
        self._intake = intake
        self._sender = sender
        self._commands = commands
        self._shelf = shelf
        self._watchdog = watchdog
        self._report = report
        self._report_every_s = report_every_s
        self._monotonic = monotonic
        self._troubles = Troubles()
        self._requests: queue.Queue[Asked | Desired | Touched] = queue.Queue(_MAX_WAITING_REQUESTS)
        self._is_overrun = False
        self._is_told_to_stop = False
        self._reported_at_s: float | None = None
        self.turns = 0

    def ask(self, asked: Asked | Desired | Touched) -> None:
        """Hand over what came from the hub or a screen; called from other threads."""
        try:
            self._requests.put_nowait(asked)
            self._is_overrun = False
        except queue.Full:
            if not self._is_overrun:
                self._is_overrun = True
                logger.warning("the hub asks faster than the device can answer; requests are dropped")
        self._supervisor.wake()

    def stop(self) -> None:
        """End :meth:`run` within a turn; allowed from any thread.

        A plain flag, because a signal handler must not wait for a lock that the loop may hold.
        """
        self._is_told_to_stop = True

    def run(self) -> None:
        """Turn until told to stop."""
        while not self._is_told_to_stop:
            self.turn()
            self._supervisor.wait(_TURN_S)

    def turn(self) -> None:
        """Do everything that waits, once."""
        self.turns += 1
        now_s = self._monotonic()
        self._take_in(self._supervisor.step(), now_s)
        for body in self._troubles.due(now_s):
            self._intake.note(self._labelled(body, now_s))
        for body in () if self._health is None else self._health.step(now_s):
            self._intake.note(body)
        self._serve_hub()
        self._commands.expire()
        if self._desk is not None:
            self._desk.turn(now_s)
        if self._kiosk is not None:
            self._kiosk.turn()
        if self._updates is not None:
            self._updates.turn()
        if self._reported_at_s is None or now_s - self._reported_at_s >= self._report_every_s:
            self._reported_at_s = now_s
            self._report()
        self._watchdog.feed(now_s)

    def wind_down(self, grace_s: float) -> None:
        """Let the workers end, keep their last words, kill those that do not hear."""
        self._supervisor.begin_stop()
        deadline_s = self._monotonic() + grace_s
        while not self._supervisor.is_all_over and self._monotonic() < deadline_s:
            self._take_in(self._supervisor.step(), self._monotonic())
            self._supervisor.wait(0.05)
        self._supervisor.kill()

    def _take_in(self, happenings: list[Happening], now_s: float) -> None:
        statements: list[Statement] = []
        for happening in happenings:
            match happening:
                case Heard(message=Said() as said, link=link, worker=worker):
                    self._troubles.heard(worker, said.body)
                    labelled = replace(said, body=self._labelled(said.body, now_s))
                    statements.append(Statement(labelled, link))
                case Heard(message=StillTaken() as still, worker=worker):
                    # A worker speaks for its own camera, whatever it says.
                    self._sender.publish_still(worker, still.jpeg, still.at)
                case Heard(message=Answered() as answered, worker=worker):
                    self._commands.answered(worker, answered)
                case Heard(message=(Told() | DoorScreen()) as shown, worker=worker):
                    if self._kiosk is not None:
                        self._kiosk.hear(worker, shown)
                case _:
                    self._attend(happening, now_s)
        self._intake.keep(statements)

    def _attend(self, happening: Happening, now_s: float) -> None:
        if self._desk is not None:
            self._desk.attend(happening)
        match happening:
            case Started(worker=worker, kind=WorkerKind.DOOR) if self._shelf is not None:
                for change in self._shelf.changes:
                    self._supervisor.send(worker, change)
            case Lost(worker=worker, fault=fault, detail=detail):
                body = self._troubles.lost(happening)
                if body is not None:
                    logger.warning("%s is lost and will be replaced: %s: %s", worker, fault, detail)
                    self._intake.note(self._labelled(body, now_s))
            case Progressed(worker=worker):
                logger.info("%s is at work", worker)
                body = self._troubles.progressed(happening, now_s)
                if body is not None:
                    self._intake.note(self._labelled(body, now_s))

    def _labelled(self, body: Body, now_s: float) -> Body:
        return body if self._health is None else self._health.label(body, now_s)

    def _serve_hub(self) -> None:
        while True:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return
            match request:
                case Asked(command=command, answer=answer):
                    self._commands.take(command, answer)
                case Desired():
                    self._take_document(request)
                case Touched(door=door, message=message):
                    self._supervisor.send(door, message)

    def _take_document(self, desired: Desired) -> None:
        document = desired.document
        if document == CAMERA_SETTINGS and self._desk is not None:
            self._desk.desire(desired, self._monotonic())
        elif document == IDENTITY and self._identity is not None:
            self._identity.desire(desired)
        elif document == WORKPLACE and self._kiosk is not None:
            self._kiosk.desire(desired)
        elif document == RELEASE and self._updates is not None:
            self._updates.desire(desired)
        elif document not in {WORKPLACE, RELEASE}:
            self._desire(desired)

    def _roster_refused(self, desired: Desired, reason: str, error: Exception) -> None:
        """Tell the hub, once, that the roster at hand stays in force; it may be sent at every birth."""
        detail = f"Daftar pegawai versi {desired.version} ditolak: {reason}. Yang ada tetap dipakai."
        if detail != self._roster_refusal:
            self._roster_refusal = detail
            logger.warning("a document of the hub is not used: %s", error)
            self._intake.note(DeviceIncident(what=ROSTER_REFUSED, detail=detail))

    def _desire(self, desired: Desired) -> None:
        if self._shelf is None:
            logger.warning("a %s came, but this device has no door", desired.document)
            return
        try:
            change = self._shelf.accept(desired)
        except DesiredError as error:
            self._roster_refused(desired, "tanda tangan atau segelnya tidak sah; periksa kunci hub", error)
            return
        except RosterError as error:
            self._roster_refused(desired, "lebih lama dari yang dipakai, atau rusak", error)
            return
        if change is not None:
            logger.info("%s %d is in force", desired.document, change.version)
            for state in self._supervisor.states():
                if state.kind is WorkerKind.DOOR:
                    self._supervisor.send(state.name, change)
