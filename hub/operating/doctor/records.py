"""What the database tells of the hub: ingest, dead letters, messages, mirror, backups, the clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.backup.noting import DRILL_AFTER, OLD_AFTER, RunKind, failed_drill, newest
from hub.config import HubConfig
from hub.db import Database
from hub.ingest.models import DeadLetter, IngestHealth
from hub.migrations.schema import is_current
from hub.notify.models import OutboxMessage
from hub.notify.service import State as MessageState
from hub.operating.findings import Finding, trouble, warning, well
from hub.operating.words import Check, Problem
from hub.telemetry.models import TelemetryFeed, TelemetryMirror

# Ingest commits every few seconds, also when nothing arrives.
STILL_AFTER = timedelta(seconds=30)
MOST_WAITING = 2_000
# A commit may be dated a moment later than our look at the clock.
CLOCK_MARGIN = timedelta(seconds=5)
_DAY = timedelta(hours=24)


def look_at_database(config: HubConfig, database: Database, now: datetime) -> Iterator[Finding]:
    """Yield a finding for the database, and if it answers for what stands in it."""
    try:
        if is_current(database):
            yield well(Check.DATABASE, Problem.DATABASE_WELL)
        else:
            yield trouble(Check.DATABASE, Problem.DATABASE_OLD)
        with database.reading() as db:
            yield from look_at_records(config, db, now)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        yield trouble(Check.DATABASE, Problem.DATABASE_AWAY, why=why)


def look_at_records(config: HubConfig, db: Session, now: datetime) -> Iterator[Finding]:
    """Yield findings of everything that stands in the database."""
    workers = db.scalars(select(IngestHealth).order_by(IngestHealth.worker)).all()
    yield from _ingest(workers, now)
    yield _dead_letters(db, now)
    yield _messages(db, now)
    if config.mirror.url:
        yield _mirror(config, db)
    yield from _backups(db, now)
    yield _clock(workers, now)


def _ingest(rows: Sequence[IngestHealth], now: datetime) -> Iterator[Finding]:
    if not rows:
        yield trouble(Check.INGEST, Problem.INGEST_NEVER)
        return
    still = [one for one in rows if now - one.last_commit_at > STILL_AFTER]
    for one in still:
        age_s = round((now - one.last_commit_at).total_seconds())
        yield trouble(Check.INGEST, Problem.INGEST_STILL, one.last_commit_at, worker=one.worker, age=age_s)
    waiting = sum(one.queue_length for one in rows)
    if waiting > MOST_WAITING:
        yield warning(Check.INGEST, Problem.INGEST_BEHIND, count=waiting)
    elif not still:
        begun = min(one.started_at for one in rows)
        yield well(Check.INGEST, Problem.INGEST_WELL, begun, count=sum(one.records for one in rows))


def _dead_letters(db: Session, now: datetime) -> Finding:
    recent = DeadLetter.last_at > now - _DAY
    count = db.scalar(select(func.coalesce(func.sum(DeadLetter.times), 0)).where(recent)) or 0
    if not count:
        return well(Check.DEAD_LETTERS, Problem.LETTERS_NONE)
    last = db.scalars(select(DeadLetter).where(recent).order_by(DeadLetter.last_at.desc()).limit(1)).one()
    since = db.scalar(select(func.min(DeadLetter.received_at)).where(recent))
    facts = {"device": last.device or "—", "why": last.reason[:120]}
    return warning(Check.DEAD_LETTERS, Problem.LETTERS_DEAD, since, count=count, **facts)


def _messages(db: Session, now: datetime) -> Finding:
    counted = select(func.count()).select_from(OutboxMessage)
    is_dead = (OutboxMessage.state == MessageState.DEAD, OutboxMessage.next_at > now - _DAY)
    if dead := db.scalar(counted.where(*is_dead)) or 0:
        since = db.scalar(select(func.min(OutboxMessage.queued_at)).where(*is_dead))
        return warning(Check.MESSAGES, Problem.MESSAGES_DEAD, since, count=dead)
    waiting = db.scalar(counted.where(OutboxMessage.state == MessageState.WAITING)) or 0
    return well(Check.MESSAGES, Problem.MESSAGES_WELL, count=waiting)


def mirror_behind(db: Session) -> int:
    """Return how many commits a mirror has not been told of."""
    newest_id = db.scalar(select(func.max(TelemetryFeed.id))) or 0
    told = db.scalar(select(func.max(TelemetryMirror.feed_id))) or 0
    return max(0, newest_id - told)


def _mirror(config: HubConfig, db: Session) -> Finding:
    behind = mirror_behind(db)
    if behind >= config.alarms.mirror_behind:
        return warning(Check.MIRROR, Problem.MIRROR_BEHIND, count=behind)
    return well(Check.MIRROR, Problem.MIRROR_WELL)


def _backups(db: Session, now: datetime) -> Iterator[Finding]:
    made, drilled = newest(db, RunKind.MADE), newest(db, RunKind.DRILLED)
    if made is None:
        yield warning(Check.BACKUP, Problem.BACKUP_NEVER)
    elif now - made.at > OLD_AFTER:
        hours = round((now - made.at) / timedelta(hours=1))
        yield trouble(Check.BACKUP, Problem.BACKUP_OLD, made.at, hours=hours)
    else:
        mib = max(1, round(made.bytes / 2**20))
        yield well(Check.BACKUP, Problem.BACKUP_WELL, made.at, file=made.file, mib=mib)
    if (failed := failed_drill(db)) is not None:
        facts = {"file": failed.file, "why": failed.why}
        yield trouble(Check.DRILL, Problem.DRILL_FAILED, failed.at, **facts)
    elif drilled is not None and now - drilled.at <= DRILL_AFTER:
        yield well(Check.DRILL, Problem.DRILL_WELL, drilled.at, file=drilled.file)
    else:
        yield warning(Check.DRILL, Problem.DRILL_DUE, drilled.at if drilled else None)


def _clock(rows: Sequence[IngestHealth], now: datetime) -> Finding:
    ahead = max((one.last_commit_at - now for one in rows), default=timedelta())
    if ahead > CLOCK_MARGIN:
        return trouble(Check.CLOCK, Problem.CLOCK_BACK, ahead=round(ahead.total_seconds()))
    return well(Check.CLOCK, Problem.CLOCK_WELL)
