"""The link by which somebody confirms that they want news of a case by e-mail."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking.applying import tell_receipt
from hub.cases.citizens import news
from hub.cases.keeping.models import CaseRecord
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("citizen_news", __name__)

OPENED_PER_ADDRESS = "60 per hour"
MOST_CASES = 20


@blueprint.get("/warga/kabar/<code>")
@limiter.limit(OPENED_PER_ADDRESS)
@needs(Permission.PUBLIC)
def ask(code: str) -> str:
    """Ask once more: programs that read mail open links too."""
    row = news.asked_of(db(), code)
    if row is None:
        raise NotFound
    return render_template("cases/asking/news.html", email=row.address)


@blueprint.post("/warga/kabar/<code>")
@limiter.limit(OPENED_PER_ADDRESS)
@needs(Permission.PUBLIC)
def confirm(code: str) -> Response:
    """Send news from now on, beginning with how to follow the case."""
    row, now = news.asked_of(db(), code), parts().now()
    person = None if row is None else news.confirm(db(), row, now)
    if person is None:
        raise NotFound
    cases = select(CaseRecord).where(CaseRecord.applicant_person == person.id, CaseRecord.closed_at.is_(None))
    for case in db().scalars(cases.order_by(CaseRecord.id).limit(MOST_CASES)):
        tell_receipt(db(), case, person.email, now)
    flash(_("Kabar permohonan akan dikirim ke alamat ini."))
    return redirect(url_for("tracking.find"), code=303)
