"""Letters issued through the engine: whole or not at all, numbered without gaps, checked afterwards."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from edge.wire.papers.trust import LetterStanding
from hub.cases.attachments.kept import PDF
from hub.cases.attachments.store import find, put
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.models import CaseRecord, RoleDelegation
from hub.cases.letters.checking.service import Checked, LetterCheck
from hub.cases.letters.issuing.documents import document_by_code, documents_of, revoke
from hub.cases.letters.issuing.keys import last_change, trust_of
from hub.cases.letters.issuing.sweeping import sweep_unsigned
from hub.cases.letters.models import LetterDocument, LetterKey, LetterSignatory
from hub.cases.machine.rules import Refusal, Refused
from hub.errors import InputError
from hub.people import audit
from hub.people.models import RoleGrant
from hub.people.permissions import ScopeKind
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.office import WARD


def pdf_of(letters: LetterOffice, document: LetterDocument) -> bytes:
    path = find(letters.folder, document.final_sha256, PDF)
    assert path is not None
    return path.read_bytes()


def test_a_signature_makes_number_seal_file_and_audit_entry(letters: LetterOffice) -> None:
    document = letters.issued()
    assert document.number == "400.12/0001/KEL.DARAT-SEKIP/XI/2026" or document.number.startswith(
        "400.12/0001/KEL."
    )
    assert document.title == "Surat Keterangan Domisili"
    assert (document.issued_on, document.last_day) == (date(2026, 11, 23), date(2027, 5, 22))
    assert letters.check(lambda one: one.text(document.seal)).standing is LetterStanding.GENUINE
    assert letters.check(lambda one: one.file(pdf_of(letters, document))).standing is LetterStanding.GENUINE
    with letters.database.reading() as db:
        assert audit.first_broken(db) is None
        case = db.get_one(CaseRecord, document.case_id)
        assert (case.public_status, [one.code for one in documents_of(db, case)]) == (
            "terbit",
            [document.code],
        )


def test_serials_have_no_gaps_in_an_office_even_when_a_signature_fails(letters: LetterOffice) -> None:
    lurah = letters.lurah()
    first, broken, second = (letters.ready() for _ in range(3))
    assert isinstance(letters.sign(first.number, lurah), CaseRecord)
    with letters.writing() as db:
        db.get_one(CaseRecord, broken.id).applicant_name = "Siti \u6c34"
    refused = letters.sign(broken.number, lurah)
    assert isinstance(refused, Refused)
    assert "tidak ada di huruf surat" in refused.faults[0].text
    assert letters.read(broken.number).stage == "tanda_tangan"
    assert isinstance(letters.sign(second.number, lurah), CaseRecord)
    with letters.database.reading() as db:
        numbers = [number.split("/")[1] for number in db.scalars(select(LetterDocument.number))]
    assert numbers == ["0001", "0002"]


def test_of_two_who_sign_at_once_one_wins_and_one_letter_exists(letters: LetterOffice) -> None:
    lurah, case = letters.lurah(), letters.ready()
    seen = case.revision
    assert isinstance(letters.sign(case.number, lurah, seen), CaseRecord)
    with letters.database.reading() as db:
        assert letters.waiting(case.number, lurah) is None
        assert len(documents_of(db, db.get_one(CaseRecord, case.id))) == 1
    other = letters.ready()
    assert letters.sign(other.number, lurah, other.revision - 1) == Refused(Refusal.CHANGED_MEANWHILE)


def test_nobody_signs_what_they_asked_for_or_checked_themselves(letters: LetterOffice) -> None:
    lurah = letters.lurah()
    own = letters.ready(applicant=Applicant(account=lurah.account_id, name="Lurah"))
    found = letters.waiting(own.number, lurah)
    assert found is not None
    assert found.obstacle is Refusal.OWN_CASE
    both = letters.account("counter-clerk", "lurah", kind=ScopeKind.KELURAHAN, scope=WARD)
    case = letters.file("surat-keterangan-domisili")
    assert isinstance(letters.act(case.number, both, "lengkap"), CaseRecord)
    head = letters.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD)
    assert isinstance(letters.act(case.number, head, "setuju"), CaseRecord)
    found = letters.waiting(case.number, both)
    assert found is not None
    assert found.obstacle is Refusal.FOUR_EYES
    assert letters.sign(case.number, both) == Refused(Refusal.FOUR_EYES)


def test_whoever_acts_for_the_lurah_signs_with_the_decree_under_it(letters: LetterOffice) -> None:
    lurah, deputy = (
        letters.lurah(),
        letters.account("ward-section-head", kind=ScopeKind.KELURAHAN, scope=WARD),
    )
    with letters.writing() as db:
        grant = db.scalars(select(RoleGrant).where(RoleGrant.account_id == lurah.account_id)).one()
        day = letters.now.date()
        db.add(
            RoleDelegation(
                grant_id=grant.id, to_account=deputy.account_id, kind="plh", valid_from=day, valid_to=day,
                decree="SK 800/12/2026", made_by=lurah.account_id, made_at=letters.now,
            )
        )  # fmt: skip
        db.add(LetterSignatory(account_id=deputy.account_id, full_name="Budi, S.IP.", rank="Penata"))
    case = letters.ready()
    found = letters.waiting(case.number, deputy)
    assert found is not None
    assert found.capacity == "Plh., SK 800/12/2026"
    assert isinstance(letters.sign(case.number, deputy), CaseRecord)
    document = letters.document(case.number)
    assert (document.signatory, document.capacity) == ("Budi, S.IP.", "Plh., SK 800/12/2026")
    assert "Plh. Lurah" in document.body
    assert "Penata · SK 800/12/2026" in document.body


def test_a_revoked_letter_says_so_everywhere_and_is_revoked_once(letters: LetterOffice) -> None:
    document = letters.issued()
    with letters.writing() as db:
        row = db.get_one(LetterDocument, document.id)
        with pytest.raises(InputError, match="Tulis alasan"):
            revoke(db, row, account=row.signed_by, actor="lurah", reason=" salah ", now=letters.now)
        revoke(db, row, account=row.signed_by, actor="lurah", reason="Alamat pemohon salah", now=letters.now)
        with pytest.raises(InputError, match="sudah dicabut"):
            revoke(db, row, account=row.signed_by, actor="lurah", reason="Salah alamat lagi", now=letters.now)
    content = pdf_of(letters, document)
    asked: list[Callable[[LetterCheck], Checked]] = [
        lambda one: one.text(document.seal),
        lambda one: one.code(document.code.lower()),
        lambda one: one.file(content),
    ]
    assert {letters.check(ask).standing for ask in asked} == {LetterStanding.REVOKED}
    with letters.database.reading() as db:
        trust = trust_of(db, addresses=letters.addresses, today=document.issued_on, now=letters.now)
        assert trust.revoked == (document.code,)
        assert document.last_day is not None
        after = document.last_day + timedelta(days=1)
        later = trust_of(db, addresses=letters.addresses, today=after, now=letters.now)
        assert later.revoked == (), "a letter that ran out needs no place in the list"
        assert last_change(db)[2:] == (1, letters.now)


def test_letters_expire_and_the_seal_of_a_former_key_stays_good(letters: LetterOffice) -> None:
    old = letters.issued()
    letters.key = Ed25519PrivateKey.from_private_bytes(bytes(range(9, 41)))
    new = letters.issued()
    with letters.database.reading() as db:
        assert list(db.scalars(select(LetterKey.number).order_by(LetterKey.number))) == [1, 2]
    both = (letters.check(lambda one: one.text(old.seal)), letters.check(lambda one: one.text(new.seal)))
    assert {found.standing for found in both} == {LetterStanding.GENUINE}
    assert letters.check(lambda one: one.text(old.seal), after_days=400).standing is LetterStanding.EXPIRED
    letters.addresses = ("HTTPS://BARU.EXAMPLE.ID/V/", *letters.addresses)
    payload = old.seal.rpartition("/")[2].lower()
    assert letters.check(lambda one: one.payload(payload)).standing is LetterStanding.GENUINE


def test_an_altered_file_with_a_genuine_seal_is_told_apart_from_a_foreign_one(letters: LetterOffice) -> None:
    document = letters.issued()
    content = pdf_of(letters, document)
    altered = letters.check(lambda one: one.file(content + b"\n%"))
    assert altered.standing is LetterStanding.ALTERED
    assert altered.document is not None
    assert letters.check(lambda one: one.file(b"%PDF-1.4 something else")).standing is LetterStanding.UNKNOWN
    assert letters.check(lambda one: one.payload("RUSAK")).standing is LetterStanding.ALTERED
    assert letters.check(lambda one: one.code("AAAA AAAA")).standing is LetterStanding.UNKNOWN


def test_a_seal_that_no_archive_knows_is_not_vouched_for(letters: LetterOffice) -> None:
    document = letters.issued()
    with letters.writing() as db:
        found = document_by_code(db, document.code)
        assert found is not None
        found.code = "AAAAAAAA"
    assert letters.check(lambda one: one.text(document.seal)).standing is LetterStanding.UNKNOWN


def test_files_of_signatures_that_never_came_about_are_swept_and_no_others(letters: LetterOffice) -> None:
    document = letters.issued()
    stray = put(letters.folder, b"%PDF-1.4 never committed", PDF)
    later = datetime.now(UTC) + timedelta(days=3)
    assert sweep_unsigned(letters.database, letters.folder, datetime.now(UTC)) == 0
    assert sweep_unsigned(letters.database, letters.folder, later) == 1
    assert find(letters.folder, stray, PDF) is None
    assert pdf_of(letters, document).startswith(b"%PDF-")
