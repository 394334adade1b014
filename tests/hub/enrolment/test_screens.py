"""The technician's pages, certificates and sign-off, through a browser's eyes without a browser."""

import io
import re

from flask import g
from PIL import Image
from sqlalchemy import select

from edge.wire.joining.claims import read_claim_code
from edge.wire.joining.enrolment import Enrolled
from hub.cases.attachments.kept import RefusedUpload
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.models import Commissioning, DeviceClaim
from hub.enrolment.screens import signing_views
from hub.ingest.models import DevicePresence, Still
from hub.people.models import AuditEntry
from hub.people.permissions import Role, ScopeKind
from tests.hub.enrolment.conftest import Office, blank
from tests.hub.screens import csrf_of

SITE = "/teknisi/pemasangan/jawi"
CODE = re.compile(r'name="kode" value="([0-9A-Z-]{44})"')


def make_code(client, **fields: str):
    form = {"perangkat": "pi-jawi", "peran": "camera", **fields}
    return client.post(f"{SITE}/kode", data={"csrf_token": csrf_of(client, "/sandi"), **form})


def test_a_technician_makes_a_code_that_enrols_a_device_and_prints_its_label(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    assert "Simpang" in client.get("/teknisi/pemasangan").get_data(as_text=True)
    assert "Tidak ada titik bernama itu" in client.get("/teknisi/pemasangan?cari=zzz").get_data(as_text=True)
    page = make_code(client, **{"sumber-utara": "rtsp://10.0.0.9/s"})
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    found = CODE.search(text)
    assert found is not None
    assert "hanya tampil sekali" in text
    assert "<svg" in text
    code = read_claim_code(found.group(1))
    assert str(code) not in client.get(SITE).get_data(as_text=True)
    label = client.post(
        f"/teknisi/kode/{code.id}/label", data={"csrf_token": csrf_of(client, "/sandi"), "kode": str(code)}
    )
    assert label.data.startswith(b"%PDF")
    assert label.headers["Cache-Control"] == "no-store"
    enrolled = office.ask(blank(code))
    assert isinstance(enrolled, Enrolled)
    assert {one.id: one.source for one in enrolled.cameras}["utara"] == "rtsp://10.0.0.9/s"
    assert "terpasang, belum diserahterimakan" in client.get(SITE).get_data(as_text=True)


def test_a_label_is_printed_for_its_own_code_only(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    one, other = office.code(), office.code("pi-tugu", site="tugu")
    token = csrf_of(client, "/sandi")
    for text in (str(other), "kode", ""):
        answer = client.post(f"/teknisi/kode/{one.id}/label", data={"csrf_token": token, "kode": text})
        assert answer.status_code == 422


def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_made(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    for fields, words in (
        ({"perangkat": "pi-tugu"}, "Pilih perangkat dari daftar"),
        ({"peran": "raja"}, "Pilih perannya"),
        ({"sumber-utara": "rtsp://a:b@10.0.0.9/s"}, "sandi tidak ditulis di sini"),
    ):
        page = make_code(client, **fields)
        assert page.status_code == 422
        assert words in page.get_data(as_text=True)
    with office.screens.database.reading() as db:
        assert db.scalars(select(DeviceClaim)).all() == []


def test_a_new_device_waits_at_its_point_until_its_code_is_cancelled(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    page = make_code(client, perangkat="baru", peran="door", nama="Pintu belakang")
    code = read_claim_code(CODE.search(page.get_data(as_text=True)).group(1))
    text = client.get(SITE).get_data(as_text=True)
    assert "Pintu belakang" in text
    assert "kode menunggu dipakai" in text
    for words in ("Kode dibatalkan", "sudah dipakai atau dibatalkan"):
        answer = client.post(
            f"/teknisi/kode/{code.id}/batal",
            data={"csrf_token": csrf_of(client, "/sandi")},
            follow_redirects=True,
        )
        assert words in answer.get_data(as_text=True)


def test_a_technician_of_another_point_and_an_operator_see_no_such_page(office: Office) -> None:
    elsewhere = office.screens.signed_in(Role.TECHNICIAN, kind=ScopeKind.SITE, scope="tugu")
    code = office.code()
    assert "Simpang" not in elsewhere.get("/teknisi/pemasangan").get_data(as_text=True)
    for client in (elsewhere, office.screens.signed_in(Role.OPERATOR)):
        assert client.get(SITE).status_code == 404
        assert make_code(client).status_code == 404
        token = csrf_of(client, "/sandi")
        assert client.post(f"/teknisi/kode/{code.id}/batal", data={"csrf_token": token}).status_code == 404
    assert elsewhere.get("/teknisi/pemasangan/tidak-ada").status_code == 404


def test_a_revocation_wants_a_reason_and_a_tick_and_stays_in_the_audit(office: Office) -> None:
    office.ask(blank(office.code()))
    path, page = "/perangkat/pi-jawi/cabut", "/perangkat/pi-jawi/sertifikat"
    technician = office.screens.signed_in(Role.TECHNICIAN)
    assert "Cabut sertifikat" not in technician.get(page).get_data(as_text=True)
    assert technician.post(path, data={"csrf_token": csrf_of(technician, "/sandi")}).status_code == 404
    client = office.screens.signed_in(Role.SUPERVISOR)
    token = csrf_of(client, "/sandi")
    assert client.post(path, data={"csrf_token": token, "alasan": "dicuri"}).status_code == 422
    answer = client.post(path, data={"csrf_token": token, "yakin": "ya", "alasan": "?"})
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.get_data(as_text=True)
    for words in ("Sertifikat dicabut", "tidak punya sertifikat yang masih berlaku"):
        form = {"csrf_token": token, "yakin": "ya", "alasan": "dicuri dari tiang"}
        answer = client.post(path, data=form, follow_redirects=True)
        assert words in answer.get_data(as_text=True)
    assert "dicuri dari tiang" in client.get(page).get_data(as_text=True)
    with office.screens.database.reading() as db:
        (row,) = certificates_of(db, "pi-jawi")
        assert row.revoked_at == office.screens.clock()
        actions = db.scalars(select(AuditEntry.action).where(AuditEntry.object == "device:pi-jawi")).all()
        assert actions.count("device.revoke") == 1
    assert "dicabut" in client.get(SITE).get_data(as_text=True)


def photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def sign(client, **fields):
    form = {"csrf_token": csrf_of(client, "/sandi"), "lihat": ["boks", "daya", "arah", "label"], **fields}
    return client.post("/teknisi/perangkat/pi-jawi/serah-terima", data=form)


def test_a_device_is_signed_off_with_every_tick_a_photo_and_a_reason_for_what_is_not_good(
    office: Office,
) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    office.ask(blank(office.code()))
    with office.screens.database.writing() as db:
        presence = db.get_one(DevicePresence, "pi-jawi")
        presence.is_online, presence.last_seen_at = True, office.screens.clock()
        db.delete(db.get_one(Still, ("pi-jawi", "selatan")))
    for fields, words in (
        ({"lihat": ["boks"]}, "Belum dicentang"),
        ({"catatan": "kamera selatan menyusul"}, "Foto pemasangan belum ada"),
        ({"catatan": "menyusul", "foto": (io.BytesIO(b"%PDF-1.4"), "a.jpg")}, "notice-bad"),
        ({"foto": (photo(), "boks.jpg")}, "tulis di catatan mengapa"),
    ):
        page = sign(client, **fields)
        assert page.status_code == 422
        assert words in page.get_data(as_text=True), fields
    assert sign(client, catatan="kamera selatan menyusul", foto=(photo(), "boks.jpg")).status_code == 303
    text = client.get("/teknisi/perangkat/pi-jawi/serah-terima").get_data(as_text=True)
    assert "Serah terima yang tercatat" in text
    with office.screens.database.reading() as db:
        kept = db.scalars(select(Commissioning)).one()
    address = f"/teknisi/perangkat/pi-jawi/serah-terima/{kept.id}/foto"
    assert client.get(address).mimetype == "image/jpeg"
    assert client.get(address.replace("pi-jawi", "pi-tugu")).status_code == 404
    assert "diserahterimakan" in client.get(SITE).get_data(as_text=True)


def test_nobody_waits_while_the_photo_of_a_sign_off_is_drawn(office: Office, monkeypatch) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    drawn: list[bool] = []

    def draw(*_stream, **_options):
        drawn.append("db_session" in g)
        raise RefusedUpload("bukan gambar")

    monkeypatch.setattr(signing_views, "keep_upload", draw)
    assert sign(client, foto=(photo(), "boks.jpg")).status_code == 422
    assert drawn == [False], "no writing transaction is open"


def test_a_device_that_was_never_heard_is_not_signed_off(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    with office.screens.database.writing() as db:
        db.delete(db.get_one(DevicePresence, "pi-jawi"))
    page = sign(client, foto=(photo(), "boks.jpg"))
    assert page.status_code == 422
    assert "belum tersambung" in page.get_data(as_text=True)


def test_without_an_authority_the_page_says_so_and_makes_no_code(office: Office, authority_folder) -> None:
    (authority_folder / "issuing.pem").unlink()
    client = office.screens.signed_in(Role.TECHNICIAN)
    assert "belum punya otoritas penerbit" in client.get("/teknisi/pemasangan").get_data(as_text=True)
    assert make_code(client).status_code == 503
