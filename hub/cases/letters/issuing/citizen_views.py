"""The letter on the applicant's tracking page: its link, and its PDF for whoever acts for the applicant."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from hub.cases.asking.composition import DocumentLink
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.issuing.documents import documents_of
from hub.cases.letters.issuing.serving import serve_letter
from hub.cases.letters.models import LetterDocument
from hub.cases.tracking.access import case_of, is_applicant
from hub.people.permissions import Permission
from hub.web.formats import date_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("own_letters", __name__)


def letter_links(db: Session, case: CaseRecord, now: datetime) -> Sequence[DocumentLink]:
    """Return the letters of a case for its tracking page; a :data:`DocumentSource`."""
    today = now.astimezone(parts().zone).date()
    return [
        DocumentLink(
            label=f"{document.title} {document.number}",
            address=url_for("own_letters.file", code=case.tracking_code, letter=document.code),
            standing=_standing(document, is_over=document.last_day is not None and today > document.last_day),
        )
        for document in documents_of(db, case)
    ]


@blueprint.get("/lacak/<code>/surat/<letter>")
@needs(Permission.PUBLIC)
def file(code: str, letter: str) -> Response:
    """Give the applicant the PDF."""
    case = case_of(code)
    found = next((one for one in documents_of(db(), case) if one.code == letter), None)
    if found is None or not is_applicant(case):
        raise NotFound
    return serve_letter(found)


def _standing(document: LetterDocument, *, is_over: bool) -> str:
    if document.revoked_at is not None:
        return str(_("dicabut: %(reason)s", reason=document.revoke_reason))
    if document.last_day is None:
        return str(_("berlaku tanpa batas waktu"))
    day = date_text(document.last_day, language())
    return str(_("sudah kedaluwarsa %(day)s", day=day) if is_over else _("berlaku sampai %(day)s", day=day))
