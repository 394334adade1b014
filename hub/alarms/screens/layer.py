"""What alarms put on the map: one mark a point that has active ones, with the worst of them."""

from collections import defaultdict
from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.maps.layers import MapLayer, MapLook, MapPoint, MapState
from hub.places.models import Kecamatan, Kelurahan, Site
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

STATES = (
    MapState("alarm-critical", N_("Alarm kritis"), Tone.BAD, shape="alarm"),
    MapState("alarm-high", N_("Alarm tinggi"), Tone.BAD, shape="alarm"),
    MapState("alarm-medium", N_("Alarm sedang"), Tone.WARN, shape="alarm"),
    MapState("alarm-low", N_("Alarm rendah"), Tone.IDLE, shape="alarm"),
)
_ORDER = list(Severity)


def alarm_layer(look: MapLook) -> MapLayer:
    """Return the points within reach that have active alarms; a dark camera is on its own layer."""
    query = select(Alarm).where(
        Alarm.cleared_at.is_(None), Alarm.open_key.is_not(None), Alarm.site.is_not(None)
    )
    found: dict[str, list[Alarm]] = defaultdict(list)
    for row in look.db.scalars(query):
        is_outage = row.kind in (AlarmKind.OUTAGE_CAMERA, AlarmKind.OUTAGE_SITE)
        if row.site is not None and not is_outage and look.reach.holds_site(row.site):
            found[row.site].append(row)
    sites = look.db.execute(
        select(Site, Kecamatan.name)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
        .where(Site.id.in_(found))
    )
    points = tuple(_point(site, district, found[site.id]) for site, district in sites)
    return MapLayer(id="alarms", label=N_("Alarm"), states=STATES, points=points, corner=1)


def _point(site: Site, district: str, alarms: Sequence[Alarm]) -> MapPoint:
    worst = min((Severity(row.severity) for row in alarms), key=_ORDER.index)
    return MapPoint(
        id=f"alarms-{site.id}",
        site=site.id,
        latitude=site.latitude,
        longitude=site.longitude,
        title=site.name,
        state=f"alarm-{worst.value}",
        words=N_("%(count)s alarm aktif"),
        values={"count": len(alarms)},
        link=url_for("alarms.listing", cari=site.name) if len(alarms) > 1 else alarms[0].link,
        kecamatan=district,
    )
