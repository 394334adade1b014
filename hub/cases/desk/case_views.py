"""/berkas/<number>: one case, and the actions and opinions that the machine offers the viewer."""

from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.claims import Claims, claims_for
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.attachments.serving import serve
from hub.cases.attachments.store import folder_of
from hub.cases.desk.acting import ActionForm, handed_of, opds_offered, people_offered
from hub.cases.desk.page import CasePage, page_of
from hub.cases.desk.panels import panels_of
from hub.cases.desk.wording import REFUSALS, ward_name
from hub.cases.forms.filled import Filled
from hub.cases.forms.reading import read_form
from hub.cases.keeping.access import engine
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.seeing import may_read
from hub.cases.keeping.service import act_on, case_for, opine
from hub.cases.letters.signing.proof import is_proof
from hub.cases.machine.rules import Refusal, Refused
from hub.cases.status_words import STATUS_WORDS
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import is_refusal, limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("case_page", __name__)

# As for letters: nobody gets to try many PINs.
_TRIES = "5 per 10 minutes"
_MOST_NOTE = 4000


def _signer() -> str:
    return f"sign:{signed_in().account_id}"


@blueprint.get("/berkas/<case_number>")
@needs(Permission.CASE_SEE, is_scoped=True)
def show(case_number: str) -> str:
    """Show a case."""
    return _drawn(_page(case_number))


@blueprint.get("/berkas/<case_number>/lampiran/<int:file>")
@needs(Permission.CASE_SEE, is_background=True, is_scoped=True)
def attachment(case_number: str, file: int) -> Response:
    """Give a file of a case."""
    case = _case(case_number)
    row = db().get(CaseFile, file)
    if row is None or row.case_id != case.id or row.is_hidden:
        abort(404)
    if not may_read(db(), case, account_id=signed_in().account_id, now=parts().now()):
        abort(404)
    return serve(_folder(), row.sha256, row.media_type, name=f"{case.number}-{row.requirement}-{row.id}")


@blueprint.get("/berkas/<case_number>/tindakan/<action>")
@needs(Permission.CASE_ACT, is_scoped=True)
def prepare(case_number: str, action: str) -> str:
    """Show what an action asks for."""
    page = _page(case_number)
    form = _form(page, action)
    if form is None:
        abort(404)
    return _form_drawn(page, form, Filled(note=request.args.get("catatan", "")[:_MOST_NOTE]))


@blueprint.post("/berkas/<case_number>/tindakan/<action>")
@limiter.limit(_TRIES, key_func=_signer, deduct_when=is_refusal)
@needs(Permission.CASE_ACT, is_scoped=True, upload_bytes=MAX_BODY_BYTES)
def act(case_number: str, action: str) -> AnyResponse | tuple[str, int]:
    """Do it; what cannot be done comes back with everything that was typed."""
    page = _page(case_number)
    form = _form(page, action)
    if form is None:
        return _grown_old(page)
    claims = _claims(page.case)
    # Pictures are drawn anew in here, which takes a moment: no other writer waits meanwhile.
    roll_back()
    filled = read_form(
        request.form,
        request.files,
        fields=form.fields,
        requirements=form.requirements,
        claims=claims,
        folder=_folder(),
    )
    page = _page(case_number)
    form = _form(page, action)
    if form is None:
        return _grown_old(page)
    if filled.faults:
        return _form_drawn(page, form, filled), 422
    proof = request.form.get("bukti", "")[:200]
    is_signed = bool(proof) and is_proof(db(), signed_in().account_id, proof)
    if form.action.is_signature and not is_signed:
        return _form_drawn(page, form, filled, proof_fault=_wrong_proof(proof)), 401
    said = act_on(
        db(),
        engine=engine(),
        case=page.case,
        actor=page.actor,
        action=action,
        given=filled.given,
        handed=handed_of(request.form, filled, is_signed=is_signed),
        seen=request.form.get("revisi", default=-1, type=whole_number),
        now=parts().now(),
    )
    if isinstance(said, Refused):
        roll_back()
        return _refused(case_number, action, said, filled)
    flash(_("Berkas %(number)s: %(what)s.", number=said.number, what=form.action.label))
    return redirect(_after(said), code=303)


@blueprint.post("/berkas/<case_number>/pertimbangan/<opinion>")
@needs(Permission.CASE_ACT, is_scoped=True)
def give_opinion(case_number: str, opinion: str) -> AnyResponse | tuple[str, int]:
    """Keep a technical opinion."""
    page = _page(case_number)
    if request.form.get("pendapat") not in ("ya", "tidak"):
        return _drawn(page, _("Pilih setuju atau tidak setuju.")), 422
    said = opine(
        db(),
        engine=engine(),
        case=page.case,
        actor=page.actor,
        opinion=opinion,
        is_favourable=request.form.get("pendapat") == "ya",
        note=request.form.get("catatan", "")[:_MOST_NOTE],
        now=parts().now(),
    )
    if isinstance(said, Refused):
        roll_back()
        return _drawn(_page(case_number), _(REFUSALS[said.reason])), 422
    flash(_("Pertimbangan disimpan."))
    return redirect(url_for("case_page.show", case_number=case_number), code=303)


def _grown_old(page: CasePage) -> tuple[str, int]:
    """Answer who pressed on a page that has grown old: the case is elsewhere now, or somebody else's."""
    return _drawn(page, _(REFUSALS[Refusal.CHANGED_MEANWHILE])), 422


def _refused(case_number: str, action: str, said: Refused, filled: Filled) -> tuple[str, int]:
    """Show the form again with what stands in the way, or the case as it is now."""
    page = _page(case_number)
    form = _form(page, action)
    words = " ".join([_(REFUSALS[said.reason]), *(fault.text for fault in said.faults if not fault.field)])
    if form is None or said.reason is Refusal.CHANGED_MEANWHILE:
        return _drawn(page, words), 422
    named = [fault for fault in said.faults if fault.field]
    again = filled.with_faults(named).with_missing(said.missing, page.definition.requirements)
    return _form_drawn(page, form, again, words=words), 422


def _drawn(page: CasePage, words: str = "") -> str:
    return render_template(
        "cases/desk/case.html",
        page=page,
        case=page.case,
        panels=panels_of(page),
        statuses=STATUS_WORDS,
        ward_name=ward_name,
        words=words,
    )


def _form_drawn(
    page: CasePage, form: ActionForm, filled: Filled, *, words: str = "", proof_fault: str = ""
) -> str:
    now = parts().now()
    return render_template(
        "cases/desk/action.html",
        page=page,
        case=page.case,
        form=form,
        drawn=form.drawn(page.case, filled, _claims(page.case)),
        words=words,
        proof_fault=proof_fault,
        typed=request.form,
        opds=opds_offered(db(), page, form),
        people=people_offered(db(), page, form, now),
    )


def _form(page: CasePage, action: str) -> ActionForm | None:
    offered = next((each.action for each in page.offers if each.action.id == action), None)
    return None if offered is None else ActionForm.of(page.definition, offered)


def _page(case_number: str) -> CasePage:
    here = parts()
    return page_of(db(), _case(case_number), signed_in(), now=here.now(), zone=here.zone)


def _case(case_number: str) -> CaseRecord:
    found = case_for(db(), signed_in(), case_number, now=parts().now())
    if found is None:
        abort(404)
    return found


def _after(case: CaseRecord) -> str:
    """Return where to go on: the case, while it can be seen; a liaison who sent it back sees it no more."""
    is_outside = request.form.get("kembali") == "lapangan"
    if case_for(db(), signed_in(), case.number, now=parts().now()) is None:
        return url_for("field.listing" if is_outside else "case_desk.inbox")
    if is_outside:
        return url_for("field.task", case_number=case.number)
    return url_for("case_page.show", case_number=case.number)


def _wrong_proof(typed: str) -> str:
    return str(_("PIN atau kata sandi tidak cocok.") if typed else _(REFUSALS[Refusal.SIGNATURE_MISSING]))


def _claims(case: CaseRecord) -> Claims:
    return claims_for(f"case {case.id}")


def _folder() -> Path:
    return folder_of(parts().config.folder)
