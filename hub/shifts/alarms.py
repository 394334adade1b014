"""The alarms at a hand-over: those that nobody acknowledged. And who is on duty, for who tells alarms."""

import json
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm
from hub.alarms.words import indonesian_sentence
from hub.people.models import Account
from hub.shifts.models import Shift
from hub.web.contributions.summary import MOST_LINES, SummaryLine, SummaryPart
from hub.web.contributions.tiles import Look
from hub.web.i18n import N_

# Two turns of eight hours: who has not handed over by then went home.
_FORGOTTEN_AFTER = timedelta(hours=16)


def alarm_summary(look: Look) -> SummaryPart:
    """Return the alarms that nobody acknowledged, the newest first; one a root cause."""
    where = (Alarm.acknowledged_at.is_(None), Alarm.parent_id.is_(None), Alarm.open_key.is_not(None))
    count = look.db.scalars(select(func.count()).select_from(Alarm).where(*where)).one()
    rows = look.db.scalars(select(Alarm).where(*where).order_by(Alarm.id.desc()).limit(MOST_LINES))
    lines = [
        SummaryLine(indonesian_sentence(AlarmKind(row.kind), json.loads(row.facts)), f"/alarm/{row.id}")
        for row in rows
    ]
    return SummaryPart(N_("Alarm belum diketahui"), count, tuple(lines))


def on_duty(db: Session, now: datetime) -> frozenset[int]:
    """Return the account of whoever keeps the running shift; empty: nobody is there who does."""
    query = (
        select(Shift.account_id)
        .join(Account, Account.id == Shift.account_id)
        .where(Shift.handed_at.is_(None), Shift.began_at > now - _FORGOTTEN_AFTER, ~Account.is_disabled)
    )
    return frozenset(db.scalars(query))
