"""The catalogue of services, the form of each, and the receipt."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.asking import once
from hub.cases.asking.applying import Asker, Receipt, apply, asks_who_you_are, form_of
from hub.cases.asking.catalogue import offered_to, search, shelves_of
from hub.cases.asking.composition import citizen_pages, files_folder
from hub.cases.asking.filing_limit import is_led_to_receipt, limit_filing
from hub.cases.asking.pins import issue_pin
from hub.cases.asking.receipts import is_known, pin_for, take_pin, to_receipt
from hub.cases.asking.tracking_code import qr_of
from hub.cases.asking.wording import due_words
from hub.cases.attachments.claims import claims_for
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.citizens import vault
from hub.cases.citizens.about_you import ABOUT_YOU
from hub.cases.citizens.own.signed_in import citizen_person
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.forms.filled import Filled
from hub.cases.forms.page import page_of
from hub.cases.forms.prefilled import prefilled
from hub.cases.forms.reading import read_form
from hub.cases.keeping.access import engine
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import all_newest, newest
from hub.cases.status_words import STATUS_WORDS, tone_of
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, viewer
from hub.web.guarding.limits import limiter
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("services", __name__)

SENT_PER_ADDRESS = "60 per 10 minutes"
MOST_WORDS = 80

Page = str | Response | tuple[str, int]


@blueprint.get("/layanan")
@needs(Permission.PUBLIC)
def catalogue() -> Page:
    """Show all services, or those that fit some words."""
    words = request.args.get("cari", "").strip()[:MOST_WORDS]
    services = offered_to(all_newest(db()), is_employee=viewer() is not None)
    found = search(services, words) if words else ()
    return render_template(
        "cases/asking/catalogue.html",
        words=words,
        found=found,
        shelves=shelves_of(services),
        address=page_of_service,
    )


@blueprint.get("/layanan/<service>")
@needs(Permission.PUBLIC)
def form(service: str) -> Page:
    """Show what a service asks for, and its form."""
    definition = _offered(newest(db(), service))
    if service in citizen_pages().own_pages:
        return redirect(page_of_service(definition), code=303)
    asker = _asker(definition)
    begun = prefilled(_begun(definition, asker), definition.first_form, request.args)
    return _drawn(definition, asker, begun, once.new_token())


@blueprint.post("/layanan/<service>")
@limiter.limit(SENT_PER_ADDRESS)
@limit_filing(is_filed=is_led_to_receipt)
@needs(Permission.PUBLIC, upload_bytes=MAX_BODY_BYTES)
def send(service: str) -> Page:
    """File an application, once, however often the form is sent."""
    here, pages = parts(), citizen_pages()
    # Pictures are drawn anew before anything is written: nobody waits for a photo with the database locked.
    with here.database.reading() as look:
        definition = _offered(newest(look, service))
    if service in pages.own_pages:
        # Such a page asks what the general form knows nothing of, as whether a report is secret.
        return redirect(page_of_service(definition), code=303)
    filled = read_form(
        request.form,
        request.files,
        fields=(*ABOUT_YOU, *definition.first_form),
        requirements=definition.first_files,
        claims=claims_for(service),
        folder=files_folder(),
    )
    token, now = request.form.get("sekali", ""), here.now()
    sent = once.begin_sending(db(), token, now)
    if sent.case_id is not None:
        case = db().get_one(CaseRecord, sent.case_id)
        return to_receipt(case, issue_pin(db(), case))
    asker = _asker(definition)
    done = apply(db(), definition, filled, asker, engine=engine(), registry=pages.registry(db()), now=now)
    if isinstance(done, Receipt):
        sent.case_id = done.case.id
        return to_receipt(done.case, done.pin)
    db().delete(sent)
    return _drawn(definition, asker, done, token or once.new_token()), 422


@blueprint.get("/tanda-terima/<code>")
@needs(Permission.PUBLIC)
def receipt(code: str) -> Page:
    """Show what was filed just now: number, code, PIN and what comes next."""
    case = db().scalars(select(CaseRecord).where(CaseRecord.tracking_code == code)).first()
    if case is None:
        raise NotFound
    if is_known(case):
        return receipt_page(case, pin_for(code))
    pin = take_pin(code)
    if not pin:
        raise NotFound
    # An officer sent somebody's form: the PIN is handed over, and this browser may not act with it.
    return receipt_page(case, pin, is_at_counter=True)


def receipt_page(case: CaseRecord, pin: str, *, is_at_counter: bool = False) -> str:
    """Return the receipt of a case: for its applicant, or for a clerk who hands it over."""
    address = url_for("tracking.case", code=case.tracking_code)
    host = parts().config.notify.address or request.host_url.rstrip("/")
    return render_template(
        "cases/asking/receipt.html",
        case=case,
        pin=pin,
        is_at_counter=is_at_counter,
        address=address,
        qr=qr_of(host + address),
        due=due_words(case.due_at, parts().zone, language()) if case.due_at else "",
        status=STATUS_WORDS[case.public_status],
        tone=tone_of(case.public_status),
    )


def _offered(definition: ServiceDefinition | None) -> ServiceDefinition:
    """Let only services pass that whoever looks may ask for.

    Raises:
        NotFound: there is none of this code, or it is not for them.
    """
    if definition is None or not offered_to([definition], is_employee=viewer() is not None):
        raise NotFound
    return definition


def _asker(definition: ServiceDefinition) -> Asker:
    who = viewer()
    person = citizen_person() if definition.applicants is not Applicants.EMPLOYEE else None
    if who is None:
        return Asker(person=person)
    # A civil servant who asks for a letter is its applicant, and must not sign it.
    return Asker(person=person, account=who.account_id, name=who.display_name)


def _begun(definition: ServiceDefinition, asker: Asker) -> Filled:
    """Return the form as it begins: with documents of the vault that may be used again."""
    if asker.person is None:
        return Filled()
    documents = vault.usable(db(), asker.person, definition.first_files, _today())
    return Filled(files={name: (vault.kept_of(each),) for name, each in documents.items()})


def _drawn(definition: ServiceDefinition, asker: Asker, filled: Filled, token: str) -> str:
    notes: dict[str, str] = {}
    if asker.person is not None:
        for document in vault.documents_of(db(), asker.person):
            standing = vault.standing_of(document, _today())
            notes[document.sha256] = f"{_('dari brankas Anda')}, {_(standing)}"
    page = page_of(
        form_of(definition, asker),
        definition.first_files,
        filled,
        claims=claims_for(definition.code),
        notes=notes,
    )
    return render_template(
        "cases/asking/form.html",
        service=definition,
        page=page,
        token=token,
        person=asker.person,
        asks_who=asks_who_you_are(definition, asker),
    )


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()


def page_of_service(definition: ServiceDefinition) -> str:
    """Return where a citizen asks for a service: some have a page of their own."""
    own = citizen_pages().own_pages.get(definition.code)
    return url_for(own) if own else url_for("services.form", service=definition.code)
