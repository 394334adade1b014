"""A permit from its filing to the public register, which names nobody and finds nobody by name."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.cases.definition.stages import Stage
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import applicant_actor
from hub.cases.keeping.versions import of_case
from hub.cases.letters.models import LetterDocument
from hub.cases.permits.register import Register, Wanted
from hub.people.models import Opd
from tests.hub.cases.keeping.test_walks import with_opinions
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.office import OTHER_WARD, WARD, Office
from tests.hub.screens import Screens

_LICENSING = "Dinas Penanaman Modal, Tenaga Kerja dan Pelayanan Terpadu Satu Pintu"


@pytest.fixture
def permits(screens: Screens, office: Office, tmp_path: Path) -> LetterOffice:
    with office.writing() as db:
        for number, name in (
            (11, _LICENSING),
            (12, "Dinas Lingkungan Hidup"),
            (13, "Dinas Pemadam Kebakaran"),
        ):
            db.add(Opd(number=number, name=name))
    return LetterOffice(screens.database, now=office.now, folder=tmp_path / "letters")


def issued(office: LetterOffice, **answers: str) -> LetterDocument:
    """A building approval that went all its way: opinions, inspection, fee, payment, signature."""
    number = office.file("pbg", **answers).number
    for role, action in (
        ("licensing-verifier", "lengkap"),
        ("licensing-verifier", "tinjau"),
        ("inspector", "sesuai"),
        ("licensing-verifier", "tetapkan"),
        ("", "sudah_bayar"),
        ("licensing-head", "terbitkan"),
    ):
        if action == "tinjau":
            with_opinions(office, number, office_stage(office, number))
        if role:
            done = office.act_fully(number, office.account(role), action)
        else:
            with office.writing() as db:
                case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
                done = office.act_in(db, case, applicant_actor(case), action)
        assert isinstance(done, CaseRecord), (action, done)
    return office.document(number)


def office_stage(office: Office, number: str) -> Stage:
    with office.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        return of_case(db, case).stage(case.stage)


def test_a_building_approval_ends_in_the_public_register(screens: Screens, permits: LetterOffice) -> None:
    document = issued(permits, address="Jalan Gajah Mada 12", kelurahan=WARD, fee="123456")
    other = issued(permits, address="Jalan Sultan Hamid 3", kelurahan=OTHER_WARD)
    anybody = screens.stranger()

    def shown(query: str = "") -> str:
        answer = anybody.get(f"/izin{query}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    page = shown()
    assert document.number in page
    assert "Jalan Gajah Mada 12" in page
    assert "berlaku" in page
    for secret in ("Siti Aminah", "123456", "109.34", document.code, "Retribusi"):
        assert secret not in page, secret
    for query, finds in (
        ("?cari=gajah+12", True), ("?cari=siti+aminah", False), ("?cari=123456", False),
        (f"?kelurahan={WARD}", True), (f"?kelurahan={OTHER_WARD}", False), ("?tahun=2026", True),
        ("?tahun=2025", False), ("?tahun=99999999999", True), ("?jenis=pbg", True), ("?jenis=tiada", False),
        (f"?sebelum={document.id}", False), (f"?sebelum={other.id}", True),
    ):  # fmt: skip
        assert (document.number in shown(query)) is finds, query
    table = anybody.get("/izin.csv?cari=gajah").get_data(as_text=True)
    assert (document.number in table, other.number in table, "berlaku" in table) == (True, False, True)
    with permits.writing() as db:
        db.get_one(LetterDocument, document.id).revoked_at = permits.now
        db.get_one(LetterDocument, other.id).last_day = permits.now.date() - timedelta(days=2)
    page = shown()
    assert "dicabut" in page
    assert "tidak berlaku lagi" in page
    assert "dicabut" in anybody.get("/izin.csv?cari=gajah").get_data(as_text=True)
    assert "Izin yang terbit" in anybody.get("/layanan").get_data(as_text=True)


def test_a_long_register_comes_by_pages(screens: Screens, permits: LetterOffice) -> None:
    first = issued(permits)
    with permits.writing() as db:
        row = db.get_one(LetterDocument, first.id)
        copied = {
            column.name: getattr(row, column.name)
            for column in LetterDocument.__table__.columns
            if column.name not in ("id", "code", "number")
        }
        for serial in range(45):
            db.add(LetterDocument(code=f"C{serial:07}", number=f"500.16/{serial:04}/X", **copied))
    with screens.database.reading() as db:
        register = Register(db)
        page = register.find(Wanted())
        rest = register.find(Wanted(), below=page.below)
    assert (len(page.permits), len(rest.permits), rest.below) == (30, 16, None)
    assert len({one.number for one in (*page.permits, *rest.permits)}) == 46
    assert "Lebih lama" in screens.stranger().get("/izin").get_data(as_text=True)


def test_without_permits_the_page_says_so(screens: Screens, office: Office) -> None:
    assert "Belum ada izin yang terbit." in screens.stranger().get("/izin").get_data(as_text=True)
    assert "Tidak ada izin yang cocok." in screens.stranger().get("/izin?cari=x").get_data(as_text=True)
