"""Places in a training: the register says how many there are, enrolments take and give them back."""

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.cases.keeping.models import CaseRecord
from hub.people.models import Opd
from hub.people.permissions import Role
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.keeping.service import Actor, Given, add_row
from hub.registers.kind.reading import kind_of
from tests.hub.cases.asking.citizen import send
from tests.hub.cases.asking.conftest import desk  # noqa: F401 (a fixture)
from tests.hub.screens import Screens, clock, csrf_of, screens  # noqa: F401 (fixtures)

FORM = "/layanan/daftar-pelatihan"


def add_training(desk: Screens, code: str, **values: object) -> None:  # noqa: F811 (the fixture)
    with desk.database.writing() as db:
        db.merge(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
        now = desk.clock()
        actor = Actor(name="budi", now=now, today=now.date(), reach=EVERYTHING)
        given = {
            "kode": code,
            "nama": f"Pelatihan {code}",
            "mulai": "2026-12-05",
            "status": "dibuka",
            **values,
        }
        add_row(db, kind_of("pelatihan"), Given(values=given, owner=1), actor)  # type: ignore[arg-type]  # values of a test


def enrol(client: FlaskClient, training: str, name: str = "Siti") -> TestResponse:
    fields = {
        "isi-training": training,
        "isi-name": name,
        "isi-contact": "0811 5700 000",
        "isi-kelurahan": "61.71.01.1002",
        "isi-has_business": "no",
    }
    return send(client, FORM, fields)


def page_of(desk: Screens) -> str:  # noqa: F811 (the fixture)
    return " ".join(desk.stranger().get("/pelatihan").get_data(as_text=True).split())


def test_enrolment_stops_when_a_training_is_full_and_goes_on_when_a_place_is_free(desk: Screens) -> None:  # noqa: F811
    add_training(desk, "PL-7", kuota=3, peserta=1)
    assert "1 dari 3 tempat terisi, <strong>sisa 2" in page_of(desk)
    assert "isi-training=PL-7" in page_of(desk)
    assert enrol(desk.stranger(), "PL-7").status_code == 303
    assert enrol(desk.stranger(), " pelatihan  pl-7 ").status_code == 303, "its name will do"
    late = enrol(desk.stranger(), "PL-7", "Ani Terlambat")
    said = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "sudah penuh" in said
    assert "Ani Terlambat" in said, "what was typed is still there"
    assert "3 dari 3 tempat terisi" in page_of(desk)
    assert "isi-training=PL-7" not in page_of(desk)
    with desk.database.reading() as db:
        number = db.scalars(select(CaseRecord.number).order_by(CaseRecord.id)).first()
    officer = desk.signed_in(Role.LIAISON)
    token = csrf_of(officer, f"/berkas/{number}")
    answer = {"csrf_token": token, "revisi": "1", "catatan": "tidak memenuhi syarat"}
    assert officer.post(f"/berkas/{number}/tindakan/tolak", data=answer).status_code == 303
    assert "sisa 1" in page_of(desk)
    assert enrol(desk.stranger(), "PL-7").status_code == 303


def test_what_is_unknown_closed_or_over_takes_nobody_and_without_a_quota_everybody(desk: Screens) -> None:  # noqa: F811
    add_training(desk, "PL-1", status="selesai")
    add_training(desk, "PL-2", mulai="2026-11-01")
    add_training(desk, "PL-3")
    for training, said in (("PL-1", "ditutup"), ("PL-2", "ditutup"), ("PL-9", "tidak dikenal")):
        refused = enrol(desk.stranger(), training)
        assert refused.status_code == 422
        assert said in refused.get_data(as_text=True)
    assert enrol(desk.stranger(), "PL-3").status_code == 303
    assert "/pelatihan" in desk.stranger().get(FORM).get_data(as_text=True)
