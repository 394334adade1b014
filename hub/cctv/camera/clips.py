"""Clips on the camera page: what the device keeps, fetching one, playing it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from edge.wire.messages import KeepClip
from hub.cctv.service import get_camera
from hub.ingest.models import Clip
from hub.ingest.pictures.clips import HERE, ask_for_clip, clip_path
from hub.ingest.saying.commands import ask_device
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("clips", __name__)

# As many as a person looks through; older ones are found by time, later.
MOST_SHOWN = 30


def newest_clips(session: Session, device: str, camera: str) -> Sequence[Clip]:
    """Return the newest clips of a camera, newest first."""
    return session.scalars(
        select(Clip)
        .where(Clip.device == device, Clip.camera == camera)
        .order_by(Clip.started_at.desc(), Clip.clip.desc())
        .limit(MOST_SHOWN)
    ).all()


@blueprint.get("/kamera/<device>/<camera>/klip/<clip>")
@needs(Permission.CAMERA_CLIP, is_background=True, is_scoped=True)
def row(device: str, camera: str, clip: str) -> str:
    """Give the line of one clip; the page asks for it while the clip is on its way."""
    return render_template("cctv/clip.html", clip=_find(device, camera, clip))


@blueprint.post("/kamera/<device>/<camera>/klip/<clip>/ambil")
@needs(Permission.CAMERA_CLIP, is_scoped=True)
def fetch(device: str, camera: str, clip: str) -> AnyResponse | str:
    """Ask the device for a clip."""
    now, who = parts().now(), signed_in()
    found = _find(device, camera, clip)
    ask_for_clip(db(), found, now=now, correlation=uuid4().hex, asked_by=who.account_id)
    target = f"clip:{device}/{camera}/{found.clip}"
    audit.append(db(), at=now, actor=who.name, action="camera.fetch-clip", target=target)
    db().flush()
    if "HX-Request" in request.headers:
        return render_template("cctv/clip.html", clip=found)
    return redirect(url_for("cctv.camera", device=device, camera=camera, _anchor="klip"), code=303)


@blueprint.get("/kamera/<device>/<camera>/klip/<clip>/video.mp4")
@needs(Permission.CAMERA_CLIP, is_background=True, is_scoped=True)
def video(device: str, camera: str, clip: str) -> Response:
    """Serve a clip that was fetched, also in parts: players jump."""
    found = _find(device, camera, clip)
    path = clip_path(Path(parts().config.folder), found.device, found.camera, found.clip)
    if found.state != HERE or not path.is_file():
        abort(404)
    response = send_file(path, mimetype="video/mp4", conditional=True, etag=True, max_age=0)
    # A clip never changes: the browser of who may see it keeps it for a while, nobody between does.
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@blueprint.post("/kamera/<device>/<camera>/rekam")
@needs(Permission.CAMERA_CLIP, is_scoped=True)
def keep(device: str, camera: str) -> AnyResponse:
    """Ask the device to keep a clip of now."""
    now, who = parts().now(), signed_in()
    get_camera(db(), device, camera, now)
    command = ask_device(
        db(),
        device=device,
        command=KeepClip(camera=camera),
        correlation=uuid4().hex,
        now=now,
        asked_by=who.account_id,
    )
    db().flush()
    target = f"camera:{device}/{camera}"
    audit.append(db(), at=now, actor=who.name, action="camera.keep-clip", target=target)
    return redirect(url_for("cctv.camera", device=device, camera=camera, perintah=command.id), code=303)


def _find(device: str, camera: str, clip: str) -> Clip:
    found = db().get(Clip, (device, camera, clip))
    if found is None:
        abort(404)
    return found
