"""Whose data were touched between two moments: read from the audit chain, told by person.

Acts, reveals, look-ups, files and exports are noted there; that a page was merely opened is not, and
the report says so. Never commits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.citizens.models import CitizenPerson
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.models import LetterDocument
from hub.people.models import Account, AuditEntry, LoginSession, Person
from hub.web.i18n import N_

# UU 27/2022 on personal data, article 46: subjects and the authority are told in writing within 3 x 24 hours.
NOTICE_WITHIN = timedelta(hours=72)
_TARGET = re.compile(r"\A(person|citizen|case|letter):(.+)\Z")
# Acts that take data of many at once out of the house; whom they name stands in the file itself.
MANY = frozenset({"attendance.export", "payroll.read", "register.import", "population.import", "backup.open"})
# What an act shows of somebody; what is not named here showed what the act is about.
SHOWN = {
    "nik.reveal": N_("NIK utuh"),
    "citizen.verify": N_("data diri dan berkas"),
    "citizen.find": N_("dicari menurut NIK"),
    "file.verify": N_("berkas"),
    "case.file": N_("berkas"),
    "case.act": N_("isi permohonan"),
    "case.opinion": N_("isi permohonan"),
    "letter.read": N_("surat"),
    "attendance.export": N_("rekap kehadiran banyak pegawai"),
    "payroll.read": N_("kehadiran untuk penggajian banyak pegawai"),
    "pin.set": N_("PIN kartu diganti"),
    "pin.reset": N_("PIN kartu dihapus"),
    "enrolment.issue": N_("kode pendaftaran ponsel"),
}
OTHER = N_("data yang dikelola tindakan ini")


class Whose(StrEnum):
    """What kind of person a row is about."""

    CITIZEN = N_("warga")
    EMPLOYEE = N_("pegawai")
    MANY = N_("banyak orang")


@dataclass(frozen=True, slots=True)
class Touch:
    """One act on somebody's data; ``shown`` and ``whose`` are texts to translate."""

    at: datetime
    actor: str
    action: str
    target: str
    whose: Whose
    number: int | None
    name: str
    contact: str
    shown: str
    detail: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session of the account that is asked about."""

    begun_at: datetime
    seen_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the chain knows of a span."""

    touches: tuple[Touch, ...]
    sign_ins: tuple[SignIn, ...]

    def count(self, whose: Whose) -> int:
        """Return how many persons of a kind are named, each once."""
        return len({one.number for one in self.touches if one.whose is whose})


def touched(db: Session, *, since: datetime, until: datetime, account: str = "") -> Report:
    """Return whose data were touched.

    Args:
        db: A reading session.
        since: The first moment.
        until: The first moment that is not asked about any more.
        account: Only what this account did; empty: everybody.
    """
    query = select(AuditEntry).where(AuditEntry.at >= since, AuditEntry.at < until)
    if account:
        query = query.where(AuditEntry.actor == account)
    entries = db.scalars(query.order_by(AuditEntry.seq))
    touches = tuple(touch for entry in entries for touch in _touches(db, entry))
    return Report(touches, _sign_ins(db, account, since, until) if account else ())


def _touches(db: Session, entry: AuditEntry) -> Iterator[Touch]:
    if entry.action in MANY:
        yield _touch(entry, Whose.MANY, None, "", "")
        return
    found = _TARGET.match(entry.object)
    if found is None:
        return
    kind, what = found.groups()
    if kind == "person":
        person = db.get(Person, int(what)) if what.isdecimal() else None
        name = person.short_name if person is not None else ""
        yield _touch(entry, Whose.EMPLOYEE, int(what) if what.isdecimal() else None, name, "")
        return
    citizen = _citizen(db, kind, what)
    if citizen is not None:
        contact = " · ".join(word for word in (citizen.phone, citizen.email) if word)
        yield _touch(entry, Whose.CITIZEN, citizen.id, citizen.name, contact)


def _citizen(db: Session, kind: str, what: str) -> CitizenPerson | None:
    if kind == "citizen":
        return db.get(CitizenPerson, int(what)) if what.isdecimal() else None
    query = select(CaseRecord.applicant_person).where(CaseRecord.number == what)
    if kind == "letter":
        query = (
            select(CaseRecord.applicant_person)
            .join(LetterDocument, LetterDocument.case_id == CaseRecord.id)
            .where(LetterDocument.code == what)
        )
    number = db.scalars(query).first()
    return db.get(CitizenPerson, number) if number is not None else None


def _touch(entry: AuditEntry, whose: Whose, number: int | None, name: str, contact: str) -> Touch:
    return Touch(
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        target=entry.object,
        whose=whose,
        number=number,
        name=name,
        contact=contact,
        shown=SHOWN.get(entry.action, OTHER),
        detail=entry.detail,
    )


def _sign_ins(db: Session, account: str, since: datetime, until: datetime) -> tuple[SignIn, ...]:
    query = (
        select(LoginSession)
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.name == account, LoginSession.seen_at >= since, LoginSession.created_at < until)
        .order_by(LoginSession.created_at)
    )
    return tuple(SignIn(one.created_at, one.seen_at, one.address, one.agent) for one in db.scalars(query))
