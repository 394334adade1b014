"""``pontive-hub ingest``: builds the parts of ingest and runs them until told to stop."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from edge.faultpoints import FaultPoint, reach
from edge.wire.records.bodies import LANE_OF_BODY, HadirScan
from hub.config import ClipStore, HubConfig
from hub.db import Database
from hub.errors import HubError
from hub.ingest.chores import Chore, Chores
from hub.ingest.handlers import Handler, HandlerTable, merge_handlers
from hub.ingest.health import Heartbeat
from hub.ingest.keeping import deadletter, receipts
from hub.ingest.keeping.events import keep_events
from hub.ingest.keeping.writer import Writer
from hub.ingest.pictures.clip_chores import look_after_asked, make_room
from hub.ingest.presence import PresenceBook
from hub.ingest.saying import commands
from hub.ingest.saying.acks import Acknowledger
from hub.ingest.saying.desired import DesiredSender, DesiredSource, NothingDesired
from hub.ingest.taking.link import Link
from hub.ingest.taking.rate import TokenBuckets
from hub.ingest.taking.sorting import Sorter
from hub.ingest.taking.subscriber import MqttLink, address_of
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.ingest import TelemetryKeeper
from hub.telemetry.mirroring.mirror import Mirror, forget_old_feed, mirror_of
from hub.telemetry.tables import TableTelemetry

log = logging.getLogger(__name__)

# Tokens: a message is one and one more each 4 KiB; a device that drains 72 h sends full messages.
TOKENS_PER_S = 2_000.0
TOKEN_BURST = 20_000.0
STILLS_PER_S = 4.0
STILL_BURST = 40.0

TURN_S = 0.25
SOON_S = 0.02
BEAT_S = 2.0
COMMANDS_S = 0.5
CHANGES_S = 2.0
SEAL_S = 60.0
FEED_S = 600.0
CLIPS_S = 5.0
CLIP_ROOM_S = 600.0
# 72 h of backlog may still come to a day that is over.
SEAL_AFTER = timedelta(days=7)


class IngestError(HubError):
    """Ingest cannot go on and must be started again."""


def base_handlers(*, catalogue: Catalogue, has_feed: bool, added: Mapping[type, Handler]) -> HandlerTable:
    """Return the handlers of every body type: measurements to telemetry, ``added``, the rest events."""
    keeper = TelemetryKeeper(misdated=keep_events, catalogue=catalogue, has_feed=has_feed)
    telemetry = keeper.handlers()
    base: dict[type, tuple[Handler, ...]] = dict.fromkeys(LANE_OF_BODY, (keep_events,))
    base |= {body: (handler,) for body, handler in telemetry.items()}
    # Attendance has its own unique table; without its concern it is kept as an event.
    base[HadirScan] = ()
    return merge_handlers(base=base, added=added, fallback=keep_events)


class Ingest:
    """All parts of ingest on one link and one database."""

    def __init__(
        self,
        *,
        database: Database,
        link: Link,
        folder: Path,
        handlers: Mapping[type, Handler],
        is_known: Callable[[str], bool],
        desired: DesiredSource,
        has_feed: bool = False,
        clips: ClipStore | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_s: Callable[[], float] = time.monotonic,
        stop: threading.Event | None = None,
        worker: int = 0,
        chores: Sequence[Chore] = (),
    ) -> None:
        """Build; see :func:`run_ingest` for the arguments."""
        self._database = database
        self._link = link
        self._folder = folder
        self._clip_limits = clips or ClipStore()
        self._now = now
        self._monotonic_s = monotonic_s
        self.stop = stop or threading.Event()
        self._catalogue = Catalogue()
        self._presence = PresenceBook()
        self._acknowledger = Acknowledger(link=link)
        self._desired = DesiredSender(source=desired, link=link, database=database)
        self.heartbeat = Heartbeat(worker=worker, started_at=now())
        self.writer = Writer(
            database=database,
            link=link,
            sorter=Sorter(
                is_known=is_known,
                message_rate=TokenBuckets(per_s=TOKENS_PER_S, burst=TOKEN_BURST, monotonic_s=monotonic_s),
                still_rate=TokenBuckets(per_s=STILLS_PER_S, burst=STILL_BURST, monotonic_s=monotonic_s),
            ),
            handlers=base_handlers(catalogue=self._catalogue, has_feed=has_feed, added=handlers),
            acknowledger=self._acknowledger,
            desired=self._desired,
            presence=self._presence,
            heartbeat=self.heartbeat,
            folder=folder,
            now=now,
            stop=self.stop,
        )
        self._chores = Chores(
            [
                Chore("the heartbeat", every_s=BEAT_S, act=self._beat),
                Chore("sending commands", every_s=COMMANDS_S, act=self._send_commands),
                Chore("looking for changes", every_s=CHANGES_S, act=self._desired.look_for_changes),
                Chore("sending documents", every_s=0, act=self._desired.turn),
                Chore("asking for clips", every_s=CLIPS_S, act=self._ask_for_clips),
                Chore("making room for clips", every_s=CLIP_ROOM_S, act=self._make_room_for_clips),
                Chore("cutting the feed of the mirror", every_s=FEED_S, act=self._cut_feed),
                Chore("sealing", every_s=SEAL_S, act=self._seal, is_for_idle=True),
                *chores,
            ]
        )

    def run(self) -> None:
        """Take turns until ``stop`` is set.

        Raises:
            IngestError: the link died; nothing unacknowledged is lost, start again.
        """
        while not self.stop.is_set():
            if not self._link.is_alive():
                raise IngestError("the connection's thread ended; ingest must be started again")
            self.turn(SOON_S if self._acknowledger.has_pending() else TURN_S)

    def turn(self, timeout_s: float = 0.0) -> None:
        """Take what waits, commit it, acknowledge it, and do what else is due."""
        messages = self._link.take(timeout_s)
        if messages:
            self.writer.keep(messages)
        is_idle = self._link.waiting() == 0
        now_s = self._monotonic_s()
        self._acknowledger.tell(now_s=now_s, is_busy=not is_idle)
        self._chores.turn(now_s=now_s, is_idle=is_idle)

    def _beat(self) -> None:
        now = self._now()
        with self._database.writing() as session:
            self._presence.sweep(session, now=now)
            deadletter.forget_old_letters(session)
            receipts.forget_old_receipts(session, now=now)
            self.heartbeat.beat(session, now=now, queue_length=self._link.waiting())

    def _send_commands(self) -> None:
        now = self._now()
        with self._database.reading() as session:
            waiting = commands.waiting_commands(session, now=now)
        sent = [one for one in waiting if commands.send_command(self._link, one, now=now)]
        if sent:
            with self._database.writing() as session:
                commands.note_sent(session, sent, now=now)

    def _ask_for_clips(self) -> None:
        with self._database.writing() as session:
            look_after_asked(session, self._folder, now=self._now(), token=lambda: uuid4().hex)

    def _make_room_for_clips(self) -> None:
        with self._database.writing() as session:
            make_room(session, self._folder, self._clip_limits, now=self._now())

    def _cut_feed(self) -> None:
        if forget_old_feed(self._database):
            log.error("the mirror was away for too long and has a hole: fill it again from the store")

    def _seal(self) -> bool:
        with self._database.writing() as session:
            store = TableTelemetry(session, catalogue=self._catalogue)
            has_more = store.seal((self._now() - SEAL_AFTER).date())
            if has_more:
                reach(FaultPoint.HUB_SEALING)
            return has_more


def run_ingest(
    config: HubConfig,
    handlers: Mapping[type, Handler],
    *,
    is_known: Callable[[str], bool] = lambda _device: True,
    desired: DesiredSource | None = None,
    stop: threading.Event | None = None,
    worker: int = 0,
    chores: Sequence[Chore] = (),
) -> None:
    """Run ingest until SIGTERM, SIGINT or ``stop``.

    Args:
        config: The hub's configuration; the tables must exist.
        handlers: Of the concerns, by body type; they run after what ingest itself does.
        is_known: Whether a device is enrolled and not revoked; asked for every message, so be quick.
        desired: Who knows what devices should have.
        stop: Set it to end; without it the signals of the process do.
        worker: Number of this worker when several share the messages.
        chores: Of the concerns; they come after what ingest itself has to do.

    Raises:
        IngestError: the certificates cannot be used, or the connection's thread died.
    """
    stop = stop or _stop_by_signal()
    calm_collector()
    try:
        address = address_of(config.broker, client_id=f"hub-ingest-{worker}")
    except OSError as error:
        raise IngestError(str(error)) from error
    database = Database(config.database)
    link = MqttLink(address)
    mirror = mirror_of(config.mirror, database=database)
    ingest = Ingest(
        database=database,
        link=link,
        folder=Path(config.folder),
        handlers=handlers,
        is_known=is_known,
        desired=desired or NothingDesired(),
        has_feed=mirror is not None,
        clips=config.clips,
        stop=stop,
        worker=worker,
        chores=chores,
    )
    threads = [_start_mirror(mirror, stop)] if mirror is not None else []
    link.start()
    try:
        ingest.run()
    finally:
        stop.set()
        link.stop()
        for thread in threads:
            thread.join()
        database.close()


def calm_collector() -> None:
    """Make the garbage collector look seldom: a batch is thousands of objects, none of them in a ring.

    Measured: a fifth of the CPU time of a batch otherwise.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _start_mirror(mirror: Mirror, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=mirror.run, args=(stop,), name="mirror")
    thread.start()
    return thread


def _stop_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
