"""What letters are put together from: offices, holders, how long they are kept, what is configured."""

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.nik import NikBox
from hub.cases.definition.service import DocumentRule
from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.archive.retention import Keeping, keeping_of
from hub.cases.letters.archive.service import Sought, find_letters, letter_for
from hub.cases.letters.issuing.holders import citizens_known_to, readable
from hub.cases.letters.issuing.keys import number_of_key
from hub.cases.letters.issuing.offices import office_of, series_of, ward_name
from hub.cases.letters.models import LetterKey
from hub.cases.letters.signing.links import link_of
from hub.cases.letters.wiring import open_letters
from hub.cases.machine.rules import Refused
from hub.config import HubConfig, LetterSettings
from hub.errors import ConfigError, InputError
from hub.people.permissions import ScopeKind
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.letters.samples import KEY
from tests.hub.cases.office import PUPR, WARD


def rule(signed_by: str) -> DocumentRule:
    return DocumentRule(template="umum", number="{serial}", classification="400.12", signed_by=signed_by)


def test_lurah_camat_and_head_of_an_opd_write_under_their_own_heads(letters: LetterOffice) -> None:
    case = CaseRecord(kelurahan=WARD, kecamatan="61.71.01", opd=PUPR)
    with letters.database.reading() as db:
        lurah, camat, head = (office_of(db, case, rule(one)) for one in ("lurah", "camat", "licensing-head"))
        assert lurah.head[0].startswith("Kecamatan ")
        assert lurah.head[1] == f"Kelurahan {ward_name(db, WARD)}"
        assert ward_name(db, "61.71.09.1001") == "61.71.09.1001"
    assert (camat.rank, camat.unit[:4]) == ("Camat", "KEC.")
    assert (head.rank, head.name) == ("Kepala", "Dinas Pekerjaan Umum dan Penataan Ruang")
    assert [series_of(case, rule(one)) for one in ("lurah", "camat", "licensing-head")] == [
        f"surat:{WARD}",
        "surat:61.71.01",
        f"surat:{PUPR}",
    ]


@pytest.mark.parametrize("signed_by", ["lurah", "camat", "licensing-head"])
def test_a_case_that_belongs_nowhere_gets_no_number_and_says_why(
    letters: LetterOffice, signed_by: str
) -> None:
    with letters.database.reading() as db, pytest.raises(InputError, match="Berkas"):
        office_of(db, CaseRecord(), rule(signed_by))


def test_a_letter_that_the_camat_signs_walks_through_the_kecamatan(letters: LetterOffice) -> None:
    case = letters.file("surat-keterangan-penelitian")
    steps = (("counter-clerk", "lengkap"), ("district-section-head", "setuju"))
    for role, action in steps:
        who = letters.account(role, kind=ScopeKind.KECAMATAN, scope="61.71.01")
        moved = letters.act(case.number, who, action)
        assert isinstance(moved, CaseRecord), moved
    camat = letters.account("camat", kind=ScopeKind.KECAMATAN, scope="61.71.01")
    assert not isinstance(letters.sign(case.number, camat), Refused)
    assert "/KEC." in letters.document(case.number).number


def test_a_citizen_is_named_with_the_nik_opened_and_a_closed_one_stays_masked(letters: LetterOffice) -> None:
    box, other = NikBox(bytes(32)), NikBox(bytes([1]) * 32)
    now = letters.now
    with letters.writing() as db:
        person = CitizenPerson(
            name="Siti", nik_kept=box.hide("6171044108900004"), nik_digest="x", birth_date=date(1990, 8, 1),
            kelurahan=WARD, match="cocok", matched_at=now, added_at=now, changed_at=now,
        )  # fmt: skip
        db.add(person)
        db.flush()
        case = CaseRecord(applicant_person=person.id)
        assert citizens_known_to(lambda: box)(db, case).nik == "6171044108900004"
        assert citizens_known_to(lambda: other)(db, case).nik == "6171**********04"
        assert citizens_known_to(lambda: box)(db, CaseRecord(applicant_name="Budi")).name == "Budi"
    assert readable(box, "6171**********04") == "6171**********04"


def test_letters_are_kept_by_their_classification() -> None:
    issued = date(2026, 11, 22)
    life = [keeping_of("400.12", issued, date(year, 12, 31)) for year in (2026, 2028, 2029, 2031, 2032)]
    assert life == [Keeping.ACTIVE, Keeping.ACTIVE, Keeping.INACTIVE, Keeping.INACTIVE, Keeping.DUE]
    assert keeping_of("500.17.2", issued, date(2060, 1, 1)) is Keeping.PERMANENT
    assert keeping_of("500.17", issued, date(2028, 1, 1)) is Keeping.ACTIVE


def test_who_has_no_role_with_letters_finds_none(letters: LetterOffice) -> None:
    document, nobody = letters.issued(), letters.account()
    with letters.database.reading() as db:
        assert find_letters(db, nobody.account_id, Sought(), now=letters.now) == ()
        assert letter_for(db, nobody.account_id, document.code, now=letters.now) is None


def test_a_letter_is_found_by_the_name_that_people_used_before(letters: LetterOffice) -> None:
    document = letters.issued("surat-keterangan-tidak-mampu")
    assert "SKTM" not in document.title
    with letters.database.reading() as db:
        found = find_letters(db, document.signed_by, Sought("sktm 2026 aminah"), now=letters.now)
        assert [one.code for one in found] == [document.code]
        for words in ("imb", "100%", "sktm budi"):
            assert find_letters(db, document.signed_by, Sought(words), now=letters.now) == []


def test_keys_have_numbers_until_255_are_used_up(letters: LetterOffice) -> None:
    with letters.writing() as db:
        assert number_of_key(db, KEY, letters.now) == number_of_key(db, KEY, letters.now) == 1
        db.scalars(select(LetterKey)).one().number = 255
        db.flush()
        with pytest.raises(ConfigError, match="255 keys"):
            number_of_key(db, Ed25519PrivateKey.generate(), letters.now)


def test_a_notification_leads_to_the_page_where_one_acts() -> None:
    waiting = CaseRecord(number="SRT-1", public_status="menunggu-tanda-tangan")
    assert link_of(waiting) == "/tanda-tangan/SRT-1"
    assert link_of(CaseRecord(number="SRT-1", public_status="diproses")) == "/berkas/SRT-1"


def test_a_gateway_needs_its_password(tmp_path: Path) -> None:
    password = tmp_path / "gateway.password"
    settings = LetterSettings(gateway="https://tte.example.id", gateway_password_file=str(password))
    config = HubConfig(folder=str(tmp_path), letters=settings)
    with pytest.raises(ConfigError, match=r"gateway\.password"):
        open_letters(config, nik_box=lambda: NikBox(bytes(32)))
    password.write_text("kunci\n")
    desk = open_letters(config, nik_box=lambda: NikBox(bytes(32)))
    assert desk.certified is not None
    assert desk.issuer.reveal("6171**********04") == "6171**********04"
