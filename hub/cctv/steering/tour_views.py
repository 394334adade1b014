"""Rounds of a camera's presets on its page: kept, begun, ended; and who holds the camera just now."""

import time
from typing import Any

import msgspec
from flask import Blueprint, Flask, request
from flask_babel import gettext as _

from edge.wire.messages import GoToPreset
from hub.cctv.service import get_camera
from hub.cctv.steering.service import hold_of, let_go, may_take
from hub.cctv.steering.tours import (
    Tour,
    TourError,
    TourGuide,
    begin_tour,
    delete_tour,
    keep_tour,
    read_stops,
    running_tours,
    stop_tours,
    tours_of,
)
from hub.errors import NotFoundError
from hub.live.streams import CameraKey
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import Parts, parts
from hub.web.transaction import db

blueprint = Blueprint("tours", __name__)

Answer = tuple[dict[str, object], int]


def install_tours(app: Flask, here: Parts) -> None:
    """Register the pages, and send cameras round that are on one."""

    def read() -> list[Tour]:
        with here.database.reading() as session:
            return running_tours(session)

    def tell(device: str, command: GoToPreset) -> bool:
        return here.live.calls.tell(device, command)

    here.live.add_chore(TourGuide(read=read, tell=tell, monotonic=time.monotonic).turn)
    app.register_blueprint(blueprint)


@blueprint.get("/kamera/<device>/<camera>/kendali/keadaan")
@needs(Permission.CAMERA_TURN, is_background=True, is_scoped=True)
def standing(device: str, camera: str) -> dict[str, object]:
    """Tell who holds the camera, for how long, and which round it makes."""
    here, who, key = parts(), signed_in(), CameraKey(device, camera)
    held = hold_of(db(), key, here.now())
    tours = tours_of(db(), key)
    return {
        "holder": "" if held is None else held.holder,
        "is_own": held is not None and held.account_id == who.account_id,
        "left_s": 0 if held is None else held.left_s(here.now()),
        "tours": [_shown(tour) for tour in tours],
    }


@blueprint.post("/kamera/<device>/<camera>/kendali/tur")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def keep(device: str, camera: str) -> Answer:
    """Keep a round."""
    here, key, name = parts(), CameraKey(device, camera), request.form.get("nama", "").strip()
    if get_camera(db(), device, camera, here.now()).kind != "ptz":
        raise NotFoundError(f"{device}/{camera} does not turn")
    try:
        stops = read_stops(request.form.get("stops", ""))
        keep_tour(db(), key, name=name, stops=stops, now=here.now())
    except TourError:
        words = _("Tur memerlukan nama, dan 2 sampai 32 preset yang masing-masing 5 sampai 3600 detik.")
        return {"detail": words}, 400
    _note(key, "camera.tour-kept", name)
    return {}, 200


@blueprint.post("/kamera/<device>/<camera>/kendali/tur/<int:number>/mulai")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def begin(device: str, camera: str, number: int) -> Answer:
    """Begin a round; not while somebody else turns the camera."""
    here, who, key = parts(), signed_in(), CameraKey(device, camera)
    held = hold_of(db(), key, here.now())
    has_priority = who.may(Permission.CAMERA_PRIORITY)
    if held is not None and not may_take(held, account_id=who.account_id, has_priority=has_priority):
        left_s = held.left_s(here.now())
        return {
            "detail": _("Dikendalikan %(name)s, %(seconds)s detik lagi", name=held.holder, seconds=left_s)
        }, 409
    let_go(db(), key, account_id=who.account_id)
    tour = begin_tour(db(), key, number, now=here.now())
    _note(key, "camera.tour-begun", tour.name)
    return {}, 200


@blueprint.post("/kamera/<device>/<camera>/kendali/tur/henti")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def end(device: str, camera: str) -> Answer:
    """End the round that the camera makes."""
    key = CameraKey(device, camera)
    stop_tours(db(), key, now=parts().now())
    _note(key, "camera.tour-ended", "")
    return {}, 200


@blueprint.post("/kamera/<device>/<camera>/kendali/tur/<int:number>/hapus")
@needs(Permission.CAMERA_TURN, is_scoped=True)
def forget(device: str, camera: str, number: int) -> Answer:
    """Forget a round."""
    key = CameraKey(device, camera)
    delete_tour(db(), key, number)
    _note(key, "camera.tour-deleted", str(number))
    return {}, 200


def _shown(tour: Tour) -> dict[str, Any]:
    return {
        "id": tour.id,
        "name": tour.name,
        "is_running": tour.is_running,
        "stops": [msgspec.to_builtins(stop) for stop in tour.stops],
    }


def _note(key: CameraKey, action: str, detail: str) -> None:
    target, actor = f"camera:{key.device}/{key.camera}", signed_in().name
    audit.append(db(), at=parts().now(), actor=actor, action=action, target=target, detail=detail)
