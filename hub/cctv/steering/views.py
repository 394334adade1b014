"""Turning a camera from its page: moves while a key is held, presets, and giving it back."""

import msgspec
from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from edge.wire.messages import GoToPreset, Reply, Steer, TellPresets
from hub.cctv.service import get_camera
from hub.cctv.steering.service import Hold, hold_of, is_renewal_due, let_go, may_take, take
from hub.cctv.steering.tours import stop_tours
from hub.errors import NotFoundError
from hub.live.streams import CameraKey
from hub.people import audit
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import Parts, parts

blueprint = Blueprint("steering", __name__)

_MOVE_TIMEOUT_S = 1.5
_PRESET_TIMEOUT_S = 5.0

Answer = tuple[dict[str, object], int]


@blueprint.post("/kamera/<device>/<camera>/kendali/gerak")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def move(device: str, camera: str) -> Answer:
    """Turn as a hand wishes; the page repeats it while a key is held. All zero stops."""
    here, who, key = parts(), signed_in(), CameraKey(device, camera)
    wish = _wish(camera)
    if wish is None:
        return {"detail": _("Arah gerak tidak terbaca.")}, 400
    held = _hold(here, who, key, is_stop=wish == Steer(camera=camera))
    if held is None or held.account_id != who.account_id:
        return _refused(held, here)
    return _answered(here, here.live.ask(device, wish, timeout_s=_MOVE_TIMEOUT_S), held)


@blueprint.post("/kamera/<device>/<camera>/kendali/preset")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def go_to(device: str, camera: str) -> Answer:
    """Turn to a place that the camera remembers."""
    here, who, key = parts(), signed_in(), CameraKey(device, camera)
    token = request.form.get("token", "")
    if not 0 < len(token) <= 64:
        return {"detail": _("Pilih preset lebih dahulu.")}, 400
    held = _hold(here, who, key)
    if held is None or held.account_id != who.account_id:
        return _refused(held, here)
    command = GoToPreset(camera=camera, token=token)
    return _answered(here, here.live.ask(device, command, timeout_s=_PRESET_TIMEOUT_S), held)


@blueprint.post("/kamera/<device>/<camera>/kendali/daftar")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def presets(device: str, camera: str) -> Answer:
    """Ask the camera which places it remembers."""
    here = parts()
    _known(here, CameraKey(device, camera))
    reply = here.live.ask(device, TellPresets(camera=camera), timeout_s=_PRESET_TIMEOUT_S)
    if reply is None or not reply.is_done:
        return _answered(here, reply, None)
    return {"presets": msgspec.json.decode(str(reply.values.get("presets", "[]")))}, 200


@blueprint.post("/kamera/<device>/<camera>/kendali/lepas")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def release(device: str, camera: str) -> Answer:
    """Give the camera back before its time is over."""
    here, who, key = parts(), signed_in(), CameraKey(device, camera)
    with here.database.writing() as session:
        let_go(session, key, account_id=who.account_id)
        _note(session, here, who, key, "camera.let-go")
    return {}, 200


def _hold(here: Parts, who: Viewer, key: CameraKey, *, is_stop: bool = False) -> Hold | None:
    """Return who holds the camera after this request; written only when that changes or runs out."""
    now, has_priority = here.now(), who.may(Permission.CAMERA_PRIORITY)
    with here.database.reading() as session:
        held = hold_of(session, key, now)
    is_ours = may_take(held, account_id=who.account_id, has_priority=has_priority)
    # Letting a key go is no reason to take a camera, nor to keep it.
    if not is_ours or is_stop or not is_renewal_due(held, account_id=who.account_id, now=now):
        return held
    _known(here, key)
    with here.database.writing() as session:
        taken = take(session, key, account_id=who.account_id, has_priority=has_priority, now=now)
        if taken is not None:
            # A hand goes before every round; it begins again when somebody wants it to.
            stop_tours(session, key, now=now)
        if held is None or held.account_id != who.account_id:
            _note(session, here, who, key, "camera.turn")
        return taken


def _note(session: Session, here: Parts, who: Viewer, key: CameraKey, action: str) -> None:
    target = f"camera:{key.device}/{key.camera}"
    audit.append(session, at=here.now(), actor=who.name, action=action, target=target)


def _known(here: Parts, key: CameraKey) -> None:
    with here.database.reading() as session:
        view = get_camera(session, key.device, key.camera, here.now())
    if view.kind != "ptz":
        raise NotFoundError(f"{key.device}/{key.camera} does not turn")


def _wish(camera: str) -> Steer | None:
    try:
        return msgspec.convert(
            {"kind": "steer", "camera": camera}
            | {axis: float(request.form.get(axis, "0")) for axis in ("pan", "tilt", "zoom")},
            Steer,
        )
    except (ValueError, msgspec.ValidationError):
        return None


def _refused(held: Hold | None, here: Parts) -> Answer:
    if held is None:
        return {"detail": ""}, 200  # a key was let go that nobody held
    left_s = held.left_s(here.now())
    words = _("Dikendalikan %(name)s, %(seconds)s detik lagi", name=held.holder, seconds=left_s)
    return {"detail": words, "holder": held.holder, "left_s": left_s}, 409


def _answered(here: Parts, reply: Reply | None, held: Hold | None) -> Answer:
    if reply is None:
        return {"detail": _("Perangkat tidak menjawab.")}, 503
    if not reply.is_done:
        return {"detail": _("Kamera tidak menurut: %(detail)s", detail=reply.detail)}, 409
    return {"left_s": 0 if held is None else held.left_s(here.now())}, 200
