"""One's own data and documents: who one is, who saw the NIK and what for, and the vault."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking.composition import citizen_pages, files_folder
from hub.cases.attachments.claims import claims_for
from hub.cases.attachments.serving import serve
from hub.cases.citizens import vault
from hub.cases.citizens.about_you import ABOUT_YOU, about_you, about_you_faults
from hub.cases.citizens.models import CitizenPerson, VaultDocument
from hub.cases.citizens.nik import masked_of
from hub.cases.citizens.own.signed_in import citizen, citizen_person
from hub.cases.citizens.own.signing_views import blueprint as citizens
from hub.cases.citizens.persons import as_typed, keep_person, match_fault, reveals_of
from hub.cases.citizens.population import Match
from hub.cases.forms.filled import Filled
from hub.cases.forms.page import page_of
from hub.cases.forms.reading import read_answers
from hub.errors import InputError
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import is_unprocessable, limiter
from hub.web.i18n import N_
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("own_citizen", __name__)

# The answer says whether name and NIK belong together: nobody is to try names without end.
CHANGED_PER_ACCOUNT = "10 per hour"
MISSED_PER_ADDRESS = "20 per hour"

Page = str | Response | tuple[str, int]


def _account_key() -> str:
    account = citizen()
    return get_remote_address() if account is None else f"citizen:{account.id}"


_MATCH_WORDS = {
    Match.SAME: N_("cocok dengan data kependudukan"),
    Match.DIFFERENT: N_("tidak cocok dengan data kependudukan"),
    Match.UNKNOWN: N_("belum dicocokkan: tidak ada di daftar kami"),
}


@citizens.get("/warga/data-diri")
@needs(Permission.PUBLIC)
def about() -> Page:
    """Show one's own data, and who saw the NIK."""
    if citizen() is None:
        return _to_sign_in()
    person = citizen_person()
    return _about_page(person, Filled(answers=as_typed(person) if person else {}))


@citizens.post("/warga/data-diri")
@limiter.limit(CHANGED_PER_ACCOUNT, key_func=_account_key)
@limiter.limit(MISSED_PER_ADDRESS, deduct_when=is_unprocessable)
@needs(Permission.PUBLIC)
def change_about() -> Page:
    """Keep one's own data."""
    account = citizen()
    if account is None:
        return _to_sign_in()
    person, now = citizen_person(), parts().now()
    typed = read_answers(request.form, ABOUT_YOU)
    filled = Filled(_with_kept_nik(typed, person))
    filled = filled.with_faults(about_you_faults(filled.answers, _today()))
    match = Match.UNKNOWN
    if not filled.faults:
        said = about_you(filled.answers)
        match, fault = match_fault(citizen_pages().registry(db()).population, said)
        filled = filled.with_fault("isi-diri_nik", fault) if fault else filled
    if filled.faults:
        return _about_page(person, Filled(typed, faults=filled.faults)), 422
    try:
        kept = keep_person(db(), said, box=citizen_pages().box, match=match, now=now, person=person)
    except InputError as error:
        return _about_page(person, Filled(typed).with_fault("atas", str(error))), 422
    account.person_id = kept.id
    flash(_("Data diri disimpan."))
    return redirect(url_for("citizens.own"), code=303)


@blueprint.get("/warga/brankas")
@needs(Permission.PUBLIC)
def documents() -> Page:
    """Show the documents in the vault."""
    if citizen() is None:
        return _to_sign_in()
    person = citizen_person()
    found = vault.documents_of(db(), person) if person else []
    rows = [(each, vault.standing_of(each, _today())) for each in found]
    return render_template("cases/asking/vault.html", rows=rows, most=vault.MOST_DOCUMENTS)


@blueprint.get("/warga/brankas/<int:number>")
@needs(Permission.PUBLIC)
def document(number: int) -> Response:
    """Give somebody a document of theirs."""
    row = _own_document(number)
    return serve(files_folder(), row.sha256, row.media_type, name=f"brankas-{row.id}")


@blueprint.post("/warga/brankas/<int:number>/hapus")
@needs(Permission.PUBLIC)
def remove(number: int) -> Page:
    """Take a document out of the vault."""
    vault.remove(db(), _own_document(number), parts().now())
    flash(_("Dokumen dihapus dari brankas. Berkas yang sudah memakainya tidak berubah."))
    return redirect(url_for("own_citizen.documents"), code=303)


def _own_document(number: int) -> VaultDocument:
    person, row = citizen_person(), db().get(VaultDocument, number)
    if person is None or row is None or row.person_id != person.id or row.removed_at is not None:
        raise NotFound
    return row


def _with_kept_nik(
    typed: dict[str, tuple[str, ...]], person: CitizenPerson | None
) -> dict[str, tuple[str, ...]]:
    """Fill in a NIK that was left empty: it is known, and is not sent to the browser again."""
    is_empty = not any(text.strip() for text in typed.get("diri_nik", ()))
    if person is None or not is_empty:
        return typed
    return {**typed, "diri_nik": (citizen_pages().box.open(person.nik_kept),)}


def _about_page(person: CitizenPerson | None, filled: Filled) -> str:
    seen = [
        (reveal, account.display_name)
        for reveal in (reveals_of(db(), person) if person else [])
        for account in [db().get_one(Account, reveal.account_id)]
    ]
    return render_template(
        "cases/asking/about.html",
        page=page_of(ABOUT_YOU, (), filled, claims=claims_for("about")),
        nik=masked_of(person.nik_kept) if person else "",
        match=_(_MATCH_WORDS[Match(person.match)]) if person else "",
        person=person,
        seen=seen,
    )


def _to_sign_in() -> Response:
    return redirect(url_for("citizens.sign_in", lanjut=request.full_path.rstrip("?")), code=303)


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()
