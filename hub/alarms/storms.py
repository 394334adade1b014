"""Many points dark within a minute are one cause: one alarm with the others folded under it.

Each of them is found alone and knows nothing of the rest; here they meet. Never commits.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import STORM_KINDS, AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.steps import Step, come_back, note_step

WITHIN = timedelta(seconds=60)
# Of points, not of cameras: what is dark at one point is one outage already.
LEAST_POINTS = 5


def meet_others(db: Session, alarm: Alarm, now: datetime) -> None:
    """Fold an alarm that has just become active together with others that did."""
    if alarm.kind not in STORM_KINDS:
        return
    if alarm.parent_id is not None:
        _wake_parent(db, alarm, now)
        return
    storm = _storm_now(db, now)
    alone = _alone_now(db, now)
    if storm is None and len({_point(one) for one in alone}) < LEAST_POINTS:
        return
    if storm is None:
        storm = _begin(db, alone, now)
    _fold(db, storm, alone, now)


def clear_parent(db: Session, alarm: Alarm, now: datetime) -> None:
    """Clear the common alarm when the last of those folded under it has cleared."""
    if alarm.parent_id is None:
        return
    db.flush()
    parent = db.get_one(Alarm, alarm.parent_id)
    left = db.scalar(
        select(func.count())
        .select_from(Alarm)
        .where(Alarm.parent_id == parent.id, Alarm.cleared_at.is_(None))
    )
    if left or not parent.is_active:
        return
    parent.cleared_at = now
    if parent.is_acknowledged:
        parent.open_key = None
    note_step(db, parent, Step.CLEARED, now=now)


def _point(alarm: Alarm) -> str:
    return alarm.site or alarm.key


def _storm_now(db: Session, now: datetime) -> Alarm | None:
    """Return a storm that still grows."""
    newest = select(Alarm.parent_id).where(
        Alarm.parent_id.is_not(None),
        Alarm.cleared_at.is_(None),
        Alarm.active_since.between(now - WITHIN, now + WITHIN),
    )
    query = select(Alarm).where(Alarm.id.in_(newest), Alarm.cleared_at.is_(None)).order_by(Alarm.id.desc())
    return db.scalars(query.limit(1)).first()


def _alone_now(db: Session, now: datetime) -> Sequence[Alarm]:
    query = select(Alarm).where(
        Alarm.kind.in_(STORM_KINDS),
        Alarm.parent_id.is_(None),
        Alarm.cleared_at.is_(None),
        # A clock that was set back has alarms of later; they are no part of this minute.
        Alarm.active_since.between(now - WITHIN, now + WITHIN),
    )
    return db.scalars(query.order_by(Alarm.id)).all()


def _begin(db: Session, alone: Sequence[Alarm], now: datetime) -> Alarm:
    key = f"storm:{alone[0].id}"
    storm = Alarm(
        key=key,
        open_key=key,
        kind=AlarmKind.OUTAGE_MANY,
        severity=Severity.CRITICAL,
        facts="{}",
        link="/cctv",
        raised_at=now,
        active_since=now,
        changed_at=now,
    )
    db.add(storm)
    db.flush()
    note_step(db, storm, Step.RAISED, now=now)
    return storm


def _fold(db: Session, storm: Alarm, alarms: Sequence[Alarm], now: datetime) -> None:
    for one in alarms:
        one.parent_id = storm.id
        note_step(db, one, Step.FOLDED, now=now)
    db.flush()
    members = db.scalars(select(Alarm).where(Alarm.parent_id == storm.id)).all()
    points = len({_point(one) for one in members})
    storm.facts = json.dumps({"count": str(points)})
    storm.changed_at = now


def _wake_parent(db: Session, alarm: Alarm, now: datetime) -> None:
    assert alarm.parent_id is not None
    parent = db.get_one(Alarm, alarm.parent_id)
    if parent.is_active:
        return
    if parent.open_key is None:
        # Somebody closed the storm: this one stands for itself again.
        alarm.parent_id = None
        return
    come_back(db, parent, now=now)
