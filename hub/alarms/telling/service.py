"""Tells people of alarms that nobody acknowledged, and more people the longer it lasts.

First those who handle alarms at the place, then the supervisors, then those who answer for it. Whoever
was told that it is there is told that it is gone.
Messages are only queued here; :mod:`hub.notify` sends them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.handling.service import unshelve
from hub.alarms.kinds import Severity
from hub.alarms.models import Alarm
from hub.alarms.reach import alarm_reach
from hub.alarms.rules import next_telling_at
from hub.alarms.settings import Escalation
from hub.alarms.steps import Step, note_step
from hub.alarms.telling.endings import ended, tell_end
from hub.alarms.telling.wording import words_of
from hub.db import Database, pass_alone
from hub.notify.choosing.service import routes_to
from hub.notify.service import queue
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Permission, Role, permissions_of
from hub.people.service import grants_of, roles_in
from hub.people.sessions import Viewer

# Who is told the first, second and third time. Each time also whom the alarm was given to.
ROLES_TOLD: tuple[tuple[Role, ...], ...] = (
    (Role.OPERATOR, Role.TECHNICIAN),
    (Role.SUPERVISOR,),
    (Role.ADMIN, Role.EXECUTIVE),
)

# Who is on duty now; empty: nobody said, so everybody of the role is told.
OnDuty = Callable[[Session, datetime], frozenset[int]]


def nobody_said(_db: Session, _now: datetime) -> frozenset[int]:
    """Return that nobody keeps a list of who is on duty."""
    return frozenset()


class Teller:
    """One pass over the alarms; writes only when somebody is to be told."""

    def __init__(
        self,
        *,
        database: Database,
        waits: Escalation,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        on_duty: OnDuty = nobody_said,
    ) -> None:
        """Take collaborators."""
        self._database = database
        self._waits = waits
        self._zone = zone
        self._now = now
        self._on_duty = on_duty

    def __call__(self) -> None:
        """Take alarms off the shelf whose time is over, and tell of those that are due or ended."""
        now = self._now()
        with self._database.reading() as db:
            is_idle = not ended(db, now) and not any(self._is_due(alarm, now) for alarm in _open(db))
        if is_idle:
            return
        with self._database.writing() as db:
            # A web process tells too while ingest stands still: nobody is to be told twice.
            pass_alone(db, "telling of alarms")
            for alarm in _open(db):
                if alarm.shelved_until is not None and alarm.shelved_until <= now:
                    unshelve(db, alarm, actor="", now=now)
                if self._is_due(alarm, now):
                    self._tell(db, alarm, now)
            for alarm in ended(db, now):
                tell_end(db, alarm, now=now, zone=self._zone)

    def _is_due(self, alarm: Alarm, now: datetime) -> bool:
        if alarm.shelved_until is not None:
            return alarm.shelved_until <= now
        if not alarm.is_active or alarm.is_acknowledged or alarm.parent_id is not None:
            return False
        at = next_telling_at(
            severity=Severity(alarm.severity),
            told=alarm.escalations,
            active_since=alarm.active_since,
            told_at=alarm.escalated_at,
            waits=self._waits,
        )
        return at is not None and at <= now

    def _tell(self, db: Session, alarm: Alarm, now: datetime) -> None:
        level = min(alarm.escalations, len(ROLES_TOLD) - 1)
        people = set(people_told(db, alarm, ROLES_TOLD[level], now))
        on_duty = self._on_duty(db, now) if level == 0 else frozenset()
        if on_duty & people:
            people &= on_duty
        if alarm.assigned_to is not None:
            people.add(alarm.assigned_to)
        severity = Severity(alarm.severity)
        subject, text = words_of(db, alarm, self._zone)
        for route in routes_to(db, people, severity, now=now, zone=self._zone):
            queue(
                db,
                to=route.recipient,
                subject=subject,
                text=text,
                link=f"/alarm/{alarm.id}",
                now=now,
                about=f"alarm:{alarm.id}:{alarm.occurrences}:{alarm.escalations}",
                not_before=route.not_before,
            )
        alarm.escalations += 1
        alarm.escalated_at = now
        names = ", ".join(role.value for role in ROLES_TOLD[level])
        note_step(db, alarm, Step.TOLD if level == 0 else Step.ESCALATED, now=now, note=names)


def people_told(db: Session, alarm: Alarm, roles: Iterable[Role], now: datetime) -> list[int]:
    """Return who holds one of these roles and may see the alarm."""
    query = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(list(roles)), Account.is_disabled.is_(False))
        .distinct()
    )
    found = []
    for account in db.scalars(query):
        held = roles_in(grants_of(db, account.id, now), is_city_only=False)
        if held & set(roles) and alarm_reach(
            db, _as_viewer(db, account, now), Permission.ALARM_SEE, now
        ).holds(alarm):
            found.append(account.id)
    return found


def _as_viewer(db: Session, account: Account, now: datetime) -> Viewer:
    """Return somebody as if they looked: what they may see does not depend on a browser."""
    grants = grants_of(db, account.id, now)
    return Viewer(
        account_id=account.id,
        name=account.name,
        display_name=account.display_name,
        session_id=0,
        permissions=permissions_of(roles_in(grants)),
        must_change_password=False,
        is_seen_due=False,
        scoped=permissions_of(roles_in(grants, is_city_only=False)),
    )


def _open(db: Session) -> list[Alarm]:
    """Return those that may be told or come off the shelf; of others nothing is left to tell."""
    may_be_told = Alarm.cleared_at.is_(None) & Alarm.acknowledged_at.is_(None) & Alarm.parent_id.is_(None)
    is_left = Alarm.shelved_until.is_not(None) | may_be_told
    return list(db.scalars(select(Alarm).where(Alarm.open_key.is_not(None), is_left).order_by(Alarm.id)))
