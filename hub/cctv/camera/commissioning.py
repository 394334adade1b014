"""Setting a camera up: drawing over its still, versions of its settings, and checks with the device.

What is saved travels by ingest; this page only says how far it came.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from edge.wire.messages import (
    Command,
    CountWithMe,
    GoToPreset,
    LearnScale,
    SaveBackground,
    ShowOverlay,
    TakeStill,
    TellPresets,
    TellSettings,
)
from hub.cctv.camera.progress import Progress, progress_of
from hub.cctv.service import get_camera
from hub.errors import InputError, NotFoundError
from hub.ingest.models import DeviceCommand
from hub.ingest.saying.commands import ask_device
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.settings import service as settings
from hub.web.answers import answer_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("commissioning", __name__)

COUNT_S = 60.0
OVERLAY_S = 60.0
MOST_TOKEN_LETTERS = 64
_LIFE = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Shown:
    """One version in the history."""

    version: int
    author: str
    note: str
    at: datetime
    is_newest: bool


@blueprint.get("/kamera/<device>/<camera>/atur")
@needs(Permission.CAMERA_SET_UP)
def setup(device: str, camera: str) -> str:
    """Show the page on which a camera is set up."""
    view = get_camera(db(), device, camera, parts().now())
    history = settings.history_of(db(), device, camera)
    newest = history[0] if history else None
    progress = progress_of(db(), device, newest)
    return render_template(
        "cctv/setup.html",
        camera=view,
        progress=progress,
        progress_words=words_of(progress),
        body=newest.body if newest is not None else "",
        history=[Shown(r.version, r.author, r.note, r.at, r is newest) for r in history],
        count_s=COUNT_S,
    )


@blueprint.post("/kamera/<device>/<camera>/atur")
@needs(Permission.CAMERA_SET_UP)
def save(device: str, camera: str) -> AnyResponse | tuple[AnyResponse, int]:
    """Save what was drawn as a new version."""
    here, who = parts(), signed_in()
    get_camera(db(), device, camera, here.now())
    try:
        row = settings.save_version(
            db(),
            device=device,
            camera=camera,
            settings=request.form.get("setelan", ""),
            based_on=request.form.get("dasar", 0, type=whole_number),
            author=who.name,
            note=request.form.get("catatan", ""),
            now=here.now(),
        )
    except InputError as error:
        roll_back()
        return _refused(device, camera, str(error))
    _note(device, camera, "camera.settings-save", f"version {row.version}")
    if _wants_json():
        return jsonify(version=row.version)
    flash(_("Versi %(version)s disimpan dan dikirim ke perangkat.", version=row.version))
    return _back(device, camera)


@blueprint.post("/kamera/<device>/<camera>/atur/kembali")
@needs(Permission.CAMERA_SET_UP)
def go_back(device: str, camera: str) -> AnyResponse | tuple[AnyResponse, int]:
    """Save the settings of an old version again."""
    here, who = parts(), signed_in()
    get_camera(db(), device, camera, here.now())
    version = request.form.get("versi", 0, type=whole_number)
    try:
        row = settings.return_to(
            db(), device=device, camera=camera, version=version, author=who.name, now=here.now()
        )
    except NotFoundError:
        return _refused(device, camera, _("Versi itu tidak ada."))
    _note(device, camera, "camera.settings-return", f"version {row.version} as {version}")
    flash(_("Setelan versi %(old)s dikirim lagi sebagai versi %(new)s.", old=version, new=row.version))
    return _back(device, camera)


@blueprint.get("/kamera/<device>/<camera>/atur/kini")
@needs(Permission.CAMERA_SET_UP, is_background=True)
def present(device: str, camera: str) -> AnyResponse:
    """Give what changes on the page: the newest still, and how far the newest version came."""
    view = get_camera(db(), device, camera, parts().now())
    progress = progress_of(db(), device, settings.newest_of(db(), device, camera))
    still = None
    if view.still_version is not None:
        still = url_for("cctv.still", device=device, camera=camera, v=view.still_version)
    return jsonify(
        still=still,
        still_at=view.still_at.isoformat() if view.still_at is not None else None,
        now=parts().now().isoformat(),
        step=progress.step,
        words=words_of(progress),
    )


@blueprint.post("/kamera/<device>/<camera>/atur/minta")
@needs(Permission.CAMERA_SET_UP)
def ask(device: str, camera: str) -> AnyResponse | tuple[AnyResponse, int]:
    """Ask the device for something; the answer is fetched by its number."""
    here, who = parts(), signed_in()
    get_camera(db(), device, camera, here.now())
    command = _command(request.form.get("apa", ""), camera, request.form.get("token", ""))
    if command is None:
        return _refused(device, camera, _("Permintaan itu tidak dikenal."))
    row = ask_device(
        db(),
        device=device,
        command=command,
        correlation=uuid4().hex,
        now=here.now(),
        asked_by=who.account_id,
        life=_LIFE,
    )
    db().flush()
    _note(device, camera, f"camera.{request.form['apa']}")
    if _wants_json():
        return jsonify(id=row.id)
    flash(_("Permintaan dikirim ke perangkat."))
    return _back(device, camera)


@blueprint.get("/kamera/<device>/<camera>/atur/jawaban/<int:command_id>")
@needs(Permission.CAMERA_SET_UP, is_background=True)
def answer(device: str, camera: str, command_id: int) -> AnyResponse:
    """Give how a command stands."""
    is_it = (DeviceCommand.id == command_id, DeviceCommand.device == device)
    command = db().scalars(select(DeviceCommand).where(*is_it)).first()
    if command is None:
        return jsonify(standing="unknown", is_open=False)
    found = answer_of(command, parts().now())
    return jsonify(
        standing=found.standing,
        is_open=found.standing.is_open,
        detail=found.detail,
        values=found.values,
        sent_at=command.sent_at.isoformat() if command.sent_at is not None else None,
        now=parts().now().isoformat(),
    )


def words_of(progress: Progress) -> str:
    """Return how far the newest version came, for a person."""
    texts = {
        "none": _("Belum ada setelan dari hub; perangkat memakai edge.toml."),
        "in-force": _("Versi %(newest)s berlaku di perangkat.", newest=progress.newest),
        "waiting": _("Versi %(newest)s menunggu perangkat …", newest=progress.newest),
        "away": _("Perangkat luring; versi %(newest)s dikirim saat ia kembali.", newest=progress.newest),
        "refused": _("Perangkat menolak versi %(newest)s.", newest=progress.newest),
        "rolled-back": _(
            "Kamera gagal dengan versi %(newest)s; perangkat kembali ke versi sebelumnya.",
            newest=progress.newest,
        ),
    }
    return f"{texts[progress.step]} {progress.detail}".strip()


def _command(what: str, camera: str, token: str) -> Command | None:
    if what == "go-to-preset" and 0 < len(token) <= MOST_TOKEN_LETTERS:
        return GoToPreset(camera=camera, token=token)
    commands: dict[str, Command] = {
        "take-still": TakeStill(camera=camera),
        "tell-settings": TellSettings(camera=camera),
        "learn-scale": LearnScale(camera=camera),
        "save-background": SaveBackground(camera=camera),
        "count-with-me": CountWithMe(camera=camera, duration_s=COUNT_S),
        "show-overlay": ShowOverlay(camera=camera, lease_s=OVERLAY_S),
        "tell-presets": TellPresets(camera=camera),
        "hide-overlay": ShowOverlay(camera=camera, lease_s=0),
    }
    return commands.get(what)


def _refused(device: str, camera: str, text: str) -> AnyResponse | tuple[AnyResponse, int]:
    if _wants_json():
        answer: Any = jsonify(error=text)
        return answer, 422
    flash(text, "bad")
    return _back(device, camera)


def _note(device: str, camera: str, action: str, detail: str = "") -> None:
    target = f"camera:{device}/{camera}"
    audit.append(db(), at=parts().now(), actor=signed_in().name, action=action, target=target, detail=detail)


def _back(device: str, camera: str) -> AnyResponse:
    return redirect(url_for("commissioning.setup", device=device, camera=camera), code=303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
