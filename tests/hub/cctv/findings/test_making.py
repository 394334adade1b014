"""Taking a picture out, marking a place on it, and what is kept of that."""

import io

import pytest
from sqlalchemy import select

from hub.cctv.findings.models import Billboard, Finding, FindingStep
from hub.cctv.pictures import store
from hub.cctv.pictures.models import PictureLook
from hub.ingest.pictures.stills import still_path
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from tests.browser.room import jpeg
from tests.hub.cctv.findings.conftest import Room
from tests.hub.screens import csrf_of, post


def newest(room: Room) -> Finding:
    with room.city.database.reading() as db:
        found = db.scalars(select(Finding).order_by(Finding.id.desc())).first()
        assert found is not None
        return found


def test_a_finding_keeps_picture_mark_camera_time_purpose_and_who(room: Room) -> None:
    shown = still_path(room.city.folder, "pi-jawi", "selatan").read_bytes()
    assert room.make().endswith("/temuan/2")
    finding = newest(room)
    assert (finding.device, finding.camera, finding.site) == ("pi-jawi", "selatan", "jawi")
    assert (finding.left, finding.top, finding.width, finding.height) == (0.4, 0.305, 0.2, 0.2)
    assert (finding.purpose, finding.source, finding.state, finding.opd) == ("revenue", "still", "sent", 1)
    assert store.find(room.city.folder, finding.original).read_bytes() == shown
    assert finding.marked != finding.original
    assert store.find(room.city.folder, finding.marked).is_file()
    with room.city.database.reading() as db:
        assert db.scalars(select(PictureLook)).one().digest == finding.original
        steps = db.scalars(select(FindingStep).where(FindingStep.finding == finding.id)).all()
        assert [(step.act, step.state) for step in steps] == [("make", "new"), ("send", "sent")]
        acts = db.scalars(select(AuditEntry.action).where(AuditEntry.actor == "oki")).all()
        assert {"camera.picture", "finding.make", "finding.send"} <= set(acts)


def test_the_page_shows_the_picture_kinds_and_suggested_opd(room: Room) -> None:
    page_address = room.take()
    page = room.operator.get(page_address).get_data(as_text=True)
    assert "Lengan selatan" in page
    assert "Genangan atau banjir" in page
    assert "&#34;crowd&#34;: 2" in page or '"crowd": 2' in page
    assert room.operator.get(f"{page_address}/gambar.jpg").headers["Cache-Control"] == "no-store"


def test_the_picture_stays_the_one_that_was_seen(room: Room) -> None:
    page = room.take()
    before = room.operator.get(f"{page}/gambar.jpg").data
    room.city.city.still("pi-jawi", "selatan", room.city.clock(), shade=200)
    assert room.operator.get(f"{page}/gambar.jpg").data == before


def test_a_taken_picture_is_ones_own_and_for_a_while(room: Room) -> None:
    page = room.take()
    other = room.city.signed_in(Role.OPERATOR, name="lain")
    assert other.get(page).status_code == 404
    room.city.clock.advance(minutes=16)
    assert room.operator.get(page).status_code == 404
    answer = post(room.operator, page, kiri="1", atas="1", lebar="9", tinggi="9", jenis="road")
    assert answer.status_code == 303
    assert "tidak tersedia" in room.operator.get(answer.location).get_data(as_text=True)


def test_it_may_be_kept_without_being_sent(room: Room) -> None:
    page = room.make(kirim="tidak")
    assert newest(room).state == "new"
    assert newest(room).opd is None
    assert room.officer.get(page).status_code == 404


IMPOSSIBLE: tuple[tuple[dict[str, str], str], ...] = (
    ({"lebar": "90"}, "kotak harus di dalam gambar"),
    ({"lebar": ""}, "kotak harus di dalam gambar"),
    ({"kiri": "banyak"}, "Isi kiri dengan angka"),
    ({"jenis": ""}, "Pilih jenis temuannya"),
    ({"jenis": "other", "keterangan": ""}, "Tulis keterangannya"),
    ({"keterangan": "x" * 501}, "lebih dari 500 huruf"),
    ({"opd": "0"}, "Pilih OPD yang dituju"),
    ({"opd": "77"}, "Pilih OPD yang dituju"),
    ({"tenggat": "besok"}, "TTTT-BB-HH"),
    ({"tenggat": "2026-11-20"}, "Tenggat harus hari ini"),
    ({"tenggat": "2029-01-01"}, "Tenggat harus hari ini"),
)


def test_what_cannot_be_is_refused_and_nothing_is_kept(room: Room) -> None:
    for fields, words in IMPOSSIBLE:
        address = room.make(**fields)
        assert "/temuan/baru/" in address
        assert words in room.operator.get(address).get_data(as_text=True), fields
    assert newest(room).id == 1


def test_a_frame_of_the_live_video_is_drawn_anew(room: Room) -> None:
    frame = jpeg("langsung", 120)
    answer = room.operator.post(
        "/temuan/ambil",
        data={
            "csrf_token": csrf_of(room.operator),
            "perangkat": "pi-jawi",
            "kamera": "utara",
            "tujuan": "service",
            "bingkai": (io.BytesIO(frame), "bingkai.jpg"),
        },
    )
    assert "/temuan/baru/" in answer.location
    with room.city.database.reading() as db:
        look = db.scalars(select(PictureLook)).one()
    assert look.source == "live"
    assert store.find(room.city.folder, look.digest).read_bytes() != frame


def test_a_picture_of_an_event_may_be_marked(room: Room) -> None:
    answer = post(room.operator, "/temuan/ambil", peristiwa="1", sisi="sebelum", tujuan="disaster")
    post(
        room.operator,
        answer.location,
        kiri="1",
        atas="1",
        lebar="9",
        tinggi="9",
        jenis="flood",
        kirim="tidak",
    )
    finding = newest(room)
    assert (finding.event, finding.source, finding.camera) == (1, "event", "selatan")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"perangkat": "pi-jawi", "kamera": "selatan", "tujuan": ""}, "Pilih tujuan"),
        ({"perangkat": "pi-tugu", "kamera": "sungai", "tujuan": "service"}, "belum punya gambar"),
    ],
)
def test_a_picture_that_cannot_be_taken_out_says_why(room: Room, fields: dict[str, str], words: str) -> None:
    answer = post(room.operator, "/temuan/ambil", **fields)
    assert answer.location.startswith("/kamera/")
    assert words in room.operator.get(answer.location).get_data(as_text=True)


def test_no_event_and_no_camera_are_not_found(room: Room) -> None:
    assert post(room.operator, "/temuan/ambil", peristiwa="99", tujuan="service").status_code == 404
    assert (
        post(room.operator, "/temuan/ambil", perangkat="x", kamera="y", tujuan="service").status_code == 404
    )


def test_a_billboard_found_again_is_joined_with_the_first(room: Room) -> None:
    room.make()
    room.make(kiri="41")
    room.make(kiri="75")
    room.make(jenis="road")
    with room.city.database.reading() as db:
        rows = db.scalars(select(Finding).where(Finding.id > 1).order_by(Finding.id)).all()
        assert [row.first_id for row in rows] == [None, 2, None, None]
        assert set(db.scalars(select(Billboard.finding))) == {1, 2, 4}
    page = room.operator.get("/temuan/2").get_data(as_text=True)
    assert "Tempat yang sama" in page


def test_a_camera_that_turns_joins_nothing_by_itself(room: Room) -> None:
    room.make(camera="utara")
    assert newest(room).first_id is None
