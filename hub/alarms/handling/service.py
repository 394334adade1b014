"""Acknowledging, assigning, shelving and commenting: by a person, kept in history and audit.

Takes a session, never commits. Whoever calls has checked that the alarms are within reach.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.models import Alarm
from hub.alarms.rules import SHELF_HOURS
from hub.alarms.steps import Step, note_step
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role

MAX_NOTE = 500


def acknowledge(db: Session, alarms: Sequence[Alarm], *, actor: str, note: str, now: datetime) -> int:
    """Note that somebody knows; those folded under a common cause with it. Return how many were new."""
    ids = [one.id for one in alarms]
    folded = db.scalars(select(Alarm).where(Alarm.parent_id.in_(ids), Alarm.open_key.is_not(None))).all()
    fresh = [one for one in {*alarms, *folded} if not one.is_acknowledged]
    for alarm in sorted(fresh, key=lambda one: one.id):
        alarm.acknowledged_at, alarm.acknowledged_by = now, actor
        if not alarm.is_active:
            alarm.open_key = None
        note_step(db, alarm, Step.ACKNOWLEDGED, now=now, actor=actor, note=note)
        if alarm.id in ids:
            _audit(db, alarm, "alarm.acknowledge", actor, now)
    return sum(one.id in ids for one in fresh)


def assign(db: Session, alarm: Alarm, *, to: int | None, actor: str, now: datetime) -> None:
    """Give an alarm to somebody who may handle alarms, or to nobody.

    Raises:
        InputError: no such person.
    """
    named = {number: (name, shown) for number, name, shown in people_who_handle(db, now)}
    if to is not None and to not in named:
        raise InputError("petugas itu tidak ada atau tidak menangani alarm; pilih dari daftar")
    alarm.assigned_to = to
    note_step(db, alarm, Step.ASSIGNED, now=now, actor=actor, note=named[to][1] if to else "")
    _audit(db, alarm, "alarm.assign", actor, now, f"to={named[to][0]}" if to else "to=-")


def shelve(db: Session, alarm: Alarm, *, hours: int, why: str, actor: str, now: datetime) -> None:
    """Take an alarm off the list for a while.

    Raises:
        InputError: no reason, or not one of the spans that are offered.
    """
    if hours not in SHELF_HOURS:
        raise InputError("lama penundaan tidak ada dalam daftar; pilih salah satu")
    if len(why.strip()) < 3:
        raise InputError("tulis alasan penundaan, sedikitnya tiga huruf")
    alarm.shelved_until = now + timedelta(hours=hours)
    alarm.shelved_by, alarm.shelved_why = actor, why.strip()[:300]
    note_step(db, alarm, Step.SHELVED, now=now, actor=actor, note=alarm.shelved_why)
    _audit(db, alarm, "alarm.shelve", actor, now, f"hours={hours}")


def unshelve(db: Session, alarm: Alarm, *, actor: str, now: datetime) -> None:
    """Put an alarm back on the list."""
    if alarm.shelved_until is None:
        return
    alarm.shelved_until, alarm.shelved_by, alarm.shelved_why = None, "", ""
    note_step(db, alarm, Step.UNSHELVED, now=now, actor=actor)
    if actor:
        _audit(db, alarm, "alarm.unshelve", actor, now)


def comment(db: Session, alarm: Alarm, *, text: str, actor: str, now: datetime) -> None:
    """Add a remark to the history.

    Raises:
        InputError: nothing was written, or too much.
    """
    text = text.strip()
    if not text or len(text) > MAX_NOTE:
        raise InputError(f"tulis catatan, paling banyak {MAX_NOTE} huruf")
    note_step(db, alarm, Step.COMMENTED, now=now, actor=actor, note=text)
    _audit(db, alarm, "alarm.comment", actor, now)


def people_who_handle(db: Session, now: datetime) -> list[tuple[int, str, str]]:
    """Return number, account name and shown name of everybody who may handle alarms somewhere."""
    roles = [role for role in Role if Permission.ALARM_HANDLE in PERMISSIONS_OF_ROLE[role]]
    query = (
        select(Account.id, Account.name, Account.display_name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.is_disabled.is_(False),
            RoleGrant.role.in_(roles),
            RoleGrant.valid_from <= now,
            RoleGrant.valid_to.is_(None) | (RoleGrant.valid_to > now),
        )
        .distinct()
        .order_by(Account.display_name, Account.id)
    )
    return [(row.id, row.name, row.display_name) for row in db.execute(query)]


def _audit(db: Session, alarm: Alarm, action: str, actor: str, now: datetime, detail: str = "") -> None:
    # The note stays in the history: it may name people, and the chain may not.
    audit.append(db, at=now, actor=actor, action=action, target=f"alarm:{alarm.id}", detail=detail)
