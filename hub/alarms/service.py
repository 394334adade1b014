"""Raising and clearing, for everything that finds causes. Takes a session, never commits.

``key`` names the root cause, the same each time: raising twice makes one alarm, and a cause that
comes and goes makes one alarm that counts its occurrences.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity, facts_needed
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.rules import is_flapping
from hub.alarms.steps import Step, come_back, note_step
from hub.alarms.storms import clear_parent, meet_others

# A year and a month: the same month of last year can be looked at.
KEPT_FOR = timedelta(days=400)
_MOST_FORGOTTEN = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """What is said of a cause when it is raised; see :func:`raise_alarm`."""

    kind: AlarmKind
    severity: Severity
    facts: Mapping[str, str]
    site: str | None
    device: str | None
    camera: str | None
    link: str


def raise_alarm(
    db: Session,
    *,
    key: str,
    kind: AlarmKind,
    severity: Severity,
    facts: Mapping[str, str],
    site: str | None,
    device: str | None,
    camera: str | None,
    link: str,
    now: datetime,
) -> None:
    """Say that a cause is there; may be said again and again.

    Args:
        db: A writing session.
        key: Names the root cause, at most 120 letters.
        kind: What it is about.
        severity: How grave it is now.
        facts: What the kind's sentence names, as text; more may be given.
        site: Where, for who may see it; ``None``: the whole city.
        device: Which device, if it is about one.
        camera: Which of its cameras.
        link: Path on this hub that shows more.
        now: The present.

    Raises:
        ValueError: a fact that the sentence names is missing.
    """
    missing = facts_needed(kind) - facts.keys()
    if missing:
        raise ValueError(f"an alarm {kind.value} needs the facts {', '.join(sorted(missing))}")
    cause = Cause(kind, severity, facts, site, device, camera, link)
    alarm = _last_of(db, key)
    if alarm is None or (alarm.open_key is None and not is_flapping(cleared_at=alarm.cleared_at, now=now)):
        _begin(db, key, cause, now)
        return
    _renew(db, alarm, cause, now)


def clear_alarm(db: Session, *, key: str, now: datetime) -> None:
    """Say that a cause is gone; does nothing when it was not there."""
    alarm = _last_of(db, key)
    if alarm is None or not alarm.is_active:
        return
    alarm.cleared_at = now
    if alarm.is_acknowledged:
        alarm.open_key = None
    note_step(db, alarm, Step.CLEARED, now=now)
    clear_parent(db, alarm, now)
    db.flush()


def forget_old(db: Session, *, now: datetime) -> None:
    """Delete what was closed long ago, with its history; a storm goes after those folded under it.

    What went away so long ago goes too, although nobody ever acknowledged it.
    """
    before = now - KEPT_FOR
    is_over = Alarm.open_key.is_(None) | (Alarm.cleared_at < before)
    old = select(Alarm.id).where(is_over, Alarm.changed_at < before)
    parents = select(Alarm.parent_id).where(Alarm.parent_id.is_not(None), Alarm.id.not_in(old))
    # Those that are folded come first, so that no storm goes before them.
    query = old.where(Alarm.id.not_in(parents)).order_by(Alarm.parent_id.is_(None), Alarm.id)
    ids = list(db.scalars(query.limit(_MOST_FORGOTTEN)))
    db.execute(delete(AlarmStep).where(AlarmStep.alarm_id.in_(ids)))
    db.execute(delete(Alarm).where(Alarm.id.in_(ids), Alarm.parent_id.is_not(None)))
    db.execute(delete(Alarm).where(Alarm.id.in_(ids)))


def _last_of(db: Session, key: str) -> Alarm | None:
    return db.scalars(select(Alarm).where(Alarm.key == key).order_by(Alarm.id.desc()).limit(1)).first()


def _begin(db: Session, key: str, cause: Cause, now: datetime) -> None:
    alarm = Alarm(key=key, open_key=key, raised_at=now, active_since=now)
    _describe(alarm, cause, now)
    db.add(alarm)
    db.flush()
    note_step(db, alarm, Step.RAISED, now=now)
    meet_others(db, alarm, now)
    db.flush()


def _renew(db: Session, alarm: Alarm, cause: Cause, now: datetime) -> None:
    is_worse = cause.severity.rank < Severity(alarm.severity).rank
    _describe(alarm, cause, now)
    if is_worse and alarm.is_acknowledged:
        # Who acknowledged it did so for something less.
        alarm.acknowledged_at, alarm.acknowledged_by, alarm.escalations = None, "", 0
        note_step(db, alarm, Step.WORSENED, now=now, note=cause.severity.value)
    if not alarm.is_active:
        come_back(db, alarm, now=now)
        meet_others(db, alarm, now)
    db.flush()


def _describe(alarm: Alarm, cause: Cause, now: datetime) -> None:
    facts = json.dumps(dict(cause.facts), ensure_ascii=False, sort_keys=True)
    said = (alarm.kind, alarm.severity, alarm.facts, alarm.link)
    alarm.kind, alarm.severity, alarm.facts, alarm.link = (
        cause.kind.value,
        cause.severity.value,
        facts,
        cause.link,
    )
    alarm.site, alarm.device, alarm.camera = cause.site, cause.device, cause.camera
    if said != (alarm.kind, alarm.severity, alarm.facts, alarm.link):
        alarm.changed_at = now
