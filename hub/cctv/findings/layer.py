"""What findings put on the map: one mark a point at which some wait for somebody, for who may see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta, timezone

from flask import url_for
from sqlalchemy import ColumnElement, false, select, true

from hub.cctv.findings.models import Finding
from hub.cctv.findings.rules import OPEN, State, is_overdue
from hub.maps.layers import MapLayer, MapLook, MapPoint, MapState
from hub.people.permissions import Permission
from hub.people.reach import reach_of
from hub.places.models import Kecamatan, Kelurahan, Site
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

# West Indonesian time has no daylight saving (Keppres 41/1987).
_WIB = timezone(timedelta(hours=7))
LATE, WAITING = "finding-late", "finding-open"
STATES = (
    MapState(LATE, N_("Temuan lewat tenggat"), Tone.BAD, shape="flag"),
    MapState(WAITING, N_("Temuan terbuka"), Tone.WARN, shape="flag"),
)


def finding_layer(look: MapLook) -> MapLayer:
    """Return the points within reach that have open findings; those of an OPD where only its own are seen."""
    query = select(Finding).where(Finding.state.in_(OPEN), Finding.first_id.is_(None), _is_seen(look))
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in look.db.scalars(query):
        if look.reach.touches_site(row.site):
            found[row.site].append(row)
    sites = look.db.execute(
        select(Site, Kecamatan.name)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
        .where(Site.id.in_(found))
    )
    today = look.now.astimezone(_WIB).date()
    points = tuple(_point(site, district, found[site.id], today) for site, district in sites)
    return MapLayer(id="findings", label=N_("Temuan"), states=STATES, points=points, corner=3)


def _is_seen(look: MapLook) -> ColumnElement[bool]:
    if look.viewer is None:
        return true()
    reach = reach_of(look.db, look.viewer.account_id, Permission.FINDING_SEE, look.now)
    if reach.is_city:
        return true()
    return Finding.opd.in_(reach.opds) if reach.opds else false()


def _point(site: Site, district: str, findings: Sequence[Finding], today: date) -> MapPoint:
    is_late = any(is_overdue(State(one.state), one.due_on, today) for one in findings)
    several = len(findings) > 1
    return MapPoint(
        id=f"findings-{site.id}",
        site=site.id,
        latitude=site.latitude,
        longitude=site.longitude,
        title=site.name,
        state=LATE if is_late else WAITING,
        words=N_("%(count)s temuan terbuka"),
        values={"count": len(findings)},
        link=url_for("finding_register.listing", cari=site.name, keadaan="open")
        if several
        else url_for("finding_register.show", finding=findings[0].id),
        kecamatan=district,
    )
