"""/definisi/draf/<n>/…: how it will look, how past cases would go, offering, publishing, putting away."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.claims import Claims
from hub.cases.desk.wording import REFUSALS
from hub.cases.editor.faults import all_labels
from hub.cases.editor.preview import sample_letter
from hub.cases.editor.screen import hand, open_draft
from hub.cases.editor.service import discard_draft, offer_draft, others_may_publish, publish_draft
from hub.cases.editor.simulation.trying import MOST_CASES, try_on_past
from hub.cases.editor.views import draft_drawn
from hub.cases.forms.filled import Filled
from hub.cases.forms.page import page_of
from hub.cases.keeping.access import engine
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("definition_publishing", __name__)

_USUAL_CASES = 50


@blueprint.get("/definisi/draf/<int:draft>/formulir")
@needs(Permission.DEFINITION_MANAGE)
def form(draft: int) -> str:
    """Show the form as citizens will see it; it sends nothing."""
    shown = open_draft(draft)
    service = shown.checked.definition
    page = None
    if service is not None:
        claims = Claims(str(current_app.config["SECRET_KEY"]), f"preview {draft}")
        page = page_of(service.first_form, service.first_files, Filled(), claims=claims)
    return render_template("cases/editor/form.html", draft=shown, service=service, page=page)


@blueprint.get("/definisi/draf/<int:draft>/surat.pdf")
@needs(Permission.DEFINITION_MANAGE)
def letter(draft: int) -> Response:
    """Give the letter with made-up answers, marked as a sample."""
    here, service = parts(), open_draft(draft).checked.definition
    if service is None or service.document is None:
        abort(404)
    try:
        pdf = sample_letter(service, city=here.config.city, day=here.now().astimezone(here.zone).date())
    except InputError:
        abort(404)
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": 'inline; filename="contoh.pdf"', "X-Content-Type-Options": "nosniff"},
    )


@blueprint.get("/definisi/draf/<int:draft>/simulasi")
@needs(Permission.DEFINITION_MANAGE)
def simulation(draft: int) -> str:
    """Show how the newest cases would have gone with this version."""
    shown = open_draft(draft)
    most = request.args.get("jumlah", default=_USUAL_CASES, type=whole_number)
    most = min(max(1, most), MOST_CASES)
    service, trial = shown.checked.definition, None
    if service is not None:
        trial = try_on_past(db(), service, working_days=engine().working_days(db()), most=most)
    return render_template(
        "cases/editor/simulation.html",
        draft=shown,
        trial=trial,
        most=most,
        refusals=REFUSALS,
        labels=all_labels(shown.body),
    )


@blueprint.post("/definisi/draf/<int:draft>/ajukan")
@needs(Permission.DEFINITION_MANAGE)
def offer(draft: int) -> AnyResponse | tuple[str, int]:
    """Ask for it to be published."""
    shown = open_draft(draft)
    try:
        offer_draft(db(), shown.row, shown.checked, hand(), reason=request.form.get("alasan", ""))
    except InputError as error:
        return _refused(draft, str(error))
    who = signed_in().account_id
    flash(
        _("Diajukan. Orang lain yang menerbitkannya.")
        if others_may_publish(db(), who, parts().now())
        else _("Diajukan. Tidak ada orang lain yang boleh menerbitkan: Anda dapat menerbitkannya sendiri.")
    )
    return redirect(url_for("definitions.draft", draft=draft), code=303)


@blueprint.post("/definisi/draf/<int:draft>/terbitkan")
@needs(Permission.DEFINITION_MANAGE)
def publish(draft: int) -> AnyResponse | tuple[str, int]:
    """Make it the version that new cases begin with."""
    shown = open_draft(draft)
    try:
        published = publish_draft(db(), shown.row, shown.checked, hand())
    except InputError as error:
        return _refused(draft, str(error))
    flash(_("%(label)s versi %(version)s terbit.", label=published.label, version=published.version))
    return redirect(url_for("definitions.versions", service=published.code), code=303)


@blueprint.post("/definisi/draf/<int:draft>/buang")
@needs(Permission.DEFINITION_MANAGE)
def discard(draft: int) -> AnyResponse | tuple[str, int]:
    """Put it away."""
    insist_on_sure()
    shown = open_draft(draft)
    try:
        discard_draft(db(), shown.row, hand())
    except InputError as error:
        return _refused(draft, str(error))
    flash(_("Draf dibuang."))
    return redirect(url_for("definitions.listing"), code=303)


def _refused(draft: int, words: str) -> tuple[str, int]:
    roll_back()
    return draft_drawn(open_draft(draft), words), 422
