"""The papers of an applicant, for who works on the case: compared with originals, a NIK for a reason."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking.composition import citizen_pages
from hub.cases.citizens import vault
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import masked_of
from hub.cases.citizens.persons import MOST_PURPOSE, reveal_nik, verify
from hub.cases.citizens.population import Match
from hub.cases.counter.rights import may_reveal
from hub.cases.keeping.holders import actor_for
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.records import files_of
from hub.cases.keeping.service import case_for
from hub.cases.keeping.versions import of_case
from hub.cases.tracking.following import labels_of
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import limiter
from hub.web.i18n import N_
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("applicant_papers", __name__)

REVEALS = "30 per hour"
MATCH_WORDS = {
    Match.SAME: N_("cocok"),
    Match.DIFFERENT: N_("tidak cocok"),
    Match.UNKNOWN: N_("tidak ditemukan"),
}

Page = str | Response | tuple[str, int]


def _account() -> str:
    return f"reveal:{signed_in().account_id}"


@blueprint.get("/berkas/<case_number>/pemohon")
@needs(Permission.CASE_ACT, is_scoped=True)
def papers(case_number: str) -> Page:
    """Show who asks, with the NIK masked, and the papers with what was compared."""
    return _drawn(_case(case_number))


@blueprint.post("/berkas/<case_number>/pemohon/nik")
@limiter.limit(REVEALS, key_func=_account)
@needs(Permission.CASE_ACT, is_scoped=True)
def reveal(case_number: str) -> Page:
    """Show the NIK once, and note who saw it and what for."""
    case = _case(case_number)
    person, who = _person(case), signed_in()
    if person is None or not may_reveal(_roles(case)):
        raise NotFound
    purpose = request.form.get("tujuan", "")[: 2 * MOST_PURPOSE]
    try:
        nik = reveal_nik(
            db(),
            person,
            box=citizen_pages().box,
            purpose=purpose,
            account=who.account_id,
            actor=who.name,
            now=parts().now(),
        )
    except InputError as error:
        return _drawn(case, fault=str(error), purpose=purpose), 422
    return _drawn(case, nik=nik)


@blueprint.post("/berkas/<case_number>/pemohon/ktp")
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def verify_person(case_number: str) -> Page:
    """Note that the KTP was seen."""
    case = _working_on(case_number)
    person = _person(case)
    if person is None:
        raise NotFound
    insist_on_sure()
    verify(db(), person, account=signed_in().account_id, actor=signed_in().name, now=parts().now())
    flash(_("Dicatat: KTP asli sudah dilihat."))
    return redirect(url_for("applicant_papers.papers", case_number=case.number), code=303)


@blueprint.post("/berkas/<case_number>/pemohon/cocok/<int:file>")
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def verify_file(case_number: str, file: int) -> Page:
    """Note that a paper is the same as its original, and until when it may be used again."""
    case = _working_on(case_number)
    row = db().get(CaseFile, file)
    if row is None or row.case_id != case.id:
        raise NotFound
    typed = request.form.get("sampai", "").strip()
    try:
        until = date.fromisoformat(typed) if typed else None
    except ValueError:
        return _drawn(case, fault=_("Berlaku sampai: tulis tanggal seperti 2027-12-31, atau kosongkan")), 422
    if until is not None and until < _today():
        return _drawn(case, fault=_("Berlaku sampai: tanggal itu sudah lewat")), 422
    who = signed_in()
    vault.verify_file(
        db(), case, row, valid_until=until, account=who.account_id, actor=who.name, now=parts().now()
    )
    flash(_("Dicatat: sama dengan aslinya."))
    return redirect(url_for("applicant_papers.papers", case_number=case.number), code=303)


def _case(number: str) -> CaseRecord:
    case = case_for(db(), signed_in(), number, now=parts().now())
    if case is None:
        raise NotFound
    return case


def _working_on(number: str) -> CaseRecord:
    """Return a case that waits for a role which the viewer holds here; looking on is not enough.

    Raises:
        NotFound: it is not there for them, or waits for somebody else.
    """
    case = _case(number)
    if not _roles(case) or case.applicant_account == signed_in().account_id:
        raise NotFound
    return case


def _roles(case: CaseRecord) -> frozenset[str]:
    return actor_for(db(), case=case, viewer=signed_in(), now=parts().now()).roles


def _person(case: CaseRecord) -> CitizenPerson | None:
    return None if case.applicant_person is None else db().get(CitizenPerson, case.applicant_person)


def _drawn(case: CaseRecord, *, nik: str = "", fault: str = "", purpose: str = "") -> str:
    person, roles = _person(case), _roles(case)
    is_own = case.applicant_account == signed_in().account_id
    return render_template(
        "cases/counter/papers.html",
        case=case,
        person=person,
        match=MATCH_WORDS[Match(person.match)] if person else "",
        nik=nik or (masked_of(person.nik_kept) if person else ""),
        is_revealed=bool(nik),
        may_reveal=person is not None and may_reveal(roles) and not is_own,
        may_verify=bool(roles) and not is_own and signed_in().may_somewhere(Permission.COUNTER_SERVE),
        files=[each for each in files_of(db(), case) if not each.is_hidden],
        labels=labels_of(of_case(db(), case)),
        fault=fault,
        purpose=purpose,
    )


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()
