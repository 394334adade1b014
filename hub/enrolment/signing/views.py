"""Looking a device over at its site and signing it off, with a photo."""

import json
from pathlib import Path
from uuid import uuid4

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import JPEG, RefusedUpload
from hub.cases.attachments.serving import serve
from hub.cases.definition.form import FileKind
from hub.enrolment.models import Commissioning
from hub.enrolment.signing.checklist import sights_of, sign_off
from hub.enrolment.signing.looks import automatic_looks
from hub.enrolment.signing.streams import ask_stream, stream_looks
from hub.errors import InputError
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.models import Device, Site
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("sign_off", __name__)

_PATH = "/teknisi/perangkat/<device>/serah-terima"
# One photo as telephones make it, and the form.
_MOST_BYTES = 13 * 1024 * 1024


@blueprint.get(_PATH)
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def sheet(device: str) -> str:
    """Show what the hub sees, what is to be looked at, and earlier sign-offs."""
    return _page(device)


@blueprint.get(f"{_PATH}/terlihat")
@needs(Permission.DEVICE_ENROL, is_scoped=True, is_background=True)
def seen(device: str) -> str:
    """Give what the hub sees now; the sheet asks for it every few seconds."""
    return render_template("enrolment/looks.html", **_sights(_device(device)))


@blueprint.post(_PATH)
@needs(Permission.DEVICE_ENROL, is_scoped=True, upload_bytes=_MOST_BYTES)
def sign(device: str) -> AnyResponse | tuple[str, int]:
    """Sign a device off."""
    _device(device)
    # The photo is drawn anew, which takes a moment: no other writer waits meanwhile.
    roll_back()
    try:
        kept = _photo()
        sign_off(
            db(),
            device,
            ticked=set(request.form.getlist("lihat")),
            note=request.form.get("catatan", "")[:500],
            photo=kept,
            account=signed_in().name,
            now=parts().now(),
        )
    except (InputError, RefusedUpload) as error:
        roll_back()
        return _page(device, mistake=str(error)), 422
    flash(_("Serah terima dicatat. Terima kasih."))
    return redirect(url_for("sign_off.sheet", device=device), code=303)


@blueprint.post(f"{_PATH}/aliran")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def stream(device: str) -> AnyResponse:
    """Ask how a camera codes its stream, or let the device put it right; the answer comes on the page."""
    _device(device)
    now, who = parts().now(), signed_in()
    camera, is_mending = request.form.get("kamera", ""), request.form.get("apa") == "setel"
    if camera not in {look.camera for look in stream_looks(db(), device, now)}:
        abort(404)
    ask_stream(
        db(),
        device,
        camera,
        is_mending=is_mending,
        correlation=uuid4().hex,
        now=now,
        account=who.account_id,
    )
    if is_mending:
        target = f"camera:{device}/{camera}"
        audit.append(db(), at=now, actor=who.name, action="camera.mend-stream", target=target)
    flash(_("Perangkat ditanya; jawabannya tampil di sini dalam beberapa detik."))
    return redirect(url_for("sign_off.sheet", device=device), code=303)


@blueprint.get("/teknisi/perangkat/<device>/serah-terima/<int:number>/foto")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def photo(device: str, number: int) -> Response:
    """Serve the photo of a sign-off."""
    row = db().get(Commissioning, number)
    if row is None or row.device != device:
        abort(404)
    return serve(_folder(), row.photo, JPEG, name=f"serah-terima-{number}")


def _page(device: str, *, mistake: str = "") -> str:
    row = _device(device)
    done = select(Commissioning).where(Commissioning.device == device).order_by(Commissioning.at.desc())
    return render_template(
        "enrolment/sign_off.html",
        **_sights(row),
        site=db().get_one(Site, row.site),
        by_eye=sights_of(db(), device),
        done=[(one, _seen(one)) for one in db().scalars(done.limit(10))],
        mistake=mistake,
        ticked=set(request.form.getlist("lihat")),
        note=request.form.get("catatan", ""),
    )


def _sights(device: Device) -> dict[str, object]:
    now = parts().now()
    return {
        "device": device,
        "looks": automatic_looks(db(), device.id, now),
        "streams": stream_looks(db(), device.id, now),
    }


def _seen(row: Commissioning) -> list[dict[str, object]]:
    """Return what the hub saw at a sign-off; those before it was kept with its figures have none."""
    seen = json.loads(row.checks_json).get("seen", [])
    return seen if isinstance(seen, list) else []


def _photo() -> str:
    file = request.files.get("foto")
    if file is None or not file.filename:
        return ""
    return keep_upload(file.stream, kinds=(FileKind.IMAGE,), folder=_folder()).sha256


def _folder() -> Path:
    return Path(parts().config.folder) / "commissioning"


def _device(device: str) -> Device:
    row = db().get(Device, device)
    if row is None or row.is_retired:
        abort(404)
    return row
