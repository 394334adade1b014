"""Watching a camera live: asking for it with a purpose, and the stream."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from hub.cctv.live.service import end_view, note_view, own_view
from hub.cctv.service import get_camera
from hub.live import streams
from hub.live.streams import CameraKey
from hub.people import audit, sessions
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.places.purposes import Purpose
from hub.places.reach import may_see_camera
from hub.web.guard import login_cookie_name, needs, signed_in
from hub.web.parts import Parts, parts
from hub.web.transaction import db

blueprint = Blueprint("live", __name__)

# A device that says nothing for so long: the browser is told, and asks again.
SILENCE_S = 15.0
# Whoever lost the right to watch is cut off after this at the latest.
RIGHTS_EVERY_S = 30.0
_TAKE_S = 1.0


@blueprint.post("/kamera/<device>/<camera>/langsung")
@needs(Permission.CAMERA_LIVE, is_scoped=True)
def begin(device: str, camera: str) -> tuple[dict[str, Any], int]:
    """Ask the device for live video; answer where it streams, or why it cannot be had."""
    here, who = parts(), signed_in()
    key = CameraKey(device, camera)
    try:
        purpose = Purpose(request.form.get("tujuan", ""))
    except ValueError:
        return {"detail": _("Pilih tujuan menonton lebih dahulu.")}, 400
    number = _note(here, who, key, purpose)
    reply = here.live.begin(key)
    if reply is None:
        return {"detail": _("Perangkat tidak menjawab. Gambar terakhir tetap ditampilkan.")}, 503
    if not reply.is_done:
        return {"detail": _refusal_words(reply.detail)}, 409
    stream = url_for("live.stream", device=device, camera=camera, tayang=number)
    return {"stream": stream, "viewers": here.live.streams.viewers_of(key) + 1}, 200


@blueprint.get("/kamera/<device>/<camera>/langsung.mp4")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def stream(device: str, camera: str) -> Response:
    """Stream a camera as fragmented MP4, for the view that was begun."""
    here, who = parts(), signed_in()
    key = CameraKey(device, camera)
    view = own_view(db(), request.args.get("tayang", 0, type=int), account_id=who.account_id, key=key)
    token = request.cookies[login_cookie_name(here.config.web.is_behind_tls)]
    viewer = here.live.watch(key)
    response = Response(_pieces(here, viewer, view.id, token, key), mimetype="video/mp4")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _pieces(here: Parts, viewer: streams.Viewer, view: int, token: str, key: CameraKey) -> Iterator[bytes]:
    silent_s, checked_at = 0.0, here.now()
    try:
        while (data := viewer.take(_TAKE_S)) is not None:
            silent_s = 0.0 if data else silent_s + _TAKE_S
            if data:
                yield data
            if silent_s >= SILENCE_S:
                return
            if (here.now() - checked_at).total_seconds() >= RIGHTS_EVERY_S:
                checked_at = here.now()
                if not _may_still_watch(here, token, key):
                    return
    finally:
        here.live.leave(viewer)
        with here.database.writing() as session:
            end_view(session, view, now=here.now())


def _may_still_watch(here: Parts, token: str, key: CameraKey) -> bool:
    with here.database.reading() as session:
        who = sessions.find_viewer(session, token, here.now())
        place = (key.device, key.camera)
        return who is not None and may_see_camera(session, who, Permission.CAMERA_LIVE, place, here.now())


def _note(here: Parts, who: Viewer, key: CameraKey, purpose: Purpose) -> int:
    # A transaction of its own, over before the device is waited for: others write meanwhile.
    now, target = here.now(), f"camera:{key.device}/{key.camera}"
    with here.database.writing() as session:
        get_camera(session, key.device, key.camera, now)
        view = note_view(session, key, account_id=who.account_id, purpose=purpose, now=now)
        audit.append(
            session, at=now, actor=who.name, action="camera.live", target=target, detail=purpose.value
        )
        return view.id


def _refusal_words(detail: str) -> str:
    if "H.264" in detail:
        told: str = _(
            "Kodek kamera tidak didukung peramban. Atur aliran kamera ke H.264 dengan satu bingkai kunci "
            "setiap detik."
        )
    else:
        told = _("Kamera belum dapat ditonton: %(detail)s", detail=detail)
    return told
