"""What officers do with a complaint besides its way: camera pictures, joining, splitting, public words."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.asking.once import begin_sending
from hub.cases.attachments.store import folder_of
from hub.cases.complaints.here import stills
from hub.cases.complaints.triage import joining, moderation
from hub.cases.complaints.triage.stills import attach_still, keep_still, newest_still
from hub.cases.definition.service import Family
from hub.cases.desk.wording import REFUSALS
from hub.cases.keeping.access import engine
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.seeing import case_for
from hub.cases.keeping.service import actor_for
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Refusal
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("complaint_desk", __name__)


@blueprint.post("/berkas/<case_number>/kamera")
@needs(Permission.CAMERA_STILL)
def take_still(case_number: str) -> AnyResponse:
    """Attach the newest picture of a camera that sees the place."""
    device, _slash, camera = request.form.get("kamera", "").partition("/")
    purpose, who, now = request.form.get("tujuan", ""), signed_in(), parts().now()

    def attach() -> str:
        with parts().database.writing() as noting:
            case = _case_in(noting, case_number)
            taken = newest_still(
                noting, case, stills(), device=device, camera=camera, purpose=purpose, viewer=who, now=now
            )
        # Drawn anew between the two transactions: no other writer waits meanwhile.
        kept = keep_still(taken, folder_of(parts().config.folder))
        attach_still(
            db(),
            _case(case_number),
            kept,
            device=device,
            camera=camera,
            is_after=request.form.get("saat") == "sesudah",
            purpose=purpose,
            taken_at=taken.taken_at,
            viewer=who,
            now=now,
        )
        return str(_("Gambar kamera %(camera)s dilampirkan.", camera=camera))

    return _told(case_number, attach)


@blueprint.post("/berkas/<case_number>/gabung")
@needs(Permission.COMPLAINT_MODERATE)
def join(case_number: str) -> AnyResponse:
    """Close a complaint as part of another."""
    case = _case(case_number)

    def joined() -> str:
        now = parts().now()
        target = joining.join(
            db(),
            engine(),
            case,
            into=request.form.get("ke", "")[:24],
            actor=actor_for(db(), case=case, viewer=signed_in(), now=now),
            seen=request.form.get("revisi", default=-1, type=whole_number),
            now=now,
        )
        return str(_("%(number)s digabung dengan %(into)s.", number=case_number, into=target.number))

    return _told(case_number, joined)


@blueprint.post("/berkas/<case_number>/pisah")
@needs(Permission.COMPLAINT_MODERATE)
def split(case_number: str) -> AnyResponse:
    """File what else a complaint is about as one of its own, once, however often the form is sent."""
    case = _case(case_number)

    def apart() -> str:
        now = parts().now()
        sending = begin_sending(db(), request.form.get("kiriman", ""), now)
        if sending.case_id is not None:
            made = db().get_one(CaseRecord, sending.case_id)
        else:
            if case.revision != request.form.get("revisi", default=-1, type=whole_number):
                raise InputError(_(REFUSALS[Refusal.CHANGED_MEANWHILE]))
            made = joining.split(
                db(),
                engine(),
                case,
                of_case(db(), case),
                category=request.form.get("category", ""),
                text=request.form.get("text", ""),
                actor=actor_for(db(), case=case, viewer=signed_in(), now=now),
                now=now,
            )
            sending.case_id = made.id
        return str(_("Bagian itu menjadi laporan %(number)s.", number=made.number))

    return _told(case_number, apart)


@blueprint.post("/berkas/<case_number>/moderasi")
@needs(Permission.COMPLAINT_MODERATE)
def moderate(case_number: str) -> AnyResponse:
    """Let the public read other words, or nothing of it; the original stays."""
    case = _case(case_number)

    def reworded() -> str:
        moderation.reword(
            db(),
            case,
            title=request.form.get("title", ""),
            text=request.form.get("text", ""),
            is_hidden=request.form.get("sembunyikan") == "ya",
            reason=request.form.get("alasan", ""),
            who=signed_in(),
            now=parts().now(),
        )
        return str(_("Yang dibaca umum sudah disunting; aslinya tetap tersimpan."))

    return _told(case_number, reworded)


@blueprint.post("/berkas/<case_number>/foto/<int:file>/tampilan")
@needs(Permission.COMPLAINT_MODERATE)
def photo(case_number: str, file: int) -> AnyResponse:
    """Hide a photo, or show it again."""
    case, is_hidden = _case(case_number), request.form.get("sembunyikan") == "ya"

    def changed() -> str:
        moderation.show_photo(db(), case, file, is_hidden=is_hidden, who=signed_in(), now=parts().now())
        return str(_("Foto disembunyikan.") if is_hidden else _("Foto ditampilkan lagi."))

    return _told(case_number, changed)


def _told(case_number: str, act: Callable[[], str]) -> AnyResponse:
    """Do something and say what came of it on the case's page; a refusal leaves nothing behind."""
    try:
        flash(act())
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
    return redirect(url_for("case_page.show", case_number=case_number), code=303)


def _case(case_number: str) -> CaseRecord:
    return _case_in(db(), case_number)


def _case_in(session: Session, case_number: str) -> CaseRecord:
    found = case_for(session, signed_in(), case_number, now=parts().now())
    if found is None or found.family != Family.COMPLAINT:
        abort(404)
    return found
