"""The desk of complaints: cameras beside a case, joining, splitting, public words; everything is noted."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from hub.cases.complaints.models import ComplaintWording
from hub.cases.keeping.models import CaseFile, CaseRecord, CaseStep
from hub.cctv.pictures.models import PictureLook
from hub.ingest.models import Still
from hub.people.models import AuditEntry
from hub.people.permissions import Role, ScopeKind
from hub.places.models import CityCamera, Device, Site
from tests.hub.cases.complaints.conftest import HOLE, OPDS, Town
from tests.hub.cases.complaints.filing.test_page import photo
from tests.hub.screens import csrf_of


def press(client: FlaskClient, path: str, **fields: str) -> int:
    return client.post(path, data={"csrf_token": csrf_of(client, "/sandi"), **fields}).status_code


CAMERA = "pi-jawi/utara"


@pytest.fixture
def tugu(town: Town) -> Town:
    """A city with a camera that looks north at the monument on the equator."""
    screens = town.screens
    screens.city.load()
    device, _slash, name = CAMERA.partition("/")
    screens.city.still(device, name, screens.clock())
    with screens.database.writing() as db:
        site = db.get_one(Site, db.get_one(Device, device).site)
        site.latitude, site.longitude = -0.0005, 109.322
        camera = db.get_one(CityCamera, (device, name))
        camera.heading_deg, camera.field_of_view_deg, camera.view_range_m = 0.0, 60.0, 120.0
        camera.kind = "fixed"
    return town


def test_the_case_offers_the_camera_and_its_picture_is_attached_with_a_purpose(tugu: Town) -> None:
    case, operator = tugu.file(), tugu.screens.signed_in(Role.OPERATOR)
    page = operator.get(f"/berkas/{case.number}").get_data(as_text=True)
    assert f'value="{CAMERA}" checked' in page
    path = f"/berkas/{case.number}/kamera"
    assert press(operator, path, kamera=CAMERA, tujuan="service", saat="sebelum") == 303
    assert press(operator, path, kamera=CAMERA, tujuan="", saat="sebelum") == 303
    assert press(operator, path, kamera="pi-lain/cam1", tujuan="service") == 303
    with tugu.screens.database.reading() as db:
        [file] = db.scalars(select(CaseFile)).all()
        [look] = db.scalars(select(PictureLook)).all()
        assert (file.requirement, file.source) == ("foto", "camera")
        assert (look.purpose, f"{look.device}/{look.camera}") == ("service", CAMERA)
        actions = db.scalars(select(AuditEntry.action)).all()
    assert {"camera.picture", "complaint.still"} <= set(actions)
    assert tugu.screens.stranger().get(f"/laporan/{case.number}/foto/{file.id}.jpg").status_code == 404


def test_a_camera_without_a_picture_and_a_complaint_without_a_place_say_so(tugu: Town) -> None:
    case, nowhere = tugu.file(), tugu.file(latitude="", longitude="", kelurahan="61.71.04.1004")
    operator = tugu.screens.signed_in(Role.OPERATOR)
    with tugu.screens.database.writing() as db:
        db.execute(delete(Still))

    def told(number: str) -> str:
        data = {"csrf_token": csrf_of(operator, "/sandi"), "kamera": CAMERA, "tujuan": "service"}
        return operator.post(f"/berkas/{number}/kamera", data=data, follow_redirects=True).get_data(
            as_text=True
        )

    assert "belum punya gambar" in told(case.number)
    assert "tidak punya tempat" in told(nowhere.number)
    with tugu.screens.database.reading() as db:
        assert db.scalars(select(CaseFile)).all() == []


def test_an_after_still_lets_the_opd_finish_without_going_out_with_a_phone(tugu: Town) -> None:
    case = tugu.file()
    operator = tugu.screens.signed_in(Role.OPERATOR, name="operator")
    liaison = tugu.screens.signed_in(Role.LIAISON, kind=ScopeKind.OPD, scope="1")
    assert _act(operator, tugu, case, "teruskan", opd="1") == 303
    assert _act(liaison, tugu, case, "kerjakan", catatan="regu berangkat") == 303
    assert "Ambil gambar sesudah" not in liaison.get(f"/berkas/{case.number}").get_data(as_text=True)
    refused = _act(liaison, tugu, case, "selesaikan", catatan="sudah ditambal")
    assert refused == 422, "a photo of the finished work is asked for"
    supervisor = tugu.screens.signed_in(Role.SUPERVISOR)
    assert "Ambil gambar sesudah" in supervisor.get(f"/berkas/{case.number}").get_data(as_text=True)
    path = f"/berkas/{case.number}/kamera"
    assert press(supervisor, path, kamera=CAMERA, tujuan="service", saat="sesudah") == 303
    assert _act(liaison, tugu, case, "selesaikan", catatan="sudah ditambal") == 303
    with tugu.screens.database.reading() as db:
        assert db.get_one(CaseRecord, case.id).public_status == "diselesaikan"
    page = tugu.screens.stranger().get(f"/laporan/{case.number}").get_data(as_text=True)
    assert "Selesai dikerjakan" in page
    assert OPDS[1] in page


def _act(client: FlaskClient, town: Town, case: CaseRecord, action: str, **fields: str) -> int:
    with town.screens.database.reading() as db:
        revision = db.get_one(CaseRecord, case.id).revision
    return press(client, f"/berkas/{case.number}/tindakan/{action}", revisi=str(revision), **fields)


def test_joining_leads_to_the_other_and_twins_are_offered(town: Town) -> None:
    first = town.file()
    town.screens.clock.advance(minutes=1)
    second = town.file(text="Lubang besar, motor jatuh lagi di jalan")
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    page = coordinator.get(f"/berkas/{second.number}").get_data(as_text=True)
    assert first.number in page
    assert "Gabung ke sini" in page
    path = f"/berkas/{second.number}/gabung"
    assert press(coordinator, path, ke=second.number, revisi="1") == 303
    assert press(coordinator, path, ke=first.number, revisi="1") == 303
    with town.screens.database.reading() as db:
        joined = db.get_one(CaseRecord, second.id)
        assert (joined.merged_into, joined.stage) == (first.id, "digabung")
    client = town.screens.stranger()
    assert f"/laporan/{first.number}" in client.get(f"/laporan/{second.number}").get_data(as_text=True)
    assert second.number not in client.get("/laporan").get_data(as_text=True)
    [update] = [
        one for one in json.loads(client.get("/open311/v2/servicerequestupdates.json").data)
        if one["status"] == "DUPLICATE"
    ]  # fmt: skip
    assert update["service_request_id"] == second.number


def test_nothing_is_joined_to_a_closed_one_and_only_a_secret_one_to_a_secret_one(town: Town) -> None:
    secret, closed, hidden = town.file(identity="rahasia"), town.file(), town.file(identity="rahasia")
    case, coordinator = town.file(), town.screens.signed_in(Role.COORDINATOR)
    assert _act(coordinator, town, closed, "arsipkan", catatan="tidak ada tanggapan") == 303
    for target in (secret, closed):
        assert press(coordinator, f"/berkas/{case.number}/gabung", ke=target.number, revisi="1") == 303
        assert _act(coordinator, town, case, "gabung", catatan=f"sama dengan {target.number}") == 422
    assert press(coordinator, f"/berkas/{hidden.number}/gabung", ke=secret.number, revisi="1") == 303
    with town.screens.database.reading() as db:
        found = [db.get_one(CaseRecord, one.id) for one in (case, hidden)]
        assert [one.merged_into for one in found] == [None, secret.id]
        assert found[0].stage == "diterima"


def test_joining_from_the_list_of_actions_needs_the_number_of_the_other(town: Town) -> None:
    first = town.file()
    second, coordinator = town.file(), town.screens.signed_in(Role.COORDINATOR)
    assert _act(coordinator, town, second, "gabung", catatan="sudah ada") == 422
    assert _act(coordinator, town, second, "gabung", catatan=f"sama dengan {first.number.lower()}") == 303
    with town.screens.database.reading() as db:
        assert db.get_one(CaseRecord, second.id).merged_into == first.id


def test_splitting_makes_one_more_with_place_and_photos(town: Town) -> None:
    assert town.send(**HOLE, **{"berkas-foto": (photo(), "a.jpg")}).status_code == 303
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    path = f"/berkas/{case.number}/pisah"
    page = coordinator.get(f"/berkas/{case.number}").get_data(as_text=True)
    token = re.findall(r'name="kiriman" value="([^"]+)"', page)[0]
    part = {"category": "lampu", "text": "Lampu di tempat itu juga mati", "revisi": str(case.revision)}
    for _press in range(2):
        assert press(coordinator, path, **part, kiriman=token) == 303, "a double press makes one"
    assert press(coordinator, path, **(part | {"revisi": "0"})) == 303, "a page that has grown old makes none"
    assert press(coordinator, path, category="apa", text="x", revisi=part["revisi"]) == 303
    with town.screens.database.reading() as db:
        made = db.scalars(select(CaseRecord).where(CaseRecord.category == "lampu")).one()
        assert (made.latitude, made.longitude) == (0.0, 109.322)
        files = db.scalars(select(CaseFile).order_by(CaseFile.id)).all()
        assert [file.sha256 for file in files] == [files[0].sha256] * 2


def test_whoever_filed_the_whole_follows_the_part_with_the_same_pin(town: Town) -> None:
    client = town.screens.stranger()
    answer = town.send(client, **HOLE)
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    receipt = client.get(answer.location).get_data(as_text=True)
    pin = re.findall(r"(?<!-)\b[0-9]{6}\b(?=</)", receipt)[0]
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    page = coordinator.get(f"/berkas/{case.number}").get_data(as_text=True)
    token = re.findall(r'name="kiriman" value="([^"]+)"', page)[0]
    part = {"category": "lampu", "text": "Lampu di tempat itu juga mati", "revisi": str(case.revision)}
    assert press(coordinator, f"/berkas/{case.number}/pisah", **part, kiriman=token) == 303
    with town.screens.database.reading() as db:
        made = db.scalars(select(CaseRecord).where(CaseRecord.part_of == case.id)).one()
    path = f"/lacak/{case.tracking_code}"
    assert made.tracking_code in client.get(path).get_data(as_text=True)
    stranger = town.screens.stranger().get(path).get_data(as_text=True)
    assert made.number in stranger
    assert made.tracking_code not in stranger
    assert press(client, f"/lacak/{made.tracking_code}/pin", pin=pin) == 303
    assert "PIN, untuk menjawab" not in client.get(f"/lacak/{made.tracking_code}").get_data(as_text=True)


def test_moderation_needs_a_reason_and_keeps_every_wording(town: Town) -> None:
    case, coordinator = town.file(), town.screens.signed_in(Role.COORDINATOR)
    path = f"/berkas/{case.number}/moderasi"
    words = {"title": "Jalan rusak", "text": "Lubang di jalan."}
    assert press(coordinator, path, **words) == 303
    assert press(coordinator, path, **words, alasan="nama orang dihapus") == 303
    assert press(coordinator, path, **words, alasan="kasar", sembunyikan="ya") == 303
    with town.screens.database.reading() as db:
        reasons = db.scalars(select(ComplaintWording.reason).order_by(ComplaintWording.id)).all()
    assert reasons == ["nama orang dihapus", "kasar"]
    assert town.screens.stranger().get(f"/laporan/{case.number}").status_code == 404


def test_ready_answers_stand_in_the_form_and_photos_are_hidden(town: Town) -> None:
    assert town.send(**HOLE, **{"berkas-foto": (photo(), "a.jpg")}).status_code == 303
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    with town.screens.database.reading() as db:
        case = db.scalars(select(CaseRecord)).one()
    page = coordinator.get(f"/berkas/{case.number}").get_data(as_text=True)
    assert "Balasan siap pakai" in page
    form = coordinator.get(f"/berkas/{case.number}/tindakan/arsipkan?catatan=Sudah+kami+gabungkan")
    assert "Sudah kami gabungkan" in form.get_data(as_text=True)
    assert press(coordinator, f"/berkas/{case.number}/foto/1/tampilan", sembunyikan="ya") == 303
    with town.screens.database.reading() as db:
        assert db.scalars(select(CaseFile.is_hidden)).one() is True


def test_reopening_reaches_the_opd_with_a_step_of_its_own(town: Town) -> None:
    case = town.file()
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    assert _act(coordinator, town, case, "arsipkan", catatan="tidak ada tanggapan") == 303
    assert _act(coordinator, town, case, "buka_lagi", catatan="warga menelepon") == 303
    with town.screens.database.reading() as db:
        steps = db.scalars(select(CaseStep.action).order_by(CaseStep.seq)).all()
        again = db.get_one(CaseRecord, case.id)
    assert steps == ["file", "arsipkan", "buka_lagi"]
    assert (again.stage, again.closed_at) == ("diterima", None)
    assert again.stage_due_at is not None
    assert again.stage_due_at > town.screens.clock() + timedelta(days=2)


def test_strangers_and_other_roles_get_404(town: Town) -> None:
    case = town.file()
    for role in (Role.EMPLOYEE, Role.TECHNICIAN, Role.LURAH):
        client = town.screens.signed_in(role)
        for path in ("kamera", "gabung", "pisah", "moderasi", "foto/1/tampilan"):
            assert press(client, f"/berkas/{case.number}/{path}") == 404, (role, path)
    letters = town.screens.signed_in(Role.COORDINATOR)
    assert press(letters, "/berkas/SRT-2026-000001/moderasi") == 404
