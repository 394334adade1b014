"""What can happen to an alarm, kept as its history."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from hub.alarms.models import Alarm, AlarmStep
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
    Step.FOLDED: N_("digabung ke sebab bersama"),
}


def note_step(
    db: Session, alarm: Alarm, what: Step, *, now: datetime, actor: str = "", note: str = ""
) -> None:
    """Add to an alarm's history; an empty actor is the hub itself."""
    alarm.changed_at = now
    db.add(AlarmStep(alarm_id=alarm.id, at=now, actor=actor, what=what, note=note[:500]))
