"""An application as it is sent: everything that is wrong told at once, or one case, its PIN and its receipt.

Takes a session, never commits, never reads a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hub.cases.asking.pins import issue_pin
from hub.cases.attachments.attaching import attached_files
from hub.cases.citizens import news, vault
from hub.cases.citizens.about_you import ABOUT_YOU, AboutYou, about_you, about_you_faults
from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.persons import keep_person, match_fault
from hub.cases.citizens.population import Match, Population
from hub.cases.definition.form import Field, FieldKind, Requirement
from hub.cases.definition.service import Applicants, ServiceDefinition
from hub.cases.forms.filled import Filled
from hub.cases.keeping.engine import Applicant, AttachedFile, CaseEngine, FileSource, Place
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import file_case
from hub.cases.machine.answers import cleaned, faults_in, holds
from hub.cases.machine.rules import Refused
from hub.notify.service import Channel, Recipient, queue


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends an application. All empty: a stranger.

    Attributes:
        person: The citizen who is signed in, once they said who they are.
        account: Of a civil servant who asks for themselves.
        clerk: Of an officer at a counter who asks for the citizen in front of them.
        name: Of the account.
    """

    person: CitizenPerson | None = None
    account: int | None = None
    clerk: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A case that came to be, and the PIN with which its applicant acts on it; shown once."""

    case: CaseRecord
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What applications need besides the engine of cases."""

    box: NikBox
    population: Population
    is_told_by_email: bool = True


def asks_who_you_are(definition: ServiceDefinition, asker: Asker) -> bool:
    """Return whether the form must ask who the applicant is."""
    return definition.applicants is Applicants.CITIZEN and asker.person is None


def form_of(definition: ServiceDefinition, asker: Asker) -> tuple[Field, ...]:
    """Return all fields of the form."""
    return (*(ABOUT_YOU if asks_who_you_are(definition, asker) else ()), *definition.first_form)


def apply(
    db: Session,
    definition: ServiceDefinition,
    filled: Filled,
    asker: Asker,
    *,
    engine: CaseEngine,
    registry: Registry,
    now: datetime,
) -> Receipt | Filled:
    """File an application, or return the form with what is wrong at each control; then nothing was kept."""
    checked = _checked(definition, filled, asker, now.astimezone(engine.zone).date())
    match = Match.UNKNOWN
    said: AboutYou | None = None
    if asks_who_you_are(definition, asker) and not checked.faults:
        said = about_you(filled.answers)
        match, text = match_fault(registry.population, said)
        # A stranger is answered alike whatever the register says, or anybody could try names with a NIK:
        # the officer who compares the papers is told. Whoever sits at a counter is asked at once.
        if text and asker.clerk is not None:
            checked = checked.with_fault("isi-diri_nik", text)
    if checked.faults:
        return checked
    filed = _filed(db, definition, filled, asker, said, match, engine=engine, registry=registry, now=now)
    if isinstance(filed, Refused):
        return refused_form(filled, filed, definition.first_files)
    case, person = filed
    if asker.person is not None:
        _into_vault(db, case, definition, filled, asker.person, engine, now)
    receipt = Receipt(case, issue_pin(db, case))
    if registry.is_told_by_email and person is not None and person.email:
        if news.may_be_told(db, person):
            tell_receipt(db, case, person.email, now)
        else:
            news.ask_to_confirm(db, person, case.number, now)
    return receipt


def _filed(
    db: Session,
    definition: ServiceDefinition,
    filled: Filled,
    asker: Asker,
    said: AboutYou | None,
    match: Match,
    *,
    engine: CaseEngine,
    registry: Registry,
    now: datetime,
) -> tuple[CaseRecord, CitizenPerson | None] | Refused:
    """Write who asks and what for, or neither: a row of somebody without a case would stay for ever."""
    person, kept = asker.person, db.begin_nested()
    if said is not None:
        person = keep_person(db, said, box=registry.box, match=match, now=now)
    case = file_case(
        db,
        engine=engine,
        service=definition.code,
        given=filled.given,
        applicant=_applicant(person, asker),
        files=attached(
            filled, definition.first_files, FileSource.OFFICER if asker.clerk else FileSource.CITIZEN
        ),
        place=_place(definition, filled, person),
        now=now,
    )
    if isinstance(case, Refused):
        kept.rollback()
        return case
    kept.commit()
    return case, person


def attached(
    filled: Filled, requirements: Sequence[Requirement], source: FileSource
) -> tuple[AttachedFile, ...]:
    """Return the files of a form as the engine takes them."""
    return attached_files({each.id: filled.files.get(each.id, ()) for each in requirements}, source)


def refused_form(filled: Filled, refused: Refused, requirements: Sequence[Requirement]) -> Filled:
    """Return a form with what the engine said: at its controls, else on top."""
    with_faults = filled.with_missing(refused.missing, requirements)
    files = {each.id for each in requirements}
    for fault in refused.faults:
        name = ("berkas-" if fault.field in files else "isi-") + fault.field if fault.field else "atas"
        with_faults = with_faults.with_fault(name, fault.text)
    if not with_faults.faults:
        with_faults = with_faults.with_fault("atas", _WORDS.get(refused.reason, _WORDS[""]))
    return with_faults


_WORDS = {
    "not-yours": "Layanan ini tidak dibuka untuk Anda; masuk dulu atau datang ke loket kelurahan",
    "not-now": "Tindakan ini tidak dapat dilakukan sekarang; muat ulang halaman",
    "note-missing": "Catatan: belum diisi",
    "changed-meanwhile": "Berkas ini baru saja berubah; muat ulang halaman, lalu periksa lagi",
    "": "Permohonan belum dapat diterima; muat ulang halaman, lalu kirim lagi",
}


def tell_receipt(db: Session, case: CaseRecord, email: str, now: datetime) -> None:
    """Send the number and the way to follow it; never the PIN: who reads the mail would act with it."""
    queue(
        db,
        to=Recipient(Channel.EMAIL, email),
        subject=f"Permohonan {case.number} diterima",
        text=f"{case.title}. Kode lacak: {case.tracking_code}. Simpan PIN yang ditampilkan di halaman.",
        link=f"/lacak/{case.tracking_code}",
        now=now,
        about=f"case-receipt:{case.id}",
    )


def _checked(definition: ServiceDefinition, filled: Filled, asker: Asker, today: date) -> Filled:
    form = filled
    if asks_who_you_are(definition, asker):
        form = form.with_faults(about_you_faults(filled.answers, today))
    answers = cleaned(definition.first_form, filled.answers)
    is_for_paper = definition.document is not None
    form = form.with_faults(faults_in(definition.first_form, answers, is_for_paper=is_for_paper))
    missing = [
        each.id
        for each in definition.first_files
        if each.is_required and holds(each.needed_if, answers) and not filled.files.get(each.id)
    ]
    return form.with_missing(missing, definition.first_files)


def _applicant(person: CitizenPerson | None, asker: Asker) -> Applicant:
    return Applicant(
        account=asker.account,
        person=None if person is None else person.id,
        name=asker.name if person is None else person.name,
        filed_by=asker.clerk,
    )


def _place(definition: ServiceDefinition, filled: Filled, person: CitizenPerson | None) -> Place:
    """Return the applicant's kelurahan, unless the form asks for one of its own."""
    says_itself = any(
        field.kind is FieldKind.KELURAHAN and filled.first(field.id) for field in definition.first_form
    )
    return Place(kelurahan=None if says_itself or person is None else person.kelurahan)


def _into_vault(
    db: Session,
    case: CaseRecord,
    definition: ServiceDefinition,
    filled: Filled,
    person: CitizenPerson,
    engine: CaseEngine,
    now: datetime,
) -> None:
    for requirement in definition.first_files:
        if requirement.is_reusable:
            vault.put(db, person, requirement, filled.files.get(requirement.id, ()), now)
    vault.carry_over(db, person, case, now.astimezone(engine.zone).date())
