"""Following a case by its code: the page, the PIN, the applicant's own files."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking.composition import citizen_pages, files_folder
from hub.cases.asking.pins import check_pin, is_blocked
from hub.cases.asking.receipts import know
from hub.cases.asking.tracking_code import qr_of
from hub.cases.attachments.serving import serve
from hub.cases.definition.stages import Action
from hub.cases.keeping.access import engine
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.numbering import plain_tracking_code
from hub.cases.keeping.records import files_of, state_of, steps_of
from hub.cases.keeping.service import applicant_actor
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import actions_of
from hub.cases.machine.state import Actor
from hub.cases.tracking.access import case_of, find_case, is_applicant
from hub.cases.tracking.following import following_of, labels_of
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("tracking", __name__)

# Ten letters cannot be guessed; this keeps programs from trying all night.
MISSED_PER_ADDRESS = "30 per 10 minutes"
PINS_PER_ADDRESS = "20 per 10 minutes"

Page = str | Response | tuple[str, int]


def _is_missed(response: Response) -> bool:
    return response.status_code in (404, 422)


@blueprint.get("/lacak")
@limiter.limit(MISSED_PER_ADDRESS, deduct_when=_is_missed)
@needs(Permission.PUBLIC)
def find() -> Page:
    """Ask for a tracking code, and lead to its case."""
    typed = request.args.get("kode", "")
    if not typed.strip():
        return render_template("cases/asking/find.html", typed="", is_unknown=False)
    case_found = find_case(db(), typed)
    if case_found is None:
        return render_template("cases/asking/find.html", typed=typed[:40], is_unknown=True), 404
    return redirect(url_for("tracking.case", code=case_found.tracking_code), code=303)


@blueprint.get("/lacak/<code>")
@limiter.limit(MISSED_PER_ADDRESS, deduct_when=_is_missed)
@needs(Permission.PUBLIC)
def case(code: str) -> Page:
    """Show how a case stands; what was asked and handed in only to its applicant."""
    if plain_tracking_code(code) not in ("", code):
        return redirect(url_for("tracking.case", code=plain_tracking_code(code)), code=301)
    found, here = case_of(code), parts()
    definition, steps = of_case(db(), found), steps_of(db(), found)
    is_mine = is_applicant(found)
    follow = following_of(found, definition, steps, now=here.now(), zone=here.zone, language=language())
    return render_template(
        "cases/asking/case.html",
        case=found,
        service=definition,
        follow=follow,
        is_mine=is_mine,
        actions=_actions(found) if is_mine else (),
        documents=citizen_pages().documents(db(), found, here.now()) if is_mine else (),
        files=_own_files(found) if is_mine else (),
        labels=labels_of(definition),
        merged=db().get(CaseRecord, found.merged_into) if found.merged_into else None,
        parts=_parts(found) if is_mine else (),
        qr=qr_of((here.config.notify.address or request.host_url.rstrip("/")) + request.path),
    )


@blueprint.post("/lacak/<code>/pin")
@limiter.limit(PINS_PER_ADDRESS)
@needs(Permission.PUBLIC)
def unlock(code: str) -> Page:
    """Take the PIN of a case; the answer is the same for a case without one."""
    found, now = case_of(code), parts().now()
    if is_blocked(db(), found, now):
        flash(_("PIN salah terlalu sering; coba lagi nanti, atau tanyakan di loket."), "bad")
    elif check_pin(db(), found, request.form.get("pin", ""), now):
        know(found)
    else:
        flash(_("PIN salah. PIN ada di tanda terima, terdiri atas 6 angka."), "bad")
    return redirect(url_for("tracking.case", code=found.tracking_code), code=303)


@blueprint.get("/lacak/<code>/berkas/<int:number>")
@needs(Permission.PUBLIC)
def file(code: str, number: int) -> Response:
    """Give the applicant a file that they handed in, or that came with an answer to them."""
    found = case_of(code)
    row = db().get(CaseFile, number)
    if row is None or row.case_id != found.id or row.is_hidden or not is_applicant(found):
        raise NotFound
    return serve(files_folder(), row.sha256, row.media_type, name=f"{found.number}-{row.id}")


def _parts(found: CaseRecord) -> list[CaseRecord]:
    query = select(CaseRecord).where(CaseRecord.part_of == found.id).order_by(CaseRecord.id)
    return list(db().scalars(query))


def _actions(found: CaseRecord) -> tuple[Action, ...]:
    actor = applicant_actor(found)
    state = state_of(db(), found, now=parts().now(), zone=engine().zone)
    return actions_of(of_case(db(), found), state, Actor(actor.account, actor.roles))


def _own_files(found: CaseRecord) -> list[CaseFile]:
    return [each for each in files_of(db(), found) if each.source == "citizen" and not each.is_hidden]
