"""/arsip-surat: letters found again, one with everything about it, revoked with a reason, exported."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.keeping.holders import holds_of, places_of
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import of_case
from hub.cases.letters.archive.retention import keeping_of
from hub.cases.letters.archive.service import MOST_EXPORTED, MOST_FOUND, Sought, find_letters, letter_for
from hub.cases.letters.archive.srikandi import COLUMNS, rows_of
from hub.cases.letters.certified.port import CertifiedSigningError
from hub.cases.letters.certified.service import certified_file, is_open, keep_certified
from hub.cases.letters.issuing.documents import LEAST_REASON, MOST_REASON, revoke
from hub.cases.letters.issuing.serving import serve_letter
from hub.cases.letters.models import LetterDocument
from hub.cases.letters.wiring import letter_desk
from hub.errors import InputError
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("letter_archive", __name__)


def _signer() -> str:
    return f"certify:{signed_in().account_id}"


@blueprint.get("/arsip-surat")
@needs(Permission.CASE_SEE, is_scoped=True)
def listing() -> str:
    """Show letters, the newest first; words also find names that people used before."""
    sought = _sought()
    found = find_letters(db(), signed_in().account_id, sought, now=parts().now())
    return render_template(
        "cases/letters/archive.html", found=found, sought=sought, most=MOST_FOUND, keeping=_keeping
    )


@blueprint.get("/arsip-surat/srikandi.csv")
@needs(Permission.CASE_SEE, is_scoped=True)
def srikandi() -> Response:
    """Give the same letters as a table for Srikandi."""
    now = parts().now()
    found = find_letters(db(), signed_in().account_id, _sought(), now=now, most=MOST_EXPORTED)
    return csv_response("srikandi.csv", COLUMNS, rows_of(found, now.astimezone(parts().zone).date()))


@blueprint.get("/arsip-surat/<letter>")
@needs(Permission.CASE_SEE, is_scoped=True)
def one(letter: str) -> str:
    """Show one letter."""
    return _page(_letter_or_404(letter))


@blueprint.get("/arsip-surat/<letter>/berkas")
@needs(Permission.CASE_SEE, is_scoped=True)
def file(letter: str) -> Response:
    """Give the PDF, which has the NIK on it, to who signs such letters or filed it; that is noted."""
    document, who = _letter_or_404(letter), signed_in()
    case = db().get_one(CaseRecord, document.case_id)
    if not _may_read(document, case):
        abort(404)
    with parts().database.writing() as session:
        target = f"letter:{document.code}"
        audit.append(session, at=parts().now(), actor=who.name, action="letter.read", target=target)
    return serve_letter(document)


@blueprint.post("/arsip-surat/<letter>/cabut")
@needs(Permission.CASE_ACT, is_scoped=True)
def take_back(letter: str) -> AnyResponse | tuple[str, int]:
    """Revoke a letter; only who could sign it."""
    document = _letter_or_404(letter)
    if not _may_revoke(document):
        abort(404)
    insist_on_sure()
    who, reason = signed_in(), request.form.get("alasan", "")
    try:
        revoke(db(), document, account=who.account_id, actor=who.name, reason=reason, now=parts().now())
    except InputError as error:
        roll_back()
        return _page(_letter_or_404(letter), fault=str(error)), 422
    flash(
        _(
            "Surat %(number)s dicabut; pintu kantor mengetahuinya dalam beberapa menit.",
            number=document.number,
        ),
        "good",
    )
    return redirect(url_for("letter_archive.one", letter=letter), code=303)


@blueprint.post("/arsip-surat/<letter>/tersertifikasi")
@limiter.limit("5 per 10 minutes", key_func=_signer)
@needs(Permission.CASE_ACT, is_scoped=True)
def add_certificate(letter: str) -> AnyResponse | tuple[str, int]:
    """Have a letter signed with its signatory's certificate; NIK and passphrase are not kept."""
    desk, who, now = letter_desk(), signed_in(), parts().now()
    with parts().database.reading() as reading:
        found = letter_for(reading, who.account_id, letter, now=now)
    if found is None or desk.certified is None or found.signed_by != who.account_id:
        abort(404)
    nik, passphrase = request.form.get("nik", "").strip(), request.form.get("passphrase", "")
    folder = desk.issuer.folder
    try:
        # Nothing is written to meanwhile: the gateway may take longer than anybody waits for a lock.
        signed = certified_file(found, desk.certified, folder=folder, nik=nik, passphrase=passphrase)
        keep_certified(db(), _letter_or_404(letter), signed, folder=folder, actor=who.name, now=now)
    except CertifiedSigningError as error:
        roll_back()
        return _page(_letter_or_404(letter), fault=str(error)), 422
    flash(_("Tanda tangan tersertifikasi ditambahkan."), "good")
    return redirect(url_for("letter_archive.one", letter=letter), code=303)


def _page(document: LetterDocument, fault: str = "") -> str:
    return render_template(
        "cases/letters/letter.html",
        document=document,
        case=db().get_one(CaseRecord, document.case_id),
        keeping=_keeping,
        may_revoke=document.revoked_at is None and _may_revoke(document),
        may_read=_may_read(document, db().get_one(CaseRecord, document.case_id)),
        may_certify=_may_certify(document),
        bounds=(LEAST_REASON, MOST_REASON),
        reason=request.form.get("alasan", ""),
        fault=fault,
    )


def _may_read(document: LetterDocument, case: CaseRecord) -> bool:
    return _may_revoke(document) or case.filed_by == signed_in().account_id


def _may_certify(document: LetterDocument) -> bool:
    is_theirs = document.signed_by == signed_in().account_id
    return is_theirs and is_open(document) and letter_desk().certified is not None


def _may_revoke(document: LetterDocument) -> bool:
    """Return whether the viewer holds, for this case, the role that signs it."""
    case = db().get_one(CaseRecord, document.case_id)
    rule, places = of_case(db(), case).document, places_of(db(), case)
    holds = holds_of(db(), signed_in().account_id, parts().now())
    return rule is not None and any(
        hold.role == rule.signed_by and places.get(hold.kind) == hold.scope for hold in holds
    )


def _letter_or_404(code: str) -> LetterDocument:
    found = letter_for(db(), signed_in().account_id, code.upper(), now=parts().now())
    if found is None:
        abort(404)
    return found


def _sought() -> Sought:
    year = request.args.get("tahun", default=0, type=whole_number)
    return Sought(
        words=request.args.get("cari", "").strip()[:80],
        year=year if 2000 <= year <= 2100 else None,
        is_revoked_only=request.args.get("dicabut") == "ya",
    )


def _keeping(document: LetterDocument) -> str:
    today = parts().now().astimezone(parts().zone).date()
    return str(keeping_of(document.classification, document.issued_on, today))
