"""Tasks outside: nearest or most urgent first, photos one at a time, closing asks for the one afterwards."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hub.cases.field.tasks import tasks_of
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people.models import Account, AuditEntry
from hub.people.permissions import Role, ScopeKind
from tests.hub.cases.office import OTHER_WARD, PUPR, Office
from tests.hub.screens import Screens, csrf_of


def photo(colour: str = "grey") -> io.BytesIO:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    content.seek(0)
    return content


def send(client: FlaskClient, number: str, file: io.BytesIO | None, wanted: str) -> TestResponse:
    data: dict[str, object] = {"csrf_token": csrf_of(client, f"/lapangan/{number}"), "untuk": wanted}
    if file is not None:
        data["foto"] = (file, "foto.jpg")
    return client.post(f"/lapangan/{number}/foto", data=data)


def at_work(screens: Screens, office: Office, place: str, **answers: str) -> str:
    """A complaint that the OPD works on, at a place."""
    number = office.file("pengaduan", category="jalan", place=place, **answers).number
    coordinator = office.account("coordinator")
    assert isinstance(office.act_fully(number, coordinator, "teruskan"), CaseRecord)
    liaison = office.account("liaison", kind=ScopeKind.OPD, scope=str(PUPR))
    assert isinstance(office.act_fully(number, liaison, "kerjakan"), CaseRecord)
    return number


@pytest.fixture
def officer(screens: Screens, office: Office) -> FlaskClient:
    return screens.signed_in(Role.FIELD_OFFICER, name="lapangan", kind=ScopeKind.OPD, scope=str(PUPR))


def test_tasks_stand_by_urgency_or_by_distance(
    screens: Screens, office: Office, officer: FlaskClient
) -> None:
    far = at_work(screens, office, "-0.080000,109.300000", title="Lubang yang jauh")
    near = at_work(screens, office, "0.000000,109.320000", title="Lubang di khatulistiwa")
    with office.writing() as db:
        db.execute(update(CaseRecord).where(CaseRecord.number == near).values(kelurahan=OTHER_WARD))
    with screens.database.reading() as db:
        who = db.scalars(select(Account.id).where(Account.name == "lapangan")).one()
        by_due = tasks_of(db, account_id=who, near=None, now=office.now)
        by_way = tasks_of(db, account_id=who, near=(0.001, 109.32), now=office.now)
    assert [task.case.number for task in by_due] == [far, near]
    assert [task.case.number for task in by_way] == [near, far]
    assert by_way[0].distance_m == pytest.approx(111, abs=1)

    def order(query: str) -> bool:
        text = officer.get(f"/lapangan{query}").get_data(as_text=True)
        return text.index("Lubang di khatulistiwa") < text.index("Lubang yang jauh")

    assert not order("")
    assert order("?lat=0.001&lon=109.32")
    for nonsense in ("?lat=x&lon=1", "?lat=95&lon=0", "?lat=nan&lon=0", "?dari=tiada"):
        assert not order(nonsense)
    assert officer.get(f"/lapangan?dari={OTHER_WARD}").status_code == 200


def test_a_photo_before_and_one_after_and_the_case_is_closed(
    screens: Screens, office: Office, officer: FlaskClient
) -> None:
    number = at_work(screens, office, "-0.026330,109.342500")
    page = officer.get(f"/lapangan/{number}").get_data(as_text=True)
    assert "geo:-0.026330,109.342500" in page
    assert "diminta sebelum selesai" in page
    path = f"/berkas/{number}/tindakan/selesaikan"
    fields = {
        "csrf_token": csrf_of(officer, path),
        "revisi": "3",
        "catatan": "Ditambal",
        "kembali": "lapangan",
    }
    early = officer.post(path, data=fields)
    assert early.status_code == 422, "closing asks for the photo afterwards"
    assert 'name="kembali" value="lapangan"' in early.get_data(as_text=True)
    assert send(officer, number, photo(), "foto").status_code == 303
    assert send(officer, number, photo("white"), "foto_sesudah").status_code == 303
    done = officer.post(path, data=fields)
    assert (done.status_code, done.location) == (303, f"/lapangan/{number}")
    with screens.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        files = db.scalars(select(CaseFile).where(CaseFile.case_id == case.id, CaseFile.source == "officer"))
        kinds = sorted(file.requirement for file in files if file.width_px == 40)
        acts = db.scalars(select(AuditEntry.action).where(AuditEntry.object == f"case:{number}")).all()
    assert (case.stage, kinds) == ("menunggu_tanggapan", ["foto", "foto_sesudah"])
    assert acts.count("case.photo") == 2
    assert "Tidak ada tugas." in officer.get("/lapangan").get_data(as_text=True)


def test_what_is_no_photo_or_not_wanted_is_said(
    screens: Screens, office: Office, officer: FlaskClient
) -> None:
    number = at_work(screens, office, "-0.026330,109.342500")
    for file, wanted, words in (
        (None, "foto", "Pilih atau ambil fotonya dahulu."),
        (io.BytesIO(b"GIF89a no picture"), "foto", "Foto "),
        (photo(), "ktp", "tidak diminta pada tahap sekarang"),
    ):
        answer = send(officer, number, file, wanted)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True), wanted
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        have = db.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).all()
        row = have[0]
        for _ in range(5):
            db.add(
                CaseFile(
                    case_id=case.id, requirement="foto_sesudah", sha256=row.sha256, media_type="image/jpeg",
                    size_bytes=1, source="officer", step_seq=1, added_at=office.now,
                )
            )  # fmt: skip
    full = send(officer, number, photo(), "foto_sesudah")
    assert "tidak dapat lebih" in full.get_data(as_text=True)


def test_a_stranger_to_the_case_sees_none_and_who_cannot_act_adds_nothing(
    screens: Screens, office: Office, officer: FlaskClient
) -> None:
    number = office.file("pengaduan", category="lampu").number
    assert officer.get(f"/lapangan/{number}").status_code == 404
    assert officer.get("/lapangan/PGD-2026-999999").status_code == 404
    other = at_work(screens, office, "-0.026330,109.342500")
    watcher = screens.signed_in(Role.COORDINATOR)
    assert send(watcher, other, photo(), "foto").status_code == 404
