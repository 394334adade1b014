"""The effect "issue-document": a signed case becomes a letter, in the transaction of the signature.

Number, words, seal, PDF and the row of the archive come about together or not at all; the number
is only used up when the transaction is committed, so a series has no gaps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from edge.wire.papers.seal import (
    BODY_HASH_BYTES,
    MAX_KIND,
    LetterClaim,
    LetterError,
    code_of,
    masked_name,
    seal_letter,
)
from hub.cases.attachments.kept import PDF
from hub.cases.attachments.store import put
from hub.cases.definition.form import FieldKind
from hub.cases.definition.service import DocumentRule, ServiceDefinition
from hub.cases.definition.stages import Action
from hub.cases.keeping.engine import EffectRefusedError
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.numbering import next_in_series
from hub.cases.keeping.records import answers_of, steps_of
from hub.cases.keeping.versions import of_case
from hub.cases.letters.issuing.keys import number_of_key
from hub.cases.letters.issuing.offices import office_of, series_of, ward_name
from hub.cases.letters.models import LetterDocument, LetterSignatory
from hub.cases.letters.paper.composing import Holder, Letter, Office, Signatory, compose
from hub.cases.letters.paper.drawing import SealedPaper, draw_letter
from hub.cases.letters.paper.templates import words_of_rule
from hub.cases.letters.paper.words import letter_number, long_date
from hub.cases.machine.answers import Answers
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account

NUMBER_COMES_LATER = "diberi saat ditandatangani"

HolderOf = Callable[[Session, CaseRecord], Holder]


def named_applicant(_db: Session, case: CaseRecord) -> Holder:
    """Return what the case itself knows of its applicant."""
    return Holder(case.applicant_name)


def folder_of(hub_folder: str) -> Path:
    """Return where issued letters lie, below the hub's folder."""
    return Path(hub_folder) / "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What a letter is made of, once it is known that there is one."""

    case: CaseRecord
    definition: ServiceDefinition
    rule: DocumentRule
    office: Office
    holder: Holder
    signatory: Signatory
    account: int
    capacity: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterIssuer:
    """Issues letters; an :data:`hub.cases.keeping.engine.EffectHandler`.

    Attributes:
        key: Gives the key that seals; read when it is needed first.
        address: What the seal begins with, as ``HTTPS://PONTIVE.EXAMPLE.ID/V/``.
        city: As ``Kota Pontianak``.
        zone: The city's.
        folder: Where PDFs are kept.
        random_bytes: Draws the code of a letter.
        holder_of: Knows the applicant.
        reveal: Makes a NIK of an answer readable again.
    """

    key: Callable[[], Ed25519PrivateKey]
    address: str
    city: str
    zone: tzinfo
    folder: Path
    random_bytes: Callable[[int], bytes]
    holder_of: HolderOf = named_applicant
    reveal: Callable[[str], str] = str

    def __call__(self, db: Session, case: CaseRecord, action: Action, now: datetime) -> None:
        """Issue the letter of a case whose signature was just written.

        Raises:
            EffectRefusedError: the letter cannot be written; says why.
        """
        try:
            self._issue(db, case, now)
        except (InputError, LetterError) as error:
            raise EffectRefusedError(str(error)) from error

    def preview(
        self, db: Session, case: CaseRecord, *, account: int, capacity: str, now: datetime
    ) -> Letter | None:
        """Return what somebody would sign, still without a number; ``None``: nothing is issued here.

        Raises:
            InputError: the letter cannot be written; says why.
        """
        if of_case(db, case).document is None:
            return None
        return self._letter(db, self._draft(db, case, account, capacity, now), number=NUMBER_COMES_LATER)

    def _issue(self, db: Session, case: CaseRecord, now: datetime) -> None:
        step = steps_of(db, case)[-1]
        if step.account is None:
            raise InputError("Surat terbit hanya dengan tanda tangan pejabat.")
        draft = self._draft(db, case, step.account, step.capacity, now)
        letter = self._letter(db, draft, number=_next_number(db, draft))
        claim = self._claim(db, draft, letter, now)
        seal = seal_letter(self.key(), claim, address=self.address)
        paper = SealedPaper(seal, claim.code, typed_address(self.address), _until(claim.last_day))
        pdf = draw_letter(letter, paper)
        document = _row(draft, letter, claim, now)
        document.seal = seal
        document.file_sha256, document.file_bytes = put(self.folder, pdf, PDF), len(pdf)
        db.add(document)
        db.flush()
        detail = f"{document.number}; body {document.body_sha256}; file {document.file_sha256}"
        actor = db.get_one(Account, document.signed_by).name
        target = f"letter:{document.code}"
        audit.append(db, at=now, actor=actor, action="letter.issue", target=target, detail=detail)

    def _draft(self, db: Session, case: CaseRecord, account: int, capacity: str, now: datetime) -> _Draft:
        definition = of_case(db, case)
        if definition.document is None:
            raise InputError("Layanan ini tidak menerbitkan surat.")
        return _Draft(
            case=case,
            definition=definition,
            rule=definition.document,
            office=office_of(db, case, definition.document),
            holder=self.holder_of(db, case),
            signatory=_signatory(db, account, capacity),
            account=account,
            capacity=capacity,
            day=now.astimezone(self.zone).date(),
        )

    def _letter(self, db: Session, draft: _Draft, *, number: str) -> Letter:
        return compose(
            words_of_rule(draft.rule),
            draft.definition,
            self._readable(draft.definition, answers_of(draft.case)),
            holder=draft.holder,
            office=draft.office,
            signatory=draft.signatory,
            number=number,
            day=draft.day,
            city=self.city,
            ward_name=lambda code: ward_name(db, code),
        )

    def _claim(self, db: Session, draft: _Draft, letter: Letter, now: datetime) -> LetterClaim:
        nik_tail, days = draft.holder.nik[-4:], draft.rule.valid_days
        return LetterClaim(
            key_number=number_of_key(db, self.key(), now),
            code=code_of(self.random_bytes(5)),
            kind=_short(letter.title),
            number=letter.number,
            kelurahan=draft.case.kelurahan or "",
            issued_on=draft.day,
            last_day=draft.day + timedelta(days=days) if days else None,
            body_hash=letter.digest[:BODY_HASH_BYTES],
            holder=masked_name(draft.holder.name),
            nik_tail=nik_tail if nik_tail.isdecimal() else "",
        )

    def _readable(self, definition: ServiceDefinition, answers: Answers) -> Answers:
        hidden = {field.id for field in definition.fields if field.kind is FieldKind.NIK}
        return {
            name: tuple(map(self.reveal, texts)) if name in hidden else texts
            for name, texts in answers.items()
        }


def _next_number(db: Session, draft: _Draft) -> str:
    serial = next_in_series(db, series_of(draft.case, draft.rule), draft.day.year)
    return letter_number(
        draft.rule.number,
        classification=draft.rule.classification,
        serial=serial,
        unit=draft.office.unit,
        day=draft.day,
    )


def _signatory(db: Session, account_id: int, capacity: str) -> Signatory:
    known, account = db.get(LetterSignatory, account_id), db.get_one(Account, account_id)
    short, _comma, decree = capacity.partition(", ")
    name, rank = (known.full_name, known.rank) if known else (account.display_name, "")
    return Signatory(name, rank, short, decree)


def _row(draft: _Draft, letter: Letter, claim: LetterClaim, now: datetime) -> LetterDocument:
    """Return what the archive keeps, still without seal and file."""
    return LetterDocument(
        code=claim.code,
        case_id=draft.case.id,
        service=draft.case.service,
        title=letter.title,
        number=letter.number,
        classification=draft.rule.classification,
        unit=draft.office.unit,
        holder_name=draft.holder.name[:80],
        kelurahan=claim.kelurahan,
        office=f"{draft.office.rank} {draft.office.name}"[:120],
        signed_by=draft.account,
        signatory=letter.signatory,
        capacity=draft.capacity,
        issued_at=now,
        issued_on=claim.issued_on,
        last_day=claim.last_day,
        body=letter.text,
        body_sha256=letter.digest.hex(),
    )


def _short(title: str) -> str:
    """Return a title as a seal holds it, without the word that all of them begin with."""
    plain = title.removeprefix("Surat ").encode("ascii", "ignore").decode()
    return plain[:MAX_KIND].strip()


def typed_address(address: str) -> str:
    """Return an address as people type it."""
    return address.partition("://")[2].rstrip("/").lower()


def _until(last_day: date | None) -> str:
    return "Berlaku tanpa batas waktu." if last_day is None else f"Berlaku sampai {long_date(last_day)}."
