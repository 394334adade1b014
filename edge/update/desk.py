"""Between the agent's loop and the updater's thread: documents in, reports out, restarts in order.

Reports are put into the outbox by the loop; that the hub acknowledged one comes from the uplink.
Installing takes minutes, so the updater works in a thread of its own.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from edge.update.life.machine import Updater
from edge.update.port import InstallError, SystemUpdater
from edge.wire.desired import DesiredError
from edge.wire.messages import Ack, Desired
from edge.wire.records.bodies import Body
from edge.wire.updates import ReleaseDocument, UpdateReport, decode_release

logger = logging.getLogger(__name__)

_BEGIN_AGAIN_S = 30.0


class Mailbox:
    """The updater's way to the hub, and what it hears of it. Used by three threads."""

    def __init__(self, *, note: Callable[[Body], int | None], epoch: Callable[[], str]) -> None:
        """Take the outbox.

        Args:
            note: Keeps a record and returns its seq, or ``None`` when it was refused.
            epoch: Of the outbox now.
        """
        self._note = note
        self._epoch = epoch
        self._lock = threading.Lock()
        self._reports: list[UpdateReport] = []
        self._sent: set[tuple[str, int]] = set()
        self._is_heard = False

    def say(self, report: UpdateReport) -> None:
        """See :class:`edge.update.port.Voice`."""
        with self._lock:
            self._reports.append(report)

    def is_heard(self) -> bool:
        """See :class:`edge.update.port.Voice`."""
        return self._is_heard

    def post(self) -> None:
        """Put what waits into the outbox; what it refuses waits on."""
        # The lock spans both: an acknowledgement must not come before we know what it is of.
        with self._lock:
            while self._reports:
                seq = self._note(self._reports[0])
                if seq is None:
                    return
                del self._reports[0]
                if not self._is_heard:
                    self._sent.add((self._epoch(), seq))

    def acknowledged(self, ack: Ack) -> bool:
        """Hear of an acknowledgement; return whether it is the first of a report of ours."""
        with self._lock:
            if self._is_heard:
                return False
            self._is_heard = any(
                epoch == ack.epoch and any(first <= seq <= last for first, last in ack.ranges)
                for epoch, seq in self._sent
            )
            return self._is_heard


@dataclass(frozen=True, slots=True)
class Inbox:
    """What came for the updater, and what ends its sleep."""

    documents: queue.Queue[ReleaseDocument]
    awake: threading.Event
    is_stopping: threading.Event

    @classmethod
    def empty(cls) -> "Inbox":
        """Return one with nothing in it."""
        return cls(queue.Queue(), threading.Event(), threading.Event())

    def is_calm(self) -> bool:
        """Return whether nothing came and nobody stops us."""
        return self.documents.empty() and not self.is_stopping.is_set()


class RestartWish:
    """Whether the machine is to restart when the agent has ended, and into which slot."""

    def __init__(self, end_agent: Callable[[], None]) -> None:
        """Take what ends the agent in order; allowed from any thread."""
        self._end_agent = end_agent
        self.is_trial: bool | None = None

    def __call__(self, is_trial: bool) -> None:
        """Wish for it."""
        self.is_trial = is_trial
        self._end_agent()


class UpdateDesk:
    """One device's updates, as the agent sees them."""

    def __init__(
        self,
        *,
        updater: Updater,
        system: SystemUpdater,
        mailbox: Mailbox,
        inbox: Inbox,
        wish: RestartWish,
        unseal: Callable[[Desired], bytes],
    ) -> None:
        """Take the parts; nothing runs yet.

        Args:
            updater: Works in the thread.
            system: Restarts the machine when all has ended.
            mailbox: Where reports wait.
            inbox: Where documents go.
            wish: What the updater wants of the machine.
            unseal: Checks the hub's signature and returns the plain bytes, or raises DesiredError.
        """
        self._updater = updater
        self._system = system
        self._mailbox = mailbox
        self._inbox = inbox
        self._wish = wish
        self._unseal = unseal
        self._thread = threading.Thread(target=self._run, name="updates", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def desire(self, desired: Desired) -> None:
        """Take a document of the hub."""
        try:
            document = decode_release(self._unseal(desired))
            if document.version != desired.version:
                raise DesiredError(f"says version {document.version} inside and {desired.version} outside")
        except ValueError as error:
            logger.warning("a release of the hub is not used: %s", error)
            return
        self._inbox.documents.put(document)
        self._inbox.awake.set()

    def turn(self) -> None:
        """Put reports into the outbox; called by the agent's loop."""
        self._mailbox.post()

    def acknowledged(self, ack: Ack) -> None:
        """Hear of an acknowledgement; from the uplink's thread."""
        if self._mailbox.acknowledged(ack):
            self._inbox.awake.set()

    def stop(self, grace_s: float) -> None:
        """End the thread; one that waits for the machine goes down with the process."""
        self._inbox.is_stopping.set()
        self._inbox.awake.set()
        if self._thread.is_alive():
            self._thread.join(grace_s)
        self._mailbox.post()

    def restart_machine(self) -> None:
        """Restart the machine, if the updater wants it; the agent has ended in order."""
        if self._wish.is_trial is None:
            return
        try:
            self._system.restart(is_trial=self._wish.is_trial)
        except InstallError as error:
            logger.error("the machine cannot be restarted: %s", error)

    def _run(self) -> None:
        while not self._begin():
            if self._inbox.is_stopping.wait(_BEGIN_AGAIN_S):
                return
        while not self._inbox.is_stopping.is_set():
            self._inbox.awake.clear()
            while not self._inbox.documents.empty():
                self._updater.accept(self._inbox.documents.get())
            self._inbox.awake.wait(self._step())

    def _begin(self) -> bool:
        try:
            self._updater.begin()
        except InstallError as error:
            logger.warning("updates wait: %s", error)
            return False
        return True

    def _step(self) -> float:
        # The outermost loop of the thread: an update that breaks must not end the device's updates.
        try:
            return self._updater.step()
        except Exception:
            logger.exception("an update stumbled; it is tried again")
            return _BEGIN_AGAIN_S
