"""What cameras tell somebody who answers for a part of the city."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent
from hub.cctv.events.rules import EventKind
from hub.cctv.findings.models import Finding
from hub.cctv.findings.rules import OPEN, State, is_overdue
from hub.cctv.outages.models import Outage, OutageCamera
from hub.cctv.rules import CameraState, Cause
from hub.cctv.service import CameraView, list_cameras
from hub.cctv.traffic.worst import Place, worst_now
from hub.people.permissions import Permission
from hub.places.reach import PlaceReach
from hub.web.contributions.cards import AreaLook, Card, CardLine
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

WEEK = timedelta(days=7)
_NAMED = 3
_SEEN = (CameraState.LIVE, CameraState.DISTURBED)
_WHY = {
    Cause.POWER: N_("%(count)s mati karena listrik"),
    Cause.LINK: N_("%(count)s mati karena jaringan (media)"),
    Cause.CAMERA: N_("%(count)s mati karena kameranya sendiri"),
    Cause.UNKNOWN: N_("%(count)s mati, sebabnya belum jelas"),
    Cause.NONE: N_("%(count)s belum pernah melapor"),
}
_TRAFFIC = {
    "free": (N_("%(site)s: lancar"), Tone.GOOD),
    "slow": (N_("%(site)s: padat merayap"), Tone.WARN),
    "jam": (N_("%(site)s: macet"), Tone.BAD),
}


def camera_card(look: AreaLook) -> Card | None:
    """Return how many cameras are seen, and why the others are not."""
    views = [
        view for view in list_cameras(look.db, look.now) if look.reach.holds_camera(view.device, view.camera)
    ]
    seen = sum(view.verdict.state in _SEEN for view in views)
    return Card(
        id="kamera",
        title=N_("Kamera menyala"),
        value=seen if views else None,
        total=len(views),
        unit=N_("kamera"),
        tone=Tone.GOOD if seen == len(views) else Tone.BAD if 2 * seen < len(views) else Tone.WARN,
        lines=_why(views),
        before=_seen_before(look, views),
        is_more_better=True,
        link=look.link("camera_status.listing", url_for("camera_status.listing")),
        empty=N_("Belum ada kamera di wilayah ini."),
    )


def traffic_card(look: AreaLook) -> Card | None:
    """Return how many places are jammed now, the worst by name."""
    places = [
        one for one in worst_now(look.db, look.reach, look.now).congestion if not one.is_stale(look.now)
    ]
    jammed = [one for one in places if one.level == "jam"]
    return Card(
        id="lalu-lintas",
        title=N_("Lalu lintas"),
        value=len(jammed) if places else None,
        unit=N_("titik macet"),
        tone=Tone.BAD if jammed else Tone.GOOD,
        lines=tuple(_traffic_line(look, one) for one in places[:_NAMED]),
        before=_lasted_before(look, EventKind.JAM),
        is_more_better=False,
        link=look.link("traffic.city", url_for("traffic.city")),
        empty=N_("Belum ada kamera yang mengukur kepadatan di wilayah ini."),
    )


def water_card(look: AreaLook) -> Card | None:
    """Return where the water stands above its mark; nothing where no gauge is read."""
    places = [one for one in worst_now(look.db, look.reach, look.now).water if not one.is_stale(look.now)]
    if not places:
        return None
    high = [one for one in places if one.mark is not None and one.value >= one.mark]
    return Card(
        id="air",
        title=N_("Muka air"),
        value=len(high),
        unit=N_("titik di atas tanda siaga"),
        tone=Tone.BAD if high else Tone.GOOD,
        lines=tuple(_water_line(look, one) for one in places[:_NAMED]),
        before=_lasted_before(look, EventKind.WATER),
        is_more_better=False,
        link=look.link("traffic.city", url_for("traffic.city")),
    )


def finding_card(look: AreaLook) -> Card | None:
    """Return which findings are open, how many of them late, and how many came this week."""
    if not look.viewer.may_somewhere(Permission.FINDING_SEE):
        return None
    rows = [row for row in look.db.scalars(select(Finding)) if look.reach.touches_site(row.site)]
    today = look.now.astimezone(look.zone).date()
    late = sum(is_overdue(State(row.state), row.due_on, today) for row in rows)
    this_week = sum(row.made_at > look.now - WEEK for row in rows)
    last_week = sum(look.now - 2 * WEEK < row.made_at <= look.now - WEEK for row in rows)
    return Card(
        id="temuan",
        title=N_("Temuan yang belum selesai"),
        value=sum(State(row.state) in OPEN for row in rows),
        unit=N_("temuan"),
        tone=Tone.WARN if late else Tone.GOOD,
        lines=(
            CardLine(N_("%(count)s lewat tenggat"), {"count": late}, tone=Tone.WARN if late else Tone.GOOD),
            CardLine(
                N_("%(new)s baru pekan ini, pekan lalu %(before)s"), {"new": this_week, "before": last_week}
            ),
        ),
        link=look.link("finding_register.listing", url_for("finding_register.listing")),
    )


def _why(views: Sequence[CameraView]) -> tuple[CardLine, ...]:
    cared = sum(view.verdict.state is CameraState.MAINTENANCE for view in views)
    dark = [view for view in views if view.verdict.state not in (*_SEEN, CameraState.MAINTENANCE)]
    causes = Counter(view.verdict.cause for view in dark)
    lines = [CardLine(_WHY[cause], {"count": count}, tone=Tone.BAD) for cause, count in causes.most_common()]
    if cared:
        lines.append(CardLine(N_("%(count)s sedang dirawat"), {"count": cared}))
    return tuple(lines)


def _seen_before(look: AreaLook, views: Sequence[CameraView]) -> int | None:
    """Return how many of these cameras were seen a week ago; nothing when nobody kept account then."""
    at = look.now - WEEK
    if not _was_kept(look.db, at):
        return None
    # A camera that never reported was not seen a week ago either.
    heard = [view for view in views if view.verdict.state is not CameraState.UNHEARD]
    return max(0, len(heard) - len(_dark_at(look.db, look.reach, at)))


def _was_kept(db: Session, at: datetime) -> bool:
    first = db.scalar(select(func.min(Outage.began_at)))
    return first is not None and first <= at


def _dark_at(db: Session, reach: PlaceReach, at: datetime) -> set[tuple[str, str]]:
    rows = db.scalars(
        select(OutageCamera).where(
            OutageCamera.is_dark.is_(True),
            OutageCamera.began_at <= at,
            or_(OutageCamera.ended_at.is_(None), OutageCamera.ended_at > at),
        )
    )
    return {(row.device, row.camera) for row in rows if reach.holds_camera(row.device, row.camera)}


def _lasted_before(look: AreaLook, kind: EventKind) -> int | None:
    """Return at how many places events of a kind lasted a week ago; nothing when none was noted by then."""
    at = look.now - WEEK
    first = look.db.scalar(select(func.min(CameraEvent.began_at)).where(CameraEvent.kind == kind))
    if first is None or first > at:
        return None
    rows = look.db.scalars(
        select(CameraEvent).where(
            CameraEvent.kind == kind,
            CameraEvent.began_at <= at,
            or_(CameraEvent.ended_at.is_(None), CameraEvent.ended_at > at),
        )
    )
    return len(
        {
            (row.device, row.camera, row.what)
            for row in rows
            if look.reach.holds_camera(row.device, row.camera)
        }
    )


def _traffic_line(look: AreaLook, place: Place) -> CardLine:
    words, tone = _TRAFFIC[place.level]
    return CardLine(words, {"site": place.site}, _camera_link(look, place), tone)


def _water_line(look: AreaLook, place: Place) -> CardLine:
    level = f"{place.value:.2f}".replace(".", ",")
    tone = Tone.BAD if place.mark is not None and place.value >= place.mark else Tone.GOOD
    return CardLine(
        N_("%(site)s: %(level)s m"), {"site": place.site, "level": level}, _camera_link(look, place), tone
    )


def _camera_link(look: AreaLook, place: Place) -> str:
    address = url_for("cctv.camera", device=place.device, camera=place.camera)
    return look.link("cctv.camera", address)
