"""Watches the hub itself: ingest that stands still, dead letters that grow, a mirror or messages behind.

That ingest stands still is asked by the web process too: who stands still cannot say so.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings
from hub.alarms.watching.conditions import Condition, Sight, beyond
from hub.ingest.models import IngestHealth
from hub.notify.models import OutboxMessage
from hub.notify.service import State
from hub.telemetry.models import TelemetryFeed, TelemetryMirror

# Ingest commits every few seconds, also when nothing arrives.
STALLED_AFTER = timedelta(seconds=60)
# West Indonesian time has no daylight saving (Keppres 41/1987).
_WIB = timezone(timedelta(hours=7))
_DAY = timedelta(hours=24)


def ingest_watch(db: Session, now: datetime) -> Iterator[Condition]:
    """Yield whether ingest commits; a hub on which it never ran has nothing to say."""
    oldest = db.scalar(select(func.min(IngestHealth.last_commit_at)))
    if oldest is None:
        return
    yield Condition(
        kind=AlarmKind.HUB_INGEST,
        about="hub",
        sight=Sight.BAD if now - oldest > STALLED_AFTER else Sight.GOOD,
        severity=Severity.CRITICAL,
        facts={"since": oldest.astimezone(_WIB).strftime("%H.%M")},
    )


class HubWatch:
    """Dead letters, the mirror and the outbox of messages."""

    def __init__(self, settings: AlarmSettings) -> None:
        """Take the limits; growth is counted from the first look on."""
        self._limits = settings
        self._over = timedelta(minutes=settings.dead_letter_minutes)
        self._looks: deque[tuple[datetime, int]] = deque()

    def __call__(self, db: Session, now: datetime) -> Iterator[Condition]:
        """Yield every condition."""
        yield self._dead_letters(db, now)
        yield from self._mirror(db)
        yield _messages(db, now)

    def _dead_letters(self, db: Session, now: datetime) -> Condition:
        count = db.scalar(select(func.sum(IngestHealth.dead_letters))) or 0
        looks = self._looks
        if looks and count < looks[-1][1]:
            looks.clear()  # ingest was started again and counts anew
        looks.append((now, count))
        while len(looks) > 1 and now - looks[0][0] > self._over:
            looks.popleft()
        grown = count - looks[0][1]
        return Condition(
            kind=AlarmKind.HUB_DEAD_LETTERS,
            about="hub",
            sight=beyond(grown, self._limits.dead_letters, 0),
            facts={"value": str(grown), "minutes": str(self._limits.dead_letter_minutes)},
        )

    def _mirror(self, db: Session) -> Iterator[Condition]:
        newest = db.scalar(select(func.max(TelemetryFeed.id))) or 0
        for mirror in db.scalars(select(TelemetryMirror)):
            behind = max(0, newest - mirror.feed_id)
            limit = self._limits.mirror_behind
            yield Condition(
                kind=AlarmKind.HUB_MIRROR,
                about=mirror.name[:60],
                sight=beyond(behind, limit, limit / 4),
                facts={"value": str(behind)},
                lasting=timedelta(minutes=2),
            )


def _messages(db: Session, now: datetime) -> Condition:
    query = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.state == State.DEAD, OutboxMessage.next_at > now - _DAY)
    )
    dead = db.scalar(query) or 0
    return Condition(
        kind=AlarmKind.HUB_NOTIFY,
        about="hub",
        sight=Sight.BAD if dead else Sight.GOOD,
        facts={"value": str(dead)},
        link="/pemberitahuan",
    )
