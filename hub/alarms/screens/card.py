"""What alarms tell somebody who answers for a part of the city."""

from collections import Counter
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from hub.alarms.kinds import Severity
from hub.alarms.models import Alarm
from hub.alarms.reach import alarm_reach
from hub.people.permissions import Permission
from hub.web.contributions.cards import AreaLook, Card, CardLine
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

_WEEK = timedelta(days=7)
_WORDS = {
    Severity.CRITICAL: (N_("%(count)s kritis"), Tone.BAD),
    Severity.HIGH: (N_("%(count)s tinggi"), Tone.BAD),
    Severity.MEDIUM: (N_("%(count)s sedang"), Tone.WARN),
    Severity.LOW: (N_("%(count)s rendah"), Tone.IDLE),
}


def alarm_card(look: AreaLook) -> Card | None:
    """Return how many alarms are active now, by severity, and how many came this week."""
    if not look.viewer.may_somewhere(Permission.ALARM_SEE):
        return None
    reach = alarm_reach(look.db, look.viewer, Permission.ALARM_SEE, look.now)
    query = select(Alarm).where(Alarm.parent_id.is_(None), Alarm.raised_at > look.now - 2 * _WEEK)
    recent = [row for row in look.db.scalars(query) if reach.holds(row)]
    open_rows = look.db.scalars(
        select(Alarm).where(
            Alarm.parent_id.is_(None), Alarm.cleared_at.is_(None), Alarm.open_key.is_not(None)
        )
    )
    active = Counter(Severity(row.severity) for row in open_rows if reach.holds(row))
    new = sum(row.raised_at > look.now - _WEEK for row in recent)
    lines = [
        CardLine(words, {"count": active[severity]}, tone=tone)
        for severity, (words, tone) in _WORDS.items()
        if active[severity]
    ]
    came = {"new": new, "before": len(recent) - new}
    return Card(
        id="alarm",
        title=N_("Alarm yang masih aktif"),
        value=active.total(),
        unit=N_("alarm"),
        tone=Tone.BAD if active[Severity.CRITICAL] else Tone.WARN if active else Tone.GOOD,
        lines=(*lines, CardLine(N_("%(new)s muncul pekan ini, pekan lalu %(before)s"), came)),
        link=look.link("alarms.listing", url_for("alarms.listing")),
    )
