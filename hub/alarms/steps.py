"""What can happen to an alarm, kept as its history."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.rules import is_flapping
from hub.web.i18n import N_


class Step(StrEnum):
    """One kind of thing that happened."""

    RAISED = "raised"
    RETURNED = "returned"  # active again
    WORSENED = "worsened"  # graver than when it was acknowledged
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    COMMENTED = "commented"
    TOLD = "told"  # those who handle alarms, by message
    ESCALATED = "escalated"  # others too, as nobody acknowledged
    TOLD_GONE = "told-gone"  # those who were told that it is there
    FOLDED = "folded"  # put under a common cause


STEP_WORDS = {
    Step.RAISED: N_("muncul"),
    Step.RETURNED: N_("muncul lagi"),
    Step.WORSENED: N_("memburuk"),
    Step.CLEARED: N_("pulih"),
    Step.ACKNOWLEDGED: N_("diketahui"),
    Step.ASSIGNED: N_("ditugaskan"),
    Step.SHELVED: N_("ditunda"),
    Step.UNSHELVED: N_("tidak ditunda lagi"),
    Step.COMMENTED: N_("catatan"),
    Step.TOLD: N_("diberitahukan"),
    Step.ESCALATED: N_("dieskalasi"),
    Step.TOLD_GONE: N_("pulihnya diberitahukan"),
    Step.FOLDED: N_("digabung ke sebab bersama"),
}


def note_step(
    db: Session, alarm: Alarm, what: Step, *, now: datetime, actor: str = "", note: str = ""
) -> None:
    """Add to an alarm's history; an empty actor is the hub itself."""
    alarm.changed_at = now
    db.add(AlarmStep(alarm_id=alarm.id, at=now, actor=actor, what=what, note=note[:500]))


def come_back(db: Session, alarm: Alarm, *, now: datetime) -> None:
    """Make a cleared alarm active again; one that was away for long is told as a new one is."""
    if not is_flapping(cleared_at=alarm.cleared_at, now=now):
        alarm.acknowledged_at, alarm.acknowledged_by = None, ""
        alarm.escalations, alarm.escalated_at = 0, None
    alarm.cleared_at, alarm.active_since, alarm.open_key = None, now, alarm.key
    alarm.occurrences += 1
    note_step(db, alarm, Step.RETURNED, now=now)
