"""``pontive-hub ingest``: builds the parts of ingest and runs them until told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from edge.wire.records.bodies import LANE_OF_BODY, HadirScan
from hub.config import ClipStore, HubConfig
from hub.db import Database
from hub.errors import HubError
from hub.ingest.chores import Chore, Chores
from hub.ingest.garbage import calm_collector, collect_garbage
from hub.ingest.handlers import Handler, HandlerTable, merge_handlers
from hub.ingest.health import Heartbeat
from hub.ingest.keeping.events import keep_events
from hub.ingest.keeping.writer import Writer
from hub.ingest.leading.holder import this_process
from hub.ingest.leading.lease import AlwaysHeld, DatabaseLease, Lease
from hub.ingest.leading.standing import StandingChores
from hub.ingest.leading.workers import KeeperWatch
from hub.ingest.presence import PresenceBook
from hub.ingest.saying import commands
from hub.ingest.saying.acks import Acknowledger
from hub.ingest.saying.desired import DesiredSender, DesiredSource, NothingDesired
from hub.ingest.taking.address import SHARED, address_of
from hub.ingest.taking.link import Link
from hub.ingest.taking.rate import TokenBuckets
from hub.ingest.taking.sorting import Sorter
from hub.ingest.taking.strangers import ending_strangers
from hub.ingest.taking.subscriber import MqttLink
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.ingest import TelemetryKeeper
from hub.telemetry.mirroring.mirror import Mirror, mirror_of

log = logging.getLogger(__name__)

# Tokens: a message is one and one more each 4 KiB; a device that drains 72 h sends full messages.
TOKENS_PER_S = 2_000.0
TOKEN_BURST = 20_000.0
STILLS_PER_S = 4.0
STILL_BURST = 40.0

TURN_S = 0.25
# A commit costs milliseconds however little it holds: live records, each a message of its own, are let
# come together. What comes after a pause is taken at once.
GATHER_S = 0.1
LOOK_S = 0.01
SOON_S = 0.02
BEAT_S = 2.0
COMMANDS_S = 0.5
GARBAGE_S = 10.0
CHANGES_S = 2.0
# Of a worker in the middle of a batch, before the database takes the devices from it for the others.
LONGEST_SILENCE_S = 10


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
        workers: int = 1,
        lease: Lease | None = None,
        own_chores: Sequence[Chore] = (),
        chores: Sequence[Chore] = (),
    ) -> None:
        """Build; see :func:`run_ingest` for the arguments."""
        self._database = database
        self._link = link
        self._now = now
        self._monotonic_s = monotonic_s
        self.stop = stop or threading.Event()
        self._kept_at_s = float("-inf")
        self._catalogue = Catalogue()
        self._presence = PresenceBook()
        self._acknowledger = Acknowledger(link=link)
        self._desired = DesiredSender(source=desired, link=link, database=database, monotonic_s=monotonic_s)
        self.lease = lease or AlwaysHeld()
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
        standing = StandingChores(
            database=database,
            folder=folder,
            clips=clips or ClipStore(),
            presence=self._presence,
            catalogue=self._catalogue,
            workers=workers,
            now=now,
        )
        self._chores = Chores(
            [
                Chore("the heartbeat", every_s=BEAT_S, act=self._beat),
                *own_chores,
                Chore("sending commands", every_s=COMMANDS_S, act=self._send_commands),
                Chore("looking for changes", every_s=CHANGES_S, act=self._look_for_changes),
                Chore("sending documents", every_s=0, act=self._desired.turn),
            ],
            leading=[*standing.chores(), *chores],
            is_leading=self.lease.is_held,
            monotonic_s=monotonic_s,
        )

    def run(self) -> None:
        """Take turns until ``stop`` is set.

        Raises:
            IngestError: the link died; nothing unacknowledged is lost, start again.
        """
        while not self.stop.is_set():
            if not self._link.is_alive():
                raise IngestError("the connection ended for good, see above; ingest must be started again")
            self._gather()
            self.turn(SOON_S if self._acknowledger.has_pending() else TURN_S)

    def _gather(self) -> None:
        """Wait until the last batch is ``GATHER_S`` old, or enough for one wait already."""
        until_s = self._kept_at_s + GATHER_S
        while not self._link.is_enough():
            left_s = until_s - self._monotonic_s()
            if left_s <= 0 or self.stop.wait(min(left_s, LOOK_S)):
                return

    def turn(self, timeout_s: float = 0.0) -> None:
        """Take what waits, commit it, acknowledge it, and do what else is due."""
        messages = self._link.take(timeout_s)
        if messages:
            self._kept_at_s = self._monotonic_s()
            self.writer.keep(messages)
        is_idle = self._link.waiting() == 0
        now_s = self._monotonic_s()
        self._acknowledger.tell(now_s=now_s, is_busy=not is_idle)
        self._chores.turn(now_s=now_s, is_idle=is_idle)

    def _beat(self) -> None:
        self.lease.renew()
        with self._database.writing() as session:
            self.heartbeat.beat(session, now=self._now(), queue_length=self._link.waiting())

    def _look_for_changes(self) -> None:
        # Births are served by whoever hears them, changes by the one that leads.
        if self.lease.is_held():
            self._desired.look_for_changes()

    def _send_commands(self) -> None:
        now = self._now()
        with self._database.reading() as session:
            if not commands.has_waiting(session, now=now):
                return
        with self._database.writing() as session:
            waiting = commands.waiting_commands(session, now=now, is_claiming=True)
            sent = [one for one in waiting if commands.send_command(self._link, one, now=now)]
            commands.note_sent(session, sent, now=now)


def run_ingest(
    config: HubConfig,
    handlers: Mapping[type, Handler],
    *,
    is_known: Callable[[str], bool] = lambda _device: True,
    desired: DesiredSource | None = None,
    stop: threading.Event | None = None,
    worker: int = 0,
    keeper: int | None = None,
    chores: Sequence[Chore] = (),
) -> None:
    """Run ingest until SIGTERM, SIGINT or ``stop``.

    Args:
        config: The hub's configuration; the tables must exist.
        handlers: Of the concerns, by body type; they run after what ingest itself does.
        is_known: Whether a device is enrolled and not revoked; asked for every message, so be quick.
        desired: Who knows what devices should have.
        stop: Set it to end; without it the signals of the process do.
        worker: Number of this worker when several share the messages (``[ingest] workers``).
        keeper: Process id of whoever started this worker; when that is gone, it ends.
        chores: Of the concerns; they come after what ingest itself has to do, in the worker that leads.

    Raises:
        IngestError: the certificates cannot be used, or the connection's thread died.
    """
    stop = stop or _stop_by_signal()
    calm_collector()
    try:
        address = address_of(
            config.broker,
            client_id=f"hub-ingest-{worker}",
            share_prefix=SHARED if config.ingest.workers > 1 else "",
        )
    except OSError as error:
        raise IngestError(str(error)) from error
    database = Database(config.database, longest_silence_s=LONGEST_SILENCE_S)
    link = MqttLink(address)
    lease = _lease_of(config, database, worker)
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
        workers=config.ingest.workers,
        lease=lease,
        own_chores=_own_chores(keeper, stop),
        chores=chores,
    )
    threads = [_start_mirror(mirror, stop, lease)] if mirror is not None else []
    link.start()
    try:
        with ending_strangers(address, worker):
            ingest.run()
    finally:
        stop.set()
        link.stop()
        for thread in threads:
            thread.join()
        _give_back(lease)
        database.close()


def _lease_of(config: HubConfig, database: Database, worker: int) -> Lease:
    if config.ingest.workers == 1:
        return AlwaysHeld()
    return DatabaseLease(database=database, holder=this_process(worker))


def _own_chores(keeper: int | None, stop: threading.Event) -> list[Chore]:
    chores = [Chore("collecting garbage", every_s=GARBAGE_S, act=collect_garbage)]
    if keeper is not None:
        watch = KeeperWatch(keeper, stop=stop)
        chores.append(Chore("looking after its keeper", every_s=BEAT_S, act=watch))
    return chores


def _give_back(lease: Lease) -> None:
    try:
        lease.release()
    except DBAPIError as error:
        log.warning("the others wait for the lease to end: %s", error)


def _start_mirror(mirror: Mirror, stop: threading.Event, lease: Lease) -> threading.Thread:
    thread = threading.Thread(target=mirror.run, args=(stop, lease.is_held), name="mirror")
    thread.start()
    return thread


def _stop_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
