"""Tells who was told of an alarm that it is gone, once it has stayed away; and whom one was given to.

What flaps is not gone: nobody is told anything each time it is away for a minute. Never commits.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import Severity
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.rules import FLAPPING_WITHIN
from hub.alarms.steps import Step, note_step
from hub.alarms.telling.wording import Words, words_at_end, words_to_assigned
from hub.notify.choosing.service import routes_to
from hub.notify.models import OutboxMessage
from hub.notify.service import queue

# What ended longer ago than this is no news, as after the hub was away.
_NEWS_FOR = timedelta(days=7)


def ended(db: Session, now: datetime) -> list[Alarm]:
    """Return the alarms that people were told of and whose end they were not told of yet."""
    is_told = (
        select(AlarmStep.id)
        .where(
            AlarmStep.alarm_id == Alarm.id, AlarmStep.what == Step.TOLD_GONE, AlarmStep.at >= Alarm.cleared_at
        )
        .exists()
    )
    query = select(Alarm).where(
        Alarm.changed_at > now - _NEWS_FOR,
        Alarm.cleared_at < now - FLAPPING_WITHIN,
        Alarm.escalations > 0,
        ~is_told,
    )
    return list(db.scalars(query.order_by(Alarm.id)))


def tell_end(db: Session, alarm: Alarm, *, now: datetime, zone: ZoneInfo) -> None:
    """Queue that an alarm is gone for those who were told that it is there."""
    assert alarm.cleared_at is not None
    words = words_at_end(db, alarm, alarm.cleared_at, zone)
    _queue(db, alarm, _told(db, alarm), words, what="gone", now=now, zone=zone)
    note_step(db, alarm, Step.TOLD_GONE, now=now)


def tell_assigned(db: Session, alarm: Alarm, *, giver: int, name: str, now: datetime, zone: ZoneInfo) -> None:
    """Queue for whom an alarm was given to that it is theirs; who takes one knows.

    Args:
        db: A writing session.
        alarm: As it is now.
        giver: Number of the account of whoever gave it.
        name: How that person is shown.
        now: The present.
        zone: Of the city.
    """
    if alarm.assigned_to is None or alarm.assigned_to == giver:
        return
    words = words_to_assigned(db, alarm, name, zone)
    _queue(db, alarm, {alarm.assigned_to}, words, what=f"given:{now.timestamp():.0f}", now=now, zone=zone)


def _told(db: Session, alarm: Alarm) -> set[int]:
    """Return who was told since the last time its end was told."""
    path = _path(alarm)
    last_end = db.scalar(
        select(func.max(AlarmStep.at)).where(AlarmStep.alarm_id == alarm.id, AlarmStep.what == Step.TOLD_GONE)
    )
    query = select(OutboxMessage.account_id).where(
        OutboxMessage.link == path, OutboxMessage.queued_at > (last_end or alarm.raised_at)
    )
    return {number for number in db.scalars(query) if number is not None}


def _queue(
    db: Session, alarm: Alarm, people: set[int], words: Words, *, what: str, now: datetime, zone: ZoneInfo
) -> None:
    for route in routes_to(db, people, Severity(alarm.severity), now=now, zone=zone):
        queue(
            db,
            to=route.recipient,
            subject=words[0],
            text=words[1],
            link=_path(alarm),
            now=now,
            about=f"alarm:{alarm.id}:{alarm.occurrences}:{what}",
            not_before=route.not_before,
        )


def _path(alarm: Alarm) -> str:
    return f"/alarm/{alarm.id}"
