"""An office whose letters are really issued: key, folder of PDFs, a lurah, and the way to the signature."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from edge.wire.hadir.pin import hash_pin
from hub.cases.definition.stages import Effect
from hub.cases.keeping.engine import Applicant, CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.checking.service import Checked, LetterCheck
from hub.cases.letters.issuing.issuer import LetterIssuer
from hub.cases.letters.models import LetterDocument
from hub.cases.letters.paper.composing import Holder
from hub.cases.letters.signing.service import Waiting, sign, waiting
from hub.cases.machine.rules import Refused
from hub.people.models import Person, PersonAccount
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.letters.samples import ADDRESS, KEY
from tests.hub.cases.office import WARD, ZONE, Office

PIN = "2580"


@dataclass
class LetterOffice(Office):
    """An office that issues letters."""

    folder: Path = Path()
    key: Ed25519PrivateKey = KEY
    addresses: tuple[str, ...] = (ADDRESS,)
    chance: random.Random = field(default_factory=lambda: random.Random(20261122))

    @property
    def issuer(self) -> LetterIssuer:
        """Issues with the present key."""
        return LetterIssuer(
            key=lambda: self.key,
            address=self.addresses[0],
            city="Kota Pontianak",
            zone=ZONE,
            folder=self.folder,
            random_bytes=self.chance.randbytes,
            holder_of=lambda _db, case: Holder(case.applicant_name, nik="6171044108900004"),
        )

    @property
    def engine(self) -> CaseEngine:
        """As that of the office, but letters come out."""
        plain = super().engine
        return replace(plain, effects={**plain.effects, Effect.ISSUE_DOCUMENT: self.issuer})

    def lurah(self) -> Viewer:
        """Make a lurah with a PIN."""
        who = self.account("lurah", kind=ScopeKind.KELURAHAN, scope=WARD)
        with self.writing() as db:
            person = Person(
                number=900 + who.account_id, short_name="Lurah", changed_at=self.now, is_active=True
            )
            person.pin_hash = hash_pin(PIN, bytes(16))
            db.add(person)
            db.flush()
            db.add(PersonAccount(account_id=who.account_id, person_number=person.number))
        return who

    def ready(
        self, service: str = "surat-keterangan-domisili", applicant: Applicant | None = None
    ) -> CaseRecord:
        """File a letter and bring it to the lurah's desk, checked by others."""
        case = self.file(service, applicant)
        clerk = self.account("counter-clerk", kind=ScopeKind.KELURAHAN, scope=WARD)
        head = self.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD)
        assert isinstance(self.act(case.number, clerk, "lengkap"), CaseRecord)
        moved = self.act(case.number, head, "setuju")
        assert isinstance(moved, CaseRecord), moved
        return moved

    def waiting(self, number: str, who: Viewer) -> Waiting | None:
        """Return what somebody could sign."""
        with self.database.reading() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            return waiting(db, self.engine, case, who, self.now)

    def sign(self, number: str, who: Viewer, seen: int | None = None) -> CaseRecord | Refused:
        """Sign as somebody whose PIN was right."""
        with self.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            found = waiting(db, self.engine, case, who, self.now)
            assert found is not None
            return sign(db, self.engine, found, seen=seen, now=self.now)

    def issued(self, service: str = "surat-keterangan-domisili") -> LetterDocument:
        """Return a letter that was issued just now."""
        case = self.ready(service)
        done = self.sign(case.number, self.lurah())
        assert isinstance(done, CaseRecord), done
        return self.document(case.number)

    def document(self, number: str) -> LetterDocument:
        """Return the letter of a case."""
        query = select(LetterDocument).join(CaseRecord, CaseRecord.id == LetterDocument.case_id)
        with self.database.reading() as db:
            return db.scalars(query.where(CaseRecord.number == number)).one()

    def check(self, ask: Callable[[LetterCheck], Checked], after_days: int = 0) -> Checked:
        """Check a letter some days from now."""
        now = self.now + timedelta(days=after_days)
        with self.database.reading() as db:
            return ask(LetterCheck(db, self.addresses, now.astimezone(ZONE).date(), now))


@pytest.fixture
def letters(office: Office, tmp_path: Path) -> LetterOffice:
    """The office of one test, with a folder for its letters."""
    return LetterOffice(office.database, folder=tmp_path / "letters")
