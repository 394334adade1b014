"""The technician's pages, certificates and sign-off, through a browser's eyes without a browser."""

import io
import json
import re

import msgspec
from flask import g
from PIL import Image
from sqlalchemy import select

from edge.wire.joining.claims import read_claim_code
from edge.wire.joining.enrolment import Enrolled
from edge.wire.joining.enrolment import Role as DeviceRole
from edge.wire.messages import Record, encode
from edge.wire.records.bodies import ClockQuality, DeviceHealth, DoorReading
from hub.cases.attachments.kept import RefusedUpload
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.models import Commissioning, DeviceClaim
from hub.enrolment.signing import views as signing_views
from hub.ingest.handlers import Arrival
from hub.ingest.models import DeviceCommand, DevicePresence, Still
from hub.people.models import AuditEntry
from hub.people.permissions import Role, ScopeKind
from hub.places.models import DeviceCondition
from hub.places.reading.ingest import keep_readings
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
    form = {"csrf_token": csrf_of(client, "/sandi"), "kode": str(code)}
    file = client.post(f"/teknisi/kode/{code.id}/berkas", data=form)
    assert f'code = "{code}"' in file.get_data(as_text=True)
    assert (file.headers["Cache-Control"], "pontive.toml" in file.headers["Content-Disposition"]) == (
        "no-store",
        True,
    )
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
        answer = client.post(f"/teknisi/kode/{one.id}/berkas", data={"csrf_token": token, "kode": text})
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
    seen = {look["name"]: look for look in json.loads(kept.checks_json)["seen"]}
    assert (seen["Gambar pertama diterima"]["is_good"], seen["Gambar pertama diterima"]["detail"]) == (
        False,
        "1/2",
    )
    assert "Yang terukur waktu itu" in text
    address = f"/teknisi/perangkat/pi-jawi/serah-terima/{kept.id}/foto"
    assert client.get(address).mimetype == "image/jpeg"
    assert client.get(address.replace("pi-jawi", "pi-tugu")).status_code == 404
    assert "diserahterimakan" in client.get(SITE).get_data(as_text=True)


def test_the_checklist_measures_the_link_and_lets_a_camera_be_put_right(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    path, now = "/teknisi/perangkat/pi-jawi/serah-terima", office.screens.clock()
    health = DeviceHealth(
        uptime_s=9,
        load=1,
        memory_free_mib=900,
        disk_free_mib=9,
        outbox_rows=3,
        outbox_bytes=9,
        under_voltage=False,
        link_mbit=10,
        link_full_duplex=False,
    )
    with office.screens.database.writing() as db:
        db.merge(DeviceCondition(device="pi-jawi", at=now, clock="synced", body=encode(health).decode()))
    text = client.get(path).get_data(as_text=True)
    assert "10 Mbit/s, setengah dupleks" in text
    assert "krimping ulang" in text
    assert text.count('class="step-picture"') == 7 + 2 + 4, "a picture a step"
    assert 'value="setel"' not in text, "nothing is set before it was read"
    for form, status in (({"kamera": "utara", "apa": "baca"}, 303), ({"kamera": "lain", "apa": "baca"}, 404)):
        answer = client.post(f"{path}/aliran", data={"csrf_token": csrf_of(client, "/sandi"), **form})
        assert answer.status_code == status
    assert "menunggu jawaban" in client.get(path).get_data(as_text=True)
    said = {"codec": "H264", "width_px": 640.0, "height_px": 360.0, "fps": 25.0, "key_frame_s": 4.0}
    _answer(office, {**said, "faults": "key-frame fps"})
    text = client.get(path).get_data(as_text=True)
    assert "H264 640×360, 25 gambar/detik, gambar kunci tiap 4 detik" in text
    assert "gambar kunci lebih jarang dari tiap detik, bukan 8–15" in text
    client.post(
        f"{path}/aliran", data={"csrf_token": csrf_of(client, "/sandi"), "kamera": "utara", "apa": "setel"}
    )
    _answer(office, {}, is_done=False, detail="the camera says yes and stays as it was (fps)")
    assert "stays as it was (fps)" in client.get(path).get_data(as_text=True)
    with office.screens.database.reading() as db:
        kinds = [msgspec.json.decode(row.body)["kind"] for row in db.scalars(select(DeviceCommand))]
        actions = db.scalars(
            select(AuditEntry.action).where(AuditEntry.object == "camera:pi-jawi/utara")
        ).all()
    assert kinds[-2:] == ["tell-stream", "mend-stream"]
    assert actions == ["camera.mend-stream"]
    stranger = office.screens.signed_in(Role.OPERATOR)
    form = {"csrf_token": csrf_of(stranger, "/sandi"), "kamera": "utara", "apa": "setel"}
    assert stranger.post(f"{path}/aliran", data=form).status_code == 404


def test_a_door_is_looked_over_as_a_door_and_the_sheet_follows_by_itself(office: Office) -> None:
    client, now = office.screens.signed_in(Role.TECHNICIAN), office.screens.clock()
    office.ask(blank(office.code("pi-kantor", role=DeviceRole.DOOR)))
    path = "/teknisi/perangkat/pi-kantor/serah-terima"
    text = client.get(path).get_data(as_text=True)
    assert f'hx-get="{path}/terlihat"' in text
    assert "pintu-1: 0 kode terbaca" in text
    assert "Tunjukkan satu kode ke pintu" in text
    assert "terbaca di jarak 20–25 cm" in text
    assert "Gambar pertama diterima" not in text, "no camera, no picture to wait for"
    assert "Plat kendaraan" not in text
    reading = DoorReading(
        door="pintu-1",
        period_s=60,
        frames=600,
        looked_at=300,
        read=2,
        misses=0,
        unreadable=0,
        decode_p50_ms=9,
        decode_p95_ms=20,
    )
    with office.screens.database.writing() as db:
        arrival = Arrival(
            device="pi-kantor",
            epoch="0" * 16,
            record=Record(
                seq=1, at=now, clock=ClockQuality.SYNCED, boot_id="0" * 32, mono_ns=1, body=reading
            ),
            received_at=now,
            is_late=False,
        )
        keep_readings(db, [arrival])
    text = client.get(f"{path}/terlihat").get_data(as_text=True)
    assert "pintu-1: 2 kode terbaca" in text
    assert "<html" not in text, "a part of the page"
    assert '<span class="soft small">pintu</span>' in client.get(SITE).get_data(as_text=True)
    page = make_code(client, perangkat="pi-kantor", peran="camera")
    assert (page.status_code, "tercatat sebagai pintu" in page.get_data(as_text=True)) == (422, True)
    assert 'value="door" checked' in client.get("/teknisi/perangkat/pi-kantor/kartu").get_data(as_text=True)
    assert "pi-kantor" in client.get(f"{SITE}/sekarang").get_data(as_text=True)
    stranger = office.screens.signed_in(Role.OPERATOR)
    assert stranger.get(f"{path}/terlihat").status_code == 404
    assert stranger.get(f"{SITE}/sekarang").status_code == 404


def _answer(office: Office, values: dict, *, is_done: bool = True, detail: str = "") -> None:
    with office.screens.database.writing() as db:
        row = db.scalars(select(DeviceCommand).order_by(DeviceCommand.id.desc())).first()
        assert row is not None
        row.replied_at, row.is_done, row.detail = office.screens.clock(), is_done, detail
        row.values_json = msgspec.json.encode(values).decode()


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
