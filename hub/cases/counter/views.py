"""The counter: the citizen in front of it, the service, the form, the receipt to print."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking import once
from hub.cases.asking.applying import Asker, Receipt, apply, form_of
from hub.cases.asking.catalogue import offered_to, search, shelves_of
from hub.cases.asking.composition import citizen_pages, files_folder
from hub.cases.asking.pins import issue_pin
from hub.cases.asking.receipts import take_pin, to_counter_receipt
from hub.cases.asking.views import page_of_service, receipt_page
from hub.cases.attachments.claims import claims_for
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.citizens import vault
from hub.cases.citizens.about_you import ABOUT_YOU
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import masked_of
from hub.cases.citizens.persons import note_filing, note_look_up, verified_with, verify
from hub.cases.counter.rights import counters_of, serves
from hub.cases.definition.service import ServiceDefinition
from hub.cases.forms.filled import Filled
from hub.cases.forms.page import page_of
from hub.cases.forms.reading import read_form
from hub.cases.keeping.access import engine
from hub.cases.keeping.holders import Hold
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import all_newest, newest
from hub.cases.machine.answers import nik_fault
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import is_unprocessable, limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("counter", __name__)

MOST_RECENT = 20
_IN_FRONT = "loket_warga"
_SEEN_KTP = "lihat_ktp"

# A busy counter serves some ten in an hour; who tries numbers is stopped.
LOOKED_UP, NOT_FOUND = "60 per hour", "15 per hour"

Page = str | Response | tuple[str, int]


def _account() -> str:
    return f"counter:{signed_in().account_id}"


@blueprint.get("/loket")
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def desk() -> Page:
    """Show who is in front of the counter, the services, and what was filed here today."""
    return _desk("")


@blueprint.post("/loket/warga")
@limiter.limit(LOOKED_UP, key_func=_account)
@limiter.limit(NOT_FOUND, key_func=_account, deduct_when=is_unprocessable)
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def find_citizen() -> Page:
    """Find a citizen whose KTP an officer has seen before; the NIK never stands in an address."""
    if request.form.get("selesai"):
        session.pop(_IN_FRONT, None)
        return redirect(url_for("counter.desk"), code=303)
    nik = "".join(letter for letter in request.form.get("nik", "")[:40] if letter.isdecimal())
    fault = nik_fault(nik)
    if fault:
        return _desk(fault), 422
    person = verified_with(db(), citizen_pages().box.digest(nik))
    if person is not None and not serves(_counters(), person.kelurahan):
        person = None
    note_look_up(db(), person, account=signed_in().account_id, actor=signed_in().name, now=parts().now())
    if person is None:
        return _desk(_("Belum pernah dicocokkan di sini: isi data dirinya pada formulir layanan.")), 422
    session[_IN_FRONT] = person.id
    return redirect(url_for("counter.desk"), code=303)


@blueprint.get("/loket/<service>")
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def form(service: str) -> Page:
    """Show the form of a service for the citizen in front of the counter."""
    definition, person = _offered(newest(db(), service)), _in_front()
    if service in citizen_pages().own_pages:
        return redirect(page_of_service(definition), code=303)
    filled = Filled()
    if person is not None:
        usable = vault.usable(db(), person, definition.first_files, _today())
        filled = Filled(files={name: (vault.kept_of(each),) for name, each in usable.items()})
    return _form(definition, person, filled, once.new_token())


@blueprint.post("/loket/<service>")
@needs(Permission.COUNTER_SERVE, is_scoped=True, upload_bytes=MAX_BODY_BYTES)
def send(service: str) -> Page:
    """File it for the citizen."""
    now = parts().now()
    # Photos are drawn anew before anything is written, as for citizens; rights are checked right after.
    with parts().database.reading() as look:
        definition = newest(look, service)
    if definition is None or service in citizen_pages().own_pages:
        raise NotFound
    filled = read_form(
        request.form,
        request.files,
        fields=(*ABOUT_YOU, *definition.first_form),
        requirements=definition.first_files,
        claims=claims_for(f"loket/{service}"),
        folder=files_folder(),
    )
    _offered(definition)
    token = request.form.get("sekali", "")
    sent = once.begin_sending(db(), token, now)
    if sent.case_id is not None:
        case = db().get_one(CaseRecord, sent.case_id)
        return to_counter_receipt(case, issue_pin(db(), case))
    person = _in_front()
    done = _applied(definition, person, filled)
    if isinstance(done, Filled):
        db().delete(sent)
        return _form(definition, person, done, token or once.new_token()), 422
    sent.case_id = done.case.id
    if person is not None:
        note_filing(db(), person, done.case.number, account=signed_in().account_id, now=now)
    if person is None and done.case.applicant_person and request.form.get(_SEEN_KTP):
        fresh = db().get_one(CitizenPerson, done.case.applicant_person)
        verify(db(), fresh, account=signed_in().account_id, actor=signed_in().name, now=now)
    return to_counter_receipt(done.case, done.pin)


@blueprint.get("/loket/tanda-terima/<code>")
@needs(Permission.COUNTER_SERVE, is_scoped=True)
def receipt(code: str) -> Page:
    """Show what this clerk filed for a citizen; the PIN once, to be handed over."""
    case = db().scalars(select(CaseRecord).where(CaseRecord.tracking_code == code)).first()
    if case is None or case.filed_by != signed_in().account_id:
        raise NotFound
    return receipt_page(case, take_pin(code), is_at_counter=True)


def _applied(definition: ServiceDefinition, person: CitizenPerson | None, filled: Filled) -> Receipt | Filled:
    who, pages = signed_in(), citizen_pages()
    kelurahan = person.kelurahan if person is not None else filled.first("diri_kelurahan")
    if kelurahan and not serves(_counters(), kelurahan):
        words = _("Kelurahan: bukan wilayah loket Anda; warga ini mengajukan sendiri atau di loketnya")
        filled = filled.with_fault("isi-diri_kelurahan", words)
    return apply(
        db(),
        definition,
        filled,
        # Without a person the applicant has no name: the clerk's is not theirs.
        Asker(person=person, clerk=who.account_id),
        engine=engine(),
        registry=pages.registry(db()),
        now=parts().now(),
    )


def _desk(fault: str) -> str:
    who, now = signed_in(), parts().now()
    words = request.args.get("cari", "").strip()[:80]
    services = offered_to(all_newest(db()), is_employee=False)
    recent = db().scalars(
        select(CaseRecord)
        .where(CaseRecord.filed_by == who.account_id, CaseRecord.opened_at > now - timedelta(hours=12))
        .order_by(CaseRecord.id.desc())
        .limit(MOST_RECENT)
    )
    person = _in_front()
    return render_template(
        "cases/counter/desk.html",
        counters=_counters(),
        person=person,
        nik=masked_of(person.nik_kept) if person else "",
        documents=_documents(person),
        fault=fault,
        words=words,
        shelves=shelves_of(search(services, words) if words else services),
        recent=list(recent),
        address=_counter_page,
    )


def _documents(person: CitizenPerson | None) -> list[tuple[str, str]]:
    if person is None:
        return []
    return [(each.label, vault.standing_of(each, _today())) for each in vault.documents_of(db(), person)]


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()


def _form(definition: ServiceDefinition, person: CitizenPerson | None, filled: Filled, token: str) -> str:
    asker = Asker(person=person, clerk=signed_in().account_id)
    page = page_of(
        form_of(definition, asker),
        definition.first_files,
        filled,
        claims=claims_for(f"loket/{definition.code}"),
    )
    return render_template(
        "cases/counter/form.html",
        service=definition,
        page=page,
        token=token,
        person=person,
        is_ktp_seen=bool(request.form.get(_SEEN_KTP)),
    )


def _offered(definition: ServiceDefinition | None) -> ServiceDefinition:
    if definition is None or not offered_to([definition], is_employee=False) or not _counters():
        raise NotFound
    return definition


def _counter_page(definition: ServiceDefinition) -> str:
    """Return where a clerk asks for a service: what has a page of its own has none here."""
    if definition.code in citizen_pages().own_pages:
        return page_of_service(definition)
    return url_for("counter.form", service=definition.code)


def _counters() -> tuple[Hold, ...]:
    return counters_of(db(), signed_in().account_id, parts().now())


def _in_front() -> CitizenPerson | None:
    number = session.get(_IN_FRONT)
    person = db().get(CitizenPerson, number) if isinstance(number, int) else None
    return person if person is not None and serves(_counters(), person.kelurahan) else None
