"""/lapangan: tasks on a phone, and one page a task with facts, way there, photos and large buttons."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.attachments.door import MAX_BODY_BYTES, keep_upload
from hub.cases.attachments.kept import RefusedUpload
from hub.cases.attachments.store import folder_of
from hub.cases.definition.form import FileKind
from hub.cases.desk.page import CasePage, page_of
from hub.cases.desk.wording import ward_name
from hub.cases.field.photos import add_photo, slots_of
from hub.cases.field.tasks import Point, tasks_of, ward_point
from hub.cases.keeping.service import case_for
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("field", __name__)

_MOST_NORTH, _MOST_EAST = 90.0, 180.0
_MOST_LETTERS = 24


@blueprint.get("/lapangan")
@needs(Permission.CASE_ACT, is_scoped=True)
def listing() -> str:
    """Show the viewer's open tasks: the nearest first when they say where they are, else the most urgent."""
    near, ward = _near(), request.args.get("dari", "")[:13]
    here = near or ward_point(ward)
    tasks = tasks_of(db(), account_id=signed_in().account_id, near=here, now=parts().now())
    wards = sorted({task.case.kelurahan for task in tasks if task.case.kelurahan}, key=ward_name)
    return render_template(
        "cases/field/listing.html",
        tasks=tasks,
        wards=wards,
        ward=ward if near is None else "",
        is_near=here is not None,
        ward_name=ward_name,
    )


@blueprint.get("/lapangan/<case_number>")
@needs(Permission.CASE_ACT, is_scoped=True)
def task(case_number: str) -> str:
    """Show one task."""
    return _drawn(_page(case_number))


@blueprint.post("/lapangan/<case_number>/foto")
@needs(Permission.CASE_ACT, is_scoped=True, upload_bytes=MAX_BODY_BYTES)
def photo(case_number: str) -> Response | tuple[str, int]:
    """Add one photo."""
    if not slots_of(db(), _page(case_number)):
        abort(404)
    # Photos are drawn anew in here, which takes a moment: no other writer waits meanwhile.
    roll_back()
    upload = request.files.get("foto")
    if upload is None or not upload.filename:
        return _drawn(_page(case_number), _("Pilih atau ambil fotonya dahulu.")), 422
    here = parts()
    try:
        kept = keep_upload(upload.stream, kinds=(FileKind.IMAGE,), folder=folder_of(here.config.folder))
        added = add_photo(
            db(),
            _page(case_number),
            request.form.get("untuk", "")[:32],
            kept,
            viewer=signed_in(),
            now=here.now(),
            zone=here.zone,
        )
    except RefusedUpload as refused:
        return _drawn(_page(case_number), _("Foto %(why)s.", why=refused.reason)), 422
    except InputError as error:
        roll_back()
        return _drawn(_page(case_number), str(error)), 422
    flash(_("%(what)s ditambahkan.", what=added.label))
    return redirect(url_for("field.task", case_number=case_number), code=303)


def _drawn(page: CasePage, words: str = "") -> str:
    return render_template(
        "cases/field/task.html",
        page=page,
        case=page.case,
        slots=slots_of(db(), page),
        ward_name=ward_name,
        words=words,
    )


def _page(case_number: str) -> CasePage:
    here = parts()
    case = case_for(db(), signed_in(), case_number, now=here.now())
    if case is None:
        abort(404)
    return page_of(db(), case, signed_in(), now=here.now(), zone=here.zone)


def _near() -> Point | None:
    """Return where the phone says it is; anything that is no place is no place."""
    try:
        latitude = float(request.args.get("lat", "")[:_MOST_LETTERS])
        longitude = float(request.args.get("lon", "")[:_MOST_LETTERS])
    except ValueError:
        return None
    is_on_earth = abs(latitude) <= _MOST_NORTH and abs(longitude) <= _MOST_EAST
    return (latitude, longitude) if is_on_earth else None
