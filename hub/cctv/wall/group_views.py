"""Making groups for walls, and watching up to sixteen cameras of a wall live at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.service import CameraView, list_cameras
from hub.cctv.wall.groups import GroupError, delete_group, keep_group, list_groups
from hub.live.streams import CameraKey
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.purposes import WORDS as PURPOSES
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import N_
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("wall_groups", __name__)

# One connection of HTTP/2 carries so many and more; eyes do not.
MOST_LIVE = 16
_TROUBLES = {
    "name": N_("Kelompok memerlukan nama, paling panjang 60 huruf."),
    "empty": N_("Pilih paling sedikit satu kamera."),
    "many": N_("Sudah ada 60 kelompok; hapus yang tidak dipakai."),
    "taken": N_("Nama itu sudah dipakai kelompok orang lain."),
}


@blueprint.get("/dinding/kelompok")
@needs(Permission.BOARD_SEE)
def groups() -> str:
    """Show all groups, and a form for a new one."""
    return _page(frozenset(), "")


@blueprint.post("/dinding/kelompok")
@needs(Permission.CAMERA_LIVE)
def keep() -> AnyResponse | tuple[str, int]:
    """Keep a group."""
    here, who, name = parts(), signed_in(), request.form.get("nama", "")
    known = {(view.device, view.camera) for view in list_cameras(db(), here.now())}
    wanted = [CameraKey(*key) for key in _named(request.form.getlist("kamera")) if key in known]
    try:
        group = keep_group(db(), name=name, cameras=wanted, account_id=who.account_id, now=here.now())
    except GroupError as error:
        flash(_(_TROUBLES[str(error)]), "bad")
        return _page(frozenset(wanted), name), 422
    audit.append(db(), at=here.now(), actor=who.name, action="wall.group-kept", target=f"group:{group.name}")
    return redirect(url_for("wall.wall", kelompok=group.id), code=303)


@blueprint.post("/dinding/kelompok/<int:number>/hapus")
@needs(Permission.CAMERA_LIVE)
def forget(number: int) -> AnyResponse:
    """Forget a group of one's own; who manages accounts may forget any."""
    who = signed_in()
    delete_group(db(), number, account_id=who.account_id, may_all=who.may(Permission.ACCOUNT_MANAGE))
    audit.append(
        db(), at=parts().now(), actor=who.name, action="wall.group-deleted", target=f"group:{number}"
    )
    return redirect(url_for("wall_groups.groups"), code=303)


@blueprint.get("/dinding/langsung")
@needs(Permission.CAMERA_LIVE)
def live() -> str:
    """Watch up to sixteen cameras live at once, for one purpose."""
    by_key = {(view.device, view.camera): view for view in list_cameras(db(), parts().now())}
    named = [key for key in _named(request.args.getlist("kamera")) if key in by_key]
    cameras = [by_key[key] for key in dict.fromkeys(named)][:MOST_LIVE]
    return render_template("cctv/wall/many.html", cameras=cameras, purposes=PURPOSES, most=MOST_LIVE)


def _named(names: list[str]) -> list[tuple[str, str]]:
    pairs = (name.partition("/") for name in names)
    return [(device, camera) for device, _slash, camera in pairs]


def _page(chosen: frozenset[CameraKey], name: str) -> str:
    cameras: tuple[CameraView, ...] = list_cameras(db(), parts().now())
    chosen_keys = {tuple(key) for key in chosen}
    rows = [(view, (view.device, view.camera) in chosen_keys) for view in cameras]
    return render_template("cctv/wall/groups.html", rows=rows, groups=list_groups(db()), name=name)
