"""The thread that brings accepted records to the hub, and the hub's word to the device.

A row leaves the outbox only when the hub acknowledges it; the broker's word counts for nothing.
All of it runs in one thread of its own; must not block the agent, and must not open cameras.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from edge.config import HubLink
from edge.errors import EdgeError, OutboxUnavailableError
from edge.faultpoints import FaultPoint, reach
from edge.outbox import Outbox
from edge.uplink.backoff import Backoff
from edge.uplink.batches import Batch
from edge.uplink.connection import (
    Answered,
    Arrived,
    Connected,
    ConnectionFailedError,
    Event,
    Lost,
    MqttConnection,
    tls_context,
)
from edge.uplink.downlink import Answer, Answering, Downlink
from edge.uplink.inbox import Inbox
from edge.uplink.pieces import OutgoingClip, OutgoingClips
from edge.uplink.presence import Presence
from edge.uplink.schedule import Schedule
from edge.wire.messages import MAX_STILL_BYTES, Ack, Command, Desired, Online, State, encode
from edge.wire.topics import UpChannel

logger = logging.getLogger(__name__)

_GREETING_TIMEOUT_S = 10.0
# Nothing waits longer in one piece, so that a watchdog can tell waiting from hanging.
_LONGEST_NAP_S = 5.0
_FAREWELL_TIMEOUT_S = 2.0
# Birth, replies and farewell need a place in the broker's window beside records.
_WINDOW_SPARE = 4


class Uplink:
    """The link of one device to the hub."""

    def __init__(
        self,
        *,
        device: str,
        link: HubLink,
        boot_id: str,
        outbox: Outbox,
        schedule: Schedule,
        backoff: Backoff,
        birth: Callable[[], Online],
        on_command: Callable[[Command, Answer], None],
        on_desired: Callable[[Desired], None],
        on_ack: Callable[[Ack], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Put the parts together; nothing runs yet.

        Args:
            device: The device id.
            link: Where the broker is, and our identity.
            boot_id: Of this boot, for the will.
            outbox: Where rows are taken from and forgotten.
            schedule: Decides what is published when.
            backoff: Decides when to connect again.
            birth: Makes what is said first on each connection.
            on_command: Told each command and how to answer; from the uplink's thread, must not block.
            on_desired: Told each document, still sealed; likewise.
            on_ack: Told what the hub committed; likewise.
            monotonic: Seconds that never jump.

        Raises:
            ConfigError: the device's certificate cannot be used.
        """
        tls_context(link)
        self._device = device
        self._link = link
        self._presence = Presence(boot_id=boot_id, birth=birth)
        self._outbox = outbox
        self._schedule = schedule
        self._backoff = backoff
        self._inbox = Inbox()
        self._downlink = Downlink(
            device=device,
            on_ack=self._acknowledged,
            on_command=on_command,
            on_desired=on_desired,
            post=self._inbox.post,
        )
        self._monotonic = monotonic
        self._on_ack = on_ack
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._number = 0
        self._live: MqttConnection | None = None
        self._under_way: dict[int, tuple[int, Batch]] = {}
        self._clips = OutgoingClips()
        self._said_trouble: str | None = None
        self._rejected_publishes = 0
        self._progress = 0

    @property
    def is_connected(self) -> bool:
        """Whether the broker let us in; says nothing about the hub behind it."""
        return self._live is not None

    @property
    def trouble(self) -> str:
        """Why there is no connection, as far as it is known; empty with one."""
        return "" if self.is_connected else self._said_trouble or ""

    @property
    def rejected_publishes(self) -> int:
        """How many messages the broker did not pass on; their rows are kept and sent again."""
        return self._rejected_publishes

    @property
    def progress(self) -> int:
        """Rises at least every few seconds while the thread gets further, connected or not."""
        return self._progress

    def start(self) -> None:
        """Begin to connect, and never give up."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Say goodbye and end; after ``timeout_s`` the thread is left to die with the process."""
        self._is_stopping.set()
        self._inbox.wake()
        self._thread.join(timeout_s)

    def wake(self) -> None:
        """Look at the outbox now; cheap, from any thread."""
        self._inbox.wake()

    def publish_still(self, camera: str, jpeg: bytes, at: datetime) -> bool:
        """Send a picture if that is possible right now, never spooled; return whether it was.

        It is dropped when it is too large, there is no connection, or the last one is still queued.
        """
        if (live := self._live) is None or len(jpeg) > MAX_STILL_BYTES:
            return False
        return live.publish_still(camera, jpeg, at)

    def send_clip(self, clip: OutgoingClip) -> bool:
        """Send a clip piece by piece, whenever records leave room; return whether it was queued."""
        is_queued = self._live is not None and self._clips.add(clip)
        self.wake()
        return is_queued

    def say(self, state: State) -> bool:
        """Publish how we are, past all queues, if there is a connection right now; from any thread."""
        return (live := self._live) is not None and live.publish(UpChannel.STATE, encode(state)) is not None

    # --- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            began_s = self._monotonic()
            trouble, was_connected = self._live_through_one_connection()
            lasted_s = self._monotonic() - began_s if was_connected else 0.0
            if self._is_stopping.is_set():
                return
            self._say(trouble)
            self._nap(self._backoff.next_wait_s(connected_for_s=lasted_s))

    def _nap(self, duration_s: float) -> None:
        ends_at_s = self._monotonic() + duration_s
        while (left_s := ends_at_s - self._monotonic()) > 0 and not self._is_stopping.is_set():
            self._progress += 1
            self._is_stopping.wait(min(left_s, _LONGEST_NAP_S))

    def _live_through_one_connection(self) -> tuple[str, bool]:
        """Connect and serve until the connection is over; return why, and whether it ever was."""
        self._number += 1
        number = self._number
        connection = MqttConnection(
            device=self._device,
            link=self._link,
            will=self._presence.will,
            post=lambda event: self._inbox.post(number, event),
        )
        was_connected = False
        try:
            connection.open()
            self._greet(connection, self._await_connected())
            was_connected = True
            return self._serve(connection), True
        except (ConnectionFailedError, EdgeError) as error:
            return str(error), was_connected
        except Exception:  # the outermost loop of this thread: it must never die silently
            logger.exception("the uplink stumbled and begins anew")
            return "an error of our own, see above", was_connected
        finally:
            self._live = None
            connection.close()

    def _await_connected(self) -> Connected:
        deadline_s = self._monotonic() + _GREETING_TIMEOUT_S
        while (left_s := deadline_s - self._monotonic()) > 0 and not self._is_stopping.is_set():
            match self._next_event(left_s):
                case Connected() as connected:
                    return connected
                case Lost(reason=reason):
                    raise ConnectionFailedError(reason)
        raise ConnectionFailedError("the broker does not answer")

    def _greet(self, connection: MqttConnection, connected: Connected) -> None:
        self._under_way.clear()
        self._clips.clear()
        window = max(connected.receive_maximum - _WINDOW_SPARE, 1)
        self._schedule.connect(now_s=self._monotonic(), receive_maximum=window)
        self._presence.say_birth(connection)
        self._live = connection
        self._said_trouble = None
        logger.info("connected to the broker at %s:%d", self._link.host, self._link.port)

    def _serve(self, connection: MqttConnection) -> str:
        while True:
            self._publish_what_is_due(connection)
            match self._next_event(self._schedule.wait_s(now_s=self._monotonic())):
                case Lost(reason=reason):
                    return reason
                case Answered() as answered:
                    self._answered(answered)
                case Arrived() as arrived:
                    self._downlink.hear(arrived, number=self._number)
                case Answering() as answering:
                    self._downlink.reply(connection, answering)
            if self._is_stopping.is_set():
                self._say_goodbye(connection)
                return "stopped"

    def _publish_what_is_due(self, connection: MqttConnection) -> None:
        while (found := self._schedule.next(now_s=self._monotonic())) is not None:
            ticket, batch = found
            reach(FaultPoint.EDGE_BEFORE_PUBLISH)
            message_id = connection.publish(UpChannel.RECORDS, batch.payload)
            reach(FaultPoint.EDGE_AFTER_PUBLISH)
            if message_id is None:
                return  # lost; the event says so soon, and the next connection begins with all rows
            self._under_way[message_id] = (ticket, batch)
        if self._schedule.has_room:
            self._clips.publish(connection.publish_piece)

    def _answered(self, answered: Answered) -> None:
        """The broker answered: that frees the window, no more."""
        if self._presence.answered(answered):
            return
        if self._clips.answered(answered.message_id, is_taken=answered.is_taken):
            return
        ticket, _ = self._under_way.pop(answered.message_id, (None, None))
        if ticket is None:
            return
        if not answered.is_taken:
            self._rejected_publishes += 1
            self._say(f"the broker does not pass records on ({answered.reason}); they are kept")
        self._schedule.release(ticket, now_s=self._monotonic(), is_heard=answered.is_taken)

    def _acknowledged(self, ack: Ack) -> None:
        reach(FaultPoint.EDGE_BEFORE_FORGET, error=OutboxUnavailableError)
        self._outbox.forget(ack)
        self._schedule.acknowledge(ack, now_s=self._monotonic())
        if self._live is not None:
            self._presence.hub_was_heard(self._live)
        if self._on_ack is not None:
            self._on_ack(ack)

    def _say_goodbye(self, connection: MqttConnection) -> None:
        self._live = None
        message_id = connection.publish(UpChannel.STATE, self._presence.farewell)
        deadline_s = self._monotonic() + _FAREWELL_TIMEOUT_S
        while message_id is not None and (left_s := deadline_s - self._monotonic()) > 0:
            match self._next_event(left_s):
                case Answered(message_id=answered_id) if answered_id == message_id:
                    return
                case Lost():
                    return

    def _next_event(self, timeout_s: float | None) -> Event | Answering | None:
        """Return the next event of this connection; ``None`` after ``timeout_s``, a nap or a wake."""
        self._progress += 1
        nap_s = _LONGEST_NAP_S if timeout_s is None else min(timeout_s, _LONGEST_NAP_S)
        return self._inbox.next(number=self._number, timeout_s=nap_s)

    def _say(self, trouble: str) -> None:
        """Log a trouble once, not each retry."""
        if trouble != self._said_trouble:
            self._said_trouble = trouble
            logger.warning("broker at %s:%d: %s", self._link.host, self._link.port, trouble)
