"""Marking a finding: a picture is taken out with a purpose, a place is marked on it, and it is sent."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.events.models import CameraEvent
from hub.cctv.findings import access
from hub.cctv.findings.desk import Marked, opds_by_name
from hub.cctv.findings.kinds import WORDS, FindingKind, suggested
from hub.cctv.findings.rules import Act
from hub.cctv.findings.telling import tell
from hub.cctv.pictures import store
from hub.cctv.pictures.looks import note_look, own_look, purpose_of
from hub.cctv.pictures.models import PictureLook
from hub.cctv.pictures.photo import MAX_BODY_BYTES, MAX_PHOTO_BYTES, Box, redrawn
from hub.cctv.service import CameraView, get_camera
from hub.errors import InputError, NotFoundError
from hub.ingest.models import Still
from hub.ingest.pictures.stills import still_path
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("findings", __name__)

_SIDES = ("sebelum", "sesudah")


@blueprint.post("/temuan/ambil")
@needs(Permission.FINDING_MAKE, upload_bytes=MAX_BODY_BYTES)
def start() -> AnyResponse:
    """Take a picture out: of an event, of the live video the viewer sees, or the newest still."""
    try:
        look = _taken_out()
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(_back(), code=303)
    noted = note_look(db(), look, actor=signed_in().name)
    return redirect(url_for("findings.draw", look=noted.id), code=303)


@blueprint.get("/temuan/baru/<int:look>")
@needs(Permission.FINDING_MAKE)
def draw(look: int) -> str:
    """Show the picture that was taken out, to mark a place on it."""
    found = own_look(db(), look, account_id=signed_in().account_id, now=parts().now())
    opds = opds_by_name(db())
    rules, named = access.rules(), [(opd.number, opd.name) for opd in opds]
    return render_template(
        "cctv/findings/draw.html",
        look=found,
        camera=_camera(found.device, found.camera),
        kinds=WORDS,
        opds=opds,
        suggestions={kind.value: suggested(rules, kind, named) for kind in FindingKind},
        days={kind.value: rules[kind].due_days for kind in FindingKind},
    )


@blueprint.get("/temuan/baru/<int:look>/gambar.jpg")
@needs(Permission.FINDING_MAKE, is_background=True)
def taken(look: int) -> Response:
    """Give the picture that was taken out, to who took it."""
    found = own_look(db(), look, account_id=signed_in().account_id, now=parts().now())
    response = send_file(store.find(_folder(), found.digest), mimetype="image/jpeg", max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/temuan/baru/<int:look>")
@needs(Permission.FINDING_MAKE)
def make(look: int) -> AnyResponse:
    """Keep the finding, and send it when an OPD was chosen."""
    now = parts().now()
    try:
        found = own_look(db(), look, account_id=signed_in().account_id, now=now)
        finding = access.desk().make(found, _marked())
    except NotFoundError:
        roll_back()
        flash(_("Gambarnya sudah tidak tersedia; buka kameranya, lalu tandai lagi."), "bad")
        return redirect(url_for("finding_register.listing"), code=303)
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(url_for("findings.draw", look=look), code=303)
    link = url_for("finding_register.show", finding=finding.id)
    if finding.opd is not None:
        tell(db(), access.register().one(finding.id), Act.SEND, link=link, now=now)
        flash(_("Temuan %(number)s dikirim.", number=finding.id))
    else:
        flash(_("Temuan %(number)s disimpan; belum dikirim ke OPD.", number=finding.id))
    return redirect(link, code=303)


def _taken_out() -> PictureLook:
    event, upload = request.form.get("peristiwa", type=whole_number), request.files.get("bingkai")
    purpose, now = purpose_of(request.form.get("tujuan", "")), parts().now()
    look = PictureLook(account_id=signed_in().account_id, purpose=purpose.value, at=now)
    if event is not None:
        _from_event(look, event)
        return look
    view = _camera(request.form.get("perangkat", ""), request.form.get("kamera", ""))
    look.device, look.camera = view.device, view.camera
    frame = upload.read(MAX_PHOTO_BYTES + 1) if upload is not None else b""
    if frame:
        look.source, look.taken_at = "live", now
        look.digest = store.keep(_folder(), redrawn(frame))
    else:
        _from_newest(look)
    return look


def _from_event(look: PictureLook, number: int) -> None:
    event = db().get(CameraEvent, number)
    if event is None:
        raise NotFoundError(f"event {number}")
    is_before = request.form.get("sisi") == _SIDES[0]
    digest, at = (event.before, event.before_at) if is_before else (event.after, event.after_at)
    if not digest or at is None:
        raise InputError("Gambar peristiwa ini sudah tidak disimpan; tandai dari gambar lain.")
    look.device, look.camera, look.event = event.device, event.camera, event.id
    look.source, look.digest, look.taken_at = "event", digest, at


def _from_newest(look: PictureLook) -> None:
    still, path = db().get(Still, (look.device, look.camera)), still_path(_folder(), look.device, look.camera)
    if still is None or not path.is_file():
        raise InputError("Kamera ini belum punya gambar; ambil gambar lebih dahulu, lalu tandai.")
    look.source, look.taken_at = "still", still.taken_at
    look.digest = store.keep(_folder(), path.read_bytes())


def _marked() -> Marked:
    sides = [access.number_field(name) for name in ("kiri", "atas", "lebar", "tinggi")]
    left, top, width, height = (0.0 if side is None else side / 100 for side in sides)
    try:
        kind = FindingKind(request.form.get("jenis", ""))
    except ValueError as error:
        raise InputError("Pilih jenis temuannya.") from error
    is_sent = request.form.get("kirim") == "ya"
    return Marked(
        box=Box(left, top, width, height),
        kind=kind,
        note=request.form.get("keterangan", ""),
        # Zero is no OPD: whoever wants to send must choose one.
        opd=request.form.get("opd", 0, type=whole_number) if is_sent else None,
        due_on=access.day_field("tenggat"),
    )


def _camera(device: str, camera: str) -> CameraView:
    return get_camera(db(), device, camera, parts().now())


def _back() -> str:
    event = request.form.get("peristiwa", type=whole_number)
    if event is not None:
        return url_for("camera_events.show", event=event)
    device, camera = request.form.get("perangkat"), request.form.get("kamera")
    if device and camera:
        return url_for("cctv.camera", device=device, camera=camera)
    return url_for("finding_register.listing")


def _folder() -> Path:
    return Path(parts().config.folder)
