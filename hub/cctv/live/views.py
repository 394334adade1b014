"""Watching a camera live: asking for it with a purpose, and the stream."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from edge.wire.messages import Reply
from hub.cctv.live.polling import MAIN
from hub.cctv.live.service import end_view, note_view, own_view
from hub.cctv.live.words import is_helped_by_pictures, is_helped_by_sub, refusal_words
from hub.cctv.service import get_camera
from hub.live import streams
from hub.live.streams import CameraKey
from hub.people import audit, sessions
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.places.purposes import Purpose
from hub.places.reach import may_see_camera
from hub.web.guarding.guard import login_cookie_name, needs, signed_in
from hub.web.parts import Parts, parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("live", __name__)

# A device that says nothing for so long: the browser is told, and asks again.
SILENCE_S = 15.0
# Whoever lost the right to watch is cut off after this at the latest.
RIGHTS_EVERY_S = 30.0
_TAKE_S = 1.0


@blueprint.app_context_processor
def give() -> dict[str, bool]:
    """Let pages know whether a media server is there to be asked."""
    return {"has_whep": bool(parts().config.media.whep)}


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
    number, trouble = _note(here, who, key, purpose)
    way = request.form.get("cara", "mp4")
    is_main = request.form.get("mutu") == MAIN
    if way == "whep" and not here.config.media.whep:
        way = "mp4"
    if way in ("mp4", "hls"):
        refusal = _refusal(here.live.begin(key, is_main=is_main), trouble, is_main=is_main)
        if refusal is not None:
            return refusal
    return {
        "stream": _address(way, key, number, is_main=is_main),
        "count": url_for("live.viewers", device=device, camera=camera),
        "viewers": here.live.viewers_of(key) + 1,
    }, 200


@blueprint.get("/kamera/<device>/<camera>/langsung/penonton")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def viewers(device: str, camera: str) -> dict[str, int]:
    """Tell how many watch now."""
    return {"viewers": parts().live.viewers_of(CameraKey(device, camera))}


def _address(way: str, key: CameraKey, number: int, *, is_main: bool) -> str:
    device, camera = key
    if way == "whep":
        return parts().config.media.whep.format(device=device, camera=camera)
    if way == "jpeg":
        return url_for("live_polling.picture", device=device, camera=camera, tayang=number)
    quality = MAIN if is_main else "biasa"
    if way == "hls":
        return url_for("live_polling.playlist", device=device, camera=camera, number=number, quality=quality)
    return url_for("live.stream", device=device, camera=camera, tayang=number, mutu=quality)


def _refusal(reply: Reply | None, trouble: str, *, is_main: bool) -> tuple[dict[str, Any], int] | None:
    """Return what is answered when there is no video, with what can be had instead; None: there is."""
    if reply is None:
        return {"detail": _("Perangkat tidak menjawab. Gambar terakhir tetap ditampilkan.")}, 503
    if reply.is_done:
        return None
    # A camera whose pictures cannot be decoded is being opened again and again: its own word tells why.
    detail = trouble if "key-frame" in trouble else reply.detail
    said: dict[str, Any] = {"detail": refusal_words(detail)}
    if is_main and is_helped_by_sub(detail):
        said["instead"] = "biasa"
    elif is_helped_by_pictures(detail):
        said["instead"] = "jpeg"
    return said, 409


@blueprint.get("/kamera/<device>/<camera>/langsung.mp4")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def stream(device: str, camera: str) -> Response:
    """Stream a camera as fragmented MP4, for the view that was begun."""
    here, who = parts(), signed_in()
    key = CameraKey(device, camera)
    view = own_view(
        db(), request.args.get("tayang", 0, type=whole_number), account_id=who.account_id, key=key
    )
    token = request.cookies[login_cookie_name(here.config.web.is_behind_tls)]
    viewer = here.live.watch(key, is_main=request.args.get("mutu") == MAIN)
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


def _note(here: Parts, who: Viewer, key: CameraKey, purpose: Purpose) -> tuple[int, str]:
    """Return the number of the view that was noted, and what the camera says of its own trouble."""
    # A transaction of its own, over before the device is waited for: others write meanwhile.
    now, target = here.now(), f"camera:{key.device}/{key.camera}"
    with here.database.writing() as session:
        camera = get_camera(session, key.device, key.camera, now)
        view = note_view(session, key, account_id=who.account_id, purpose=purpose, now=now)
        audit.append(
            session, at=now, actor=who.name, action="camera.live", target=target, detail=purpose.value
        )
        return view.id, camera.detail
