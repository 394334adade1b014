"""What the cameras' concern says at a hand-over: outages, maintenance, findings, held cameras, events.

One query each; ``hub/app.py`` passes them to the screens of shifts. Said in Indonesian, as it is kept.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent
from hub.cctv.events.rules import WORDS as EVENT_WORDS
from hub.cctv.events.rules import EventKind
from hub.cctv.findings.kinds import WORDS as FINDING_WORDS
from hub.cctv.findings.kinds import FindingKind
from hub.cctv.findings.models import Finding
from hub.cctv.findings.rules import OPEN, STATE_WORDS, State
from hub.cctv.outages.service import CAUSE_WORDS, open_outages
from hub.cctv.outages.windows.service import read_windows
from hub.cctv.rules import Cause
from hub.cctv.steering.models import CameraHold
from hub.people.models import Account
from hub.places.models import CityCamera, Site
from hub.web.contributions.summary import MOST_LINES, SummaryLine, SummaryPart
from hub.web.contributions.tiles import Look
from hub.web.formats import date_text, moment_text
from hub.web.i18n import N_


class OutageSummary:
    """Open outages, one a root cause."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Take the zone of the city."""
        self._zone = zone

    def __call__(self, look: Look) -> SummaryPart:
        """Return what is dark now, the longest first."""
        found = [one for one in open_outages(look.db) if one.outage.folded_into is None]
        names = _names_of_sites(look.db)
        lines = [
            SummaryLine(
                f"{names.get(one.outage.site, one.outage.site)}: {len(one.cameras)} kamera, "
                f"{CAUSE_WORDS[Cause(one.outage.cause)] or '—'}, "
                f"sejak {moment_text(one.outage.began_at, self._zone, 'id')}",
                f"/gangguan/{one.outage.id}",
            )
            for one in found[:MOST_LINES]
        ]
        return SummaryPart(N_("Gangguan kamera"), len(found), tuple(lines))


class MaintenanceSummary:
    """Maintenance of today, also what is over."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Take the zone of the city."""
        self._zone = zone

    def __call__(self, look: Look) -> SummaryPart:
        """Return the windows that touch today."""
        begin = datetime.combine(look.now.astimezone(self._zone).date(), time(), self._zone)
        rows = read_windows(look.db, begin, begin + timedelta(days=1)).rows
        names = _names_of_sites(look.db)
        lines = [
            SummaryLine(
                f"{names.get(row.site, row.site)} {row.camera}".rstrip() + f": {row.why}, "
                f"{moment_text(row.begins_at, self._zone, 'id')} – "
                f"{moment_text(row.ends_at, self._zone, 'id')}",
                f"/titik/{row.site}",
            )
            for row in rows[:MOST_LINES]
        ]
        return SummaryPart(N_("Perawatan hari ini"), len(rows), tuple(lines))


def finding_summary(look: Look) -> SummaryPart:
    """Return the findings that wait for somebody, the oldest first."""
    where = Finding.state.in_(OPEN)
    count = look.db.scalars(select(func.count()).select_from(Finding).where(where)).one()
    rows = look.db.scalars(select(Finding).where(where).order_by(Finding.id).limit(MOST_LINES))
    lines = [
        SummaryLine(
            f"{row.id} · {FINDING_WORDS[FindingKind(row.kind)]}: {STATE_WORDS[State(row.state)]}"
            + (f", tenggat {date_text(row.due_on, 'id')}" if row.due_on else ""),
            f"/temuan/{row.id}",
        )
        for row in rows
    ]
    return SummaryPart(N_("Temuan belum selesai"), count, tuple(lines))


def hold_summary(look: Look) -> SummaryPart:
    """Return the turning cameras that somebody holds now."""
    rows = look.db.execute(
        select(CameraHold, Account.display_name)
        .join(Account, Account.id == CameraHold.account_id)
        .where(CameraHold.until > look.now)
    ).all()
    names = _names_of_cameras(look.db)
    lines = [
        SummaryLine(
            f"{names.get((row.device, row.camera), row.camera)}: {who}", f"/kamera/{row.device}/{row.camera}"
        )
        for row, who in rows[:MOST_LINES]
    ]
    return SummaryPart(N_("Kendali PTZ"), len(rows), tuple(lines))


def event_summary(look: Look) -> SummaryPart:
    """Return what happens before cameras now: bad pictures, jams, crowds, high water."""
    rows = look.db.scalars(
        select(CameraEvent).where(CameraEvent.open_key.is_not(None)).order_by(CameraEvent.id.desc())
    ).all()
    names = _names_of_cameras(look.db)
    lines = [
        SummaryLine(
            f"{EVENT_WORDS[EventKind(row.kind)]}: "
            + f"{names.get((row.device, row.camera), row.camera)} {row.what}".rstrip(),
            f"/peristiwa/{row.id}",
        )
        for row in rows[:MOST_LINES]
    ]
    return SummaryPart(N_("Peristiwa berlangsung"), len(rows), tuple(lines))


def _names_of_sites(db: Session) -> dict[str, str]:
    return {site.id: site.name for site in db.scalars(select(Site))}


def _names_of_cameras(db: Session) -> dict[tuple[str, str], str]:
    return {(row.device, row.id): row.name for row in db.scalars(select(CityCamera))}
