"""What cameras put on the map: a mark a point, with the state of all its cameras together."""

from collections import defaultdict
from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.rules import CameraState
from hub.cctv.service import CameraView, list_cameras
from hub.maps.layers import MapLayer, MapLook, MapPoint, MapState
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

DARK, PARTLY, DISTURBED, CARE, LIVE = "dark", "partly", "disturbed", "care", "live"
UNHEARD, NONE = "unheard", "none"
STATES = (
    MapState(DARK, N_("Luring"), Tone.BAD),
    MapState(PARTLY, N_("Sebagian luring"), Tone.WARN),
    MapState(DISTURBED, N_("Terganggu"), Tone.WARN),
    MapState(CARE, N_("Perawatan"), Tone.IDLE, shape="care"),
    MapState(LIVE, N_("Daring"), Tone.GOOD),
    MapState(UNHEARD, N_("Belum melapor"), Tone.IDLE),
    MapState(NONE, N_("Tanpa kamera"), Tone.IDLE),
)
_SEEN = (CameraState.LIVE, CameraState.DISTURBED)


def camera_layer(look: MapLook) -> MapLayer:
    """Return every point of the inventory within reach with the state of its cameras."""
    cameras: dict[str, list[CameraView]] = defaultdict(list)
    site_of = {row.id: row.site for row in look.db.scalars(select(Device))}
    for view in list_cameras(look.db, look.now):
        if look.reach.holds_camera(view.device, view.camera):
            cameras[site_of[view.device]].append(view)
    points = tuple(
        _point(site, district, cameras[site.id])
        for site, district in _sites(look.db)
        if look.reach.touches_site(site.id)
    )
    return MapLayer(id="cameras", label=N_("Kamera"), states=STATES, points=points)


def state_of(cameras: Sequence[CameraView]) -> str:
    """Return the state of a point: dark only when none of those that ever reported is seen."""
    if not cameras:
        return NONE
    states = [view.verdict.state for view in cameras]
    at_work = [state for state in states if state is not CameraState.MAINTENANCE]
    if not at_work:
        return CARE
    heard = [state for state in at_work if state is not CameraState.UNHEARD]
    if not heard:
        return UNHEARD
    seen = sum(state in _SEEN for state in heard)
    if seen < len(heard):
        return PARTLY if seen else DARK
    return DISTURBED if CameraState.DISTURBED in at_work else LIVE


def _sites(db: Session) -> Sequence[tuple[Site, str]]:
    rows = db.execute(
        select(Site, Kecamatan.name)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
        .order_by(Site.name, Site.id)
    )
    return [(row[0], row[1]) for row in rows]


def words_of(cameras: Sequence[CameraView]) -> tuple[str, dict[str, object]]:
    """Return how many cameras of a point are seen, as a text to translate and what it names.

    Those in maintenance are named apart: nobody misses them.
    """
    if not cameras:
        return N_("belum ada kamera"), {}
    states = [view.verdict.state for view in cameras]
    care = states.count(CameraState.MAINTENANCE)
    values: dict[str, object] = {
        "seen": sum(state in _SEEN for state in states),
        "total": len(states) - care,
        "care": care,
    }
    if care == len(states):
        return N_("%(care)s kamera dalam perawatan"), values
    if care:
        return N_("%(seen)s dari %(total)s kamera daring, %(care)s dalam perawatan"), values
    return N_("%(seen)s dari %(total)s kamera daring"), values


def _point(site: Site, district: str, cameras: Sequence[CameraView]) -> MapPoint:
    words, values = words_of(cameras)
    return MapPoint(
        id=f"cameras-{site.id}",
        site=site.id,
        latitude=site.latitude,
        longitude=site.longitude,
        title=site.name,
        state=state_of(cameras),
        words=words,
        values=values,
        link=url_for("points.point", site=site.id),
        kecamatan=district,
        owners=tuple(sorted({view.owner for view in cameras if view.owner})),
    )
