"""The page of public stills, for everybody: no account, no scripts, kept by caches for ten seconds.

Built for the day on which the whole city looks: a proxy in front answers nearly all of it. Must
never show a camera that is not marked public, nor lead to live video.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, render_template, request, send_file
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.ingest.models import Still
from hub.ingest.pictures.stills import still_path
from hub.people.permissions import Permission
from hub.places.models import CityCamera, Device, Kecamatan, Kelurahan, Site
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("public_stills", __name__)

KEPT_S = 10
# An older picture would be taken for the present.
OLDEST = timedelta(minutes=10)
_CACHE = f"public, max-age={KEPT_S}"


@dataclass(frozen=True, slots=True)
class PublicCamera:
    """One camera of the page; ``at`` is None when there is no picture of these minutes."""

    device: str
    camera: str
    name: str
    site: str
    district: str
    at: datetime | None


@blueprint.get("/cctv-publik")
@needs(Permission.PUBLIC)
def page() -> AnyResponse:
    """Show all public cameras, by kecamatan."""
    cameras = _cameras()
    wanted = request.args.get("kecamatan", "")
    districts = sorted({camera.district for camera in cameras})
    shown = [camera for camera in cameras if not wanted or camera.district == wanted]
    body = render_template(
        "cctv/public/page.html", cameras=shown, districts=districts, wanted=wanted, kept_s=KEPT_S
    )
    response = make_response(body)
    response.headers["Cache-Control"] = _CACHE
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/cctv-publik/<device>/<camera>.jpg")
@needs(Permission.PUBLIC)
def still(device: str, camera: str) -> Response:
    """Serve the newest still of a public camera; of any other there is none."""
    found = db().get(CityCamera, (device, camera))
    if found is None or not found.is_public or found.is_retired:
        abort(404)
    kept = db().get(Still, (device, camera))
    path = still_path(Path(parts().config.folder), device, camera)
    if kept is None or _is_old(kept.taken_at) or not path.is_file():
        abort(404)
    response = send_file(path, mimetype="image/jpeg", conditional=True, etag=True, max_age=KEPT_S)
    response.headers["Cache-Control"] = _CACHE
    return response


def _cameras() -> list[PublicCamera]:
    rows = db().execute(
        select(CityCamera, Site.name, Kecamatan.name, Still.taken_at)
        .join(Device, Device.id == CityCamera.device)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
        .outerjoin(Still, (Still.device == CityCamera.device) & (Still.camera == CityCamera.id))
        .where(CityCamera.is_public.is_(True), CityCamera.is_retired.is_(False))
        .order_by(Kecamatan.name, Site.name, CityCamera.name)
    )
    return [
        PublicCamera(
            device=camera.device,
            camera=camera.id,
            name=camera.name,
            site=site,
            district=district,
            at=None if at is None or _is_old(at) else at,
        )
        for camera, site, district, at in rows
    ]


def _is_old(at: datetime) -> bool:
    return parts().now() - at > OLDEST
