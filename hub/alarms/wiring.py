"""What the processes run for alarms: watching, telling, sending.

In ingest as chores. The web process watches ingest itself, and tells and sends only while ingest
stands still, so that somebody is told of exactly that.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.alarms.kinds import AlarmKind
from hub.alarms.service import forget_old
from hub.alarms.telling.service import OnDuty, Teller, nobody_said
from hub.alarms.watching.conditions import Keeper, Sight, Source
from hub.alarms.watching.devices import DeviceWatch
from hub.alarms.watching.doors import DoorWatch
from hub.alarms.watching.hub_health import HubWatch, ingest_watch
from hub.alarms.watching.sensors import SensorWatch, WaterMarks, no_marks
from hub.config import HubConfig
from hub.db import Database
from hub.ingest.chores import Chore
from hub.ingest.slicing import Sliced
from hub.notify.sender import Background
from hub.notify.wiring import sender_of

log = logging.getLogger(__name__)

WATCH_S = 10.0
TELL_S = 5.0
SEND_S = 3.0
FORGET_S = 3600.0
WATCH_INGEST_S = 15.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


def alarm_chores(
    config: HubConfig,
    database: Database,
    *,
    on_duty: OnDuty = nobody_said,
    marks: WaterMarks = no_marks,
    more: Sequence[Source] = (),
) -> tuple[Chore, ...]:
    """Return the chores of ingest.

    Args:
        config: With the limits and the channels.
        database: The hub's.
        on_duty: Who is to be told first.
        marks: From which level on water at a gauge is an alarm.
        more: Conditions of other concerns.

    Raises:
        ConfigError: a secret's file cannot be read.
    """
    limits = config.alarms
    keeper = Keeper(
        database=database,
        sources=(DeviceWatch(limits), DoorWatch(limits), SensorWatch(limits, marks), HubWatch(limits), *more),
        now=_utc_now,
        kinds=set(AlarmKind) - {AlarmKind.HUB_INGEST},
    )
    teller = _teller(config, database, on_duty)

    def forget() -> None:
        with database.writing() as db:
            forget_old(db, now=_utc_now())

    sender = sender_of(config.notify, database, _utc_now)
    return (
        Chore("watching for alarms", every_s=WATCH_S, act=Sliced(keeper.steps)),
        Chore("telling of alarms", every_s=TELL_S, act=teller),
        Chore("sending messages", every_s=SEND_S, act=Background("sender", sender)),
        Chore("forgetting alarms", every_s=FORGET_S, act=forget, is_for_idle=True),
        Chore("forgetting messages", every_s=FORGET_S, act=sender.forget, is_for_idle=True),
    )


class IngestWatchdog:
    """Says when ingest stands still, from another process."""

    def __init__(self, config: HubConfig, database: Database, now: Callable[[], datetime] = _utc_now) -> None:
        """Build; nothing runs before :meth:`start`.

        Raises:
            ConfigError: a secret's file cannot be read.
        """
        self._database = database
        self._now = now
        self._keeper = Keeper(
            database=database, sources=(ingest_watch,), now=now, kinds=(AlarmKind.HUB_INGEST,)
        )
        self._teller = _teller(config, database, nobody_said, now)
        self._sender = sender_of(config.notify, database, now)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest-watchdog", daemon=True)
        self.every_s = WATCH_INGEST_S

    def look(self) -> None:
        """Look once; while ingest stands still, do what it would do for messages."""
        self._keeper()
        with self._database.reading() as db:
            is_still = any(one.sight is Sight.BAD for one in ingest_watch(db, self._now()))
        if is_still:
            self._teller()
            self._sender()

    def start(self) -> None:
        """Look every few seconds in a thread that ends with the process."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            try:
                self.look()
            except Exception:  # the outermost loop of this thread: the next look tries again
                log.exception("the watchdog of ingest stumbled")


def _teller(
    config: HubConfig, database: Database, on_duty: OnDuty, now: Callable[[], datetime] = _utc_now
) -> Teller:
    return Teller(
        database=database,
        waits=config.alarms.escalation,
        zone=ZoneInfo(config.timezone),
        now=now,
        on_duty=on_duty,
    )
