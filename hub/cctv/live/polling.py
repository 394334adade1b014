"""The two ways to watch for browsers that ask again and again: low-latency HLS, and single pictures."""

import re

from flask import Blueprint, Response, abort, request

from hub.cctv.live.service import end_view, is_note_due, own_view
from hub.live.hls import HlsWindow
from hub.live.streams import CameraKey
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("live_polling", __name__)

MAIN = "utama"
# A camera is asked for its video first.
_FIRST_S = 6.0
# Three times the longest segment that we make (RFC 8216bis, 6.2.5.2).
_BLOCK_S = 3.0
_PICTURE_S = 3.0
_WHOLE = 1_000_000
_NAME = re.compile(r"(\d{1,9})(?:\.(\d{1,4}))?\.m4s")


@blueprint.get("/kamera/<device>/<camera>/hls/<int:number>/<quality>/index.m3u8")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def playlist(device: str, camera: str, number: int, quality: str) -> Response:
    """List the newest parts; waits for the one that the player names."""
    window = _window(device, camera, number, quality)
    segment = request.args.get("_HLS_msn", type=whole_number)
    part = request.args.get("_HLS_part", _WHOLE, type=whole_number)
    if segment is None:
        is_there = window.await_part(0, 0, _FIRST_S)
    elif window.is_far_off(segment):
        abort(400)
    else:
        is_there = window.await_part(segment, part, _BLOCK_S)
    if window.is_over:
        abort(404)
    if not is_there:
        abort(503)
    return _answer(window.playlist().encode(), "application/vnd.apple.mpegurl")


@blueprint.get("/kamera/<device>/<camera>/hls/<int:number>/<quality>/<name>")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def piece(device: str, camera: str, number: int, quality: str, name: str) -> Response:
    """Serve the beginning, a segment or a part; a part that is announced is waited for."""
    found = _NAME.fullmatch(name)
    if name != "awal.mp4" and found is None:
        abort(404)
    window = _window(device, camera, number, quality)
    data = window.init() if found is None else _media(window, found)
    if data is None:
        abort(404)
    return _answer(data, "video/mp4")


@blueprint.get("/kamera/<device>/<camera>/langsung.jpg")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def picture(device: str, camera: str) -> Response:
    """Serve a picture newer than the one that the page has; 204 when none came."""
    key, number = CameraKey(device, camera), request.args.get("tayang", 0, type=whole_number)
    _attend(key, number)
    after_s = request.args.get("setelah", 0.0, type=float)
    thumb = parts().live.picture(key, view=number, after_s=after_s, timeout_s=_PICTURE_S)
    if thumb is None:
        return Response(status=204)
    response = _answer(thumb.jpeg, "image/jpeg")
    response.headers["X-Came"] = f"{thumb.came_s:.6f}"
    return response


def _window(device: str, camera: str, number: int, quality: str) -> HlsWindow:
    key = CameraKey(device, camera)
    _attend(key, number)
    return parts().live.window(key, view=number, is_main=quality == MAIN)


def _attend(key: CameraKey, number: int) -> None:
    """Refuse whoever did not begin this view; note that it goes on."""
    here, who = parts(), signed_in()
    view = own_view(db(), number, account_id=who.account_id, key=key)
    if is_note_due(view, here.now()):
        with here.database.writing() as session:
            end_view(session, number, now=here.now())


def _media(window: HlsWindow, found: re.Match[str]) -> bytes | None:
    segment = int(found[1])
    if found[2] is None:
        return window.segment(segment)
    part = int(found[2])
    if window.is_far_off(segment) or not window.await_part(segment, part, _BLOCK_S):
        return None
    return window.part(segment, part)


def _answer(data: bytes, kind: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "no-store"
    return response
