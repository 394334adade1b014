"""/berkas: an officer's inbox for any service, late first."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.desk.listing import Inbox, Shelf, Wanted, cursor_of, cursor_text, number_of
from hub.cases.desk.wording import ward_name
from hub.cases.keeping.seeing import case_for
from hub.cases.keeping.versions import all_newest, definition_of
from hub.cases.status_words import STATUS_WORDS
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("case_desk", __name__)


@blueprint.get("/berkas")
@needs(Permission.CASE_SEE, is_scoped=True)
def inbox() -> str:
    """Show what waits for the viewer, what was given to them, or all that they may see."""
    wanted = _wanted()
    mine = Inbox(db(), account_id=signed_in().account_id, now=parts().now())
    page = mine.page(wanted, cursor_of(request.args.get("sesudah", "")))
    versions = {(case.service, case.version) for case in page.cases}
    definitions = {key: definition_of(db(), *key) for key in versions}
    services = all_newest(db())
    return render_template(
        "cases/desk/inbox.html",
        page=page,
        next_cursor=cursor_text(page.next),
        counts=mine.counts(),
        wanted=wanted,
        definitions=definitions,
        services=services,
        stages=next((each.stages for each in services if each.code == wanted.service), ()),
        statuses=STATUS_WORDS,
        ward_name=ward_name,
        query={key: value for key, value in request.args.items() if key != "sesudah"},
        is_first=not request.args.get("sesudah"),
    )


@blueprint.get("/berkas/cari")
@needs(Permission.CASE_SEE, is_scoped=True)
def find() -> Response:
    """Open the case of a number or a tracking code, if the viewer may see it."""
    typed = request.args.get("nomor", "")[:60]
    number = number_of(db(), typed)
    case = None if number is None else case_for(db(), signed_in(), number, now=parts().now())
    if case is None:
        flash(
            _("Tidak ada berkas %(number)s yang dapat Anda buka; periksa nomornya.", number=typed.strip()),
            "bad",
        )
        return redirect(url_for("case_desk.inbox"))
    return redirect(url_for("case_page.show", case_number=case.number))


def _wanted() -> Wanted:
    args = request.args
    shelves = {shelf.value: shelf for shelf in Shelf}
    return Wanted(
        shelf=shelves.get(args.get("rak", ""), Shelf.DESK),
        service=args.get("layanan", "")[:48],
        stage=args.get("tahap", "")[:32] if args.get("layanan") else "",
        is_late=args.get("lewat") == "ya",
    )
