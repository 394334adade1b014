"""The register: who sees what, what both sides do, files, messages."""

import csv
import io

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from hub.cctv.findings.models import Finding, FindingStep
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.models import Account
from hub.people.permissions import Role
from tests.browser.room import jpeg
from tests.hub.cctv.findings.conftest import Room
from tests.hub.screens import Screens, csrf_of, post


def state_of(room: Room, number: int = 2) -> str:
    with room.city.database.reading() as db:
        return db.get_one(Finding, number).state


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_an_opd_sees_what_was_sent_to_it_and_nothing_else(room: Room) -> None:
    room.make()
    assert "/temuan/2" in text_of(room.officer, "/temuan")
    assert "/temuan/2" not in text_of(room.other, "/temuan")
    for path in ("/temuan/2", "/temuan/2/tanda.jpg", "/temuan/2/asli.jpg"):
        assert room.officer.get(path).status_code == 200, path
        assert room.other.get(path).status_code == 404, path
    assert post(room.other, "/temuan/2", tindakan="receive").status_code == 404
    assert room.officer.get("/temuan/reklame").status_code == 404, "the watch is for the whole city"


def test_both_sides_do_their_part_and_the_history_says_so(room: Room) -> None:
    room.make()
    post(room.officer, "/temuan/2", tindakan="receive")
    assert state_of(room) == "received"
    post(room.officer, "/temuan/2", tindakan="act", keterangan="surat teguran dikirim")
    answer = room.officer.post(
        "/temuan/2",
        data={
            "csrf_token": csrf_of(room.officer),
            "tindakan": "finish",
            "keterangan": "papan sudah diturunkan",
            "foto": (io.BytesIO(jpeg("sesudah", 90)), "foto.jpg"),
        },
    )
    assert answer.status_code == 303
    assert state_of(room) == "done"
    page = text_of(room.operator, "/temuan/2")
    for words in ("surat teguran dikirim", "papan sudah diturunkan", "Rina", "Foto jawaban"):
        assert words in page, words
    with room.city.database.reading() as db:
        step = db.scalars(select(FindingStep).where(FindingStep.photo != "", FindingStep.finding == 2)).one()
    assert room.operator.get(f"/temuan/2/foto/{step.id}.jpg").status_code == 200
    assert room.operator.get("/temuan/2/foto/999.jpg").status_code == 404
    post(room.operator, "/temuan/2", tindakan="reopen", keterangan="masih terlihat di kamera")
    assert state_of(room) == "sent"


def test_a_rejection_says_why_and_goes_to_another_opd(room: Room) -> None:
    room.make()
    post(room.officer, "/temuan/2", tindakan="reject", keterangan="")
    assert state_of(room) == "sent"
    assert "Tulis keterangannya" in text_of(room.officer, "/temuan/2")
    post(room.officer, "/temuan/2", tindakan="reject", keterangan="bukan kewenangan kami")
    assert state_of(room) == "rejected"
    post(room.operator, "/temuan/2", tindakan="send", opd="2", tenggat="2026-12-01")
    assert room.officer.get("/temuan/2").status_code == 404
    assert "bukan kewenangan kami" in text_of(room.other, "/temuan/2")
    assert "1 Des 2026" in text_of(room.other, "/temuan/2")


NOT_NOW: tuple[tuple[dict[str, str], str], ...] = (
    ({"tindakan": "terbang"}, "Pilih tindakannya"),
    ({"tindakan": "send", "opd": "2"}, "untuk pihak lain"),
    ({"tindakan": "finish", "keterangan": "selesai"}, "sudah berubah keadaannya"),
)


def test_what_is_not_ones_to_do_is_refused_in_words(room: Room) -> None:
    room.make()
    for fields, words in NOT_NOW:
        post(room.officer, "/temuan/2", **fields)
        assert words in text_of(room.officer, "/temuan/2"), fields
    assert state_of(room) == "sent"


def test_a_photo_that_is_none_changes_nothing(room: Room) -> None:
    room.make()
    post(room.officer, "/temuan/2", tindakan="receive")
    room.officer.post(
        "/temuan/2",
        data={
            "csrf_token": csrf_of(room.officer),
            "tindakan": "act",
            "keterangan": "lihat foto",
            "foto": (io.BytesIO(b"bukan foto"), "foto.jpg"),
        },
    )
    assert "bukan foto" in text_of(room.officer, "/temuan/2")
    assert state_of(room) == "received"


FILTERS: tuple[tuple[str, set[int]], ...] = (
    ("", {1, 2}),
    ("keadaan=open", {1, 2}),
    ("keadaan=sent", {1, 2}),
    ("keadaan=done", set()),
    ("jenis=billboard", {1}),
    ("jenis=flood", {2}),
    ("opd=1", {1, 2}),
    ("opd=2", set()),
    ("cari=tikungan", {1}),
    ("cari=selatan", {2}),
    ("lewat=ya", {2}),
    ("keadaan=x&jenis=y&opd=z", {1, 2}),
)


def test_filters_and_files_agree(room: Room) -> None:
    room.make(jenis="flood", keterangan="air setinggi lutut")
    room.city.clock.advance(days=2)
    # Two days are longer than a session: somebody signs in anew.
    reader = room.city.signed_in(Role.EXECUTIVE)
    for query, found in FILTERS:
        page = text_of(reader, f"/temuan?{query}")
        assert {number for number in (1, 2) if f'href="/temuan/{number}"' in page} == found, query
        file = text_of(reader, f"/temuan/daftar.csv?{query}").removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(file)))
        assert {int(row[0]) for row in rows[1:]} == found, query
        book = load_workbook(io.BytesIO(reader.get(f"/temuan/daftar.xlsx?{query}").data))
        assert {row[0] for row in book.worksheets[0].iter_rows(min_row=4, values_only=True)} == found


def test_the_other_side_is_told_when_it_has_an_address(room: Room) -> None:
    with room.city.database.writing() as db:
        for name, address in (("rina", "rina@example.id"), ("oki", "oki@example.id")):
            account = db.scalars(select(Account).where(Account.name == name)).one()
            db.add(
                NotifyAddress(
                    account_id=account.id, channel="email", address=address, least="low",
                    added_at=room.city.clock(),
                )
            )  # fmt: skip
    room.make()
    post(room.officer, "/temuan/2", tindakan="receive")
    with room.city.database.reading() as db:
        told = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [(one.address, one.link) for one in told] == [
        ("rina@example.id", "/temuan/2"),
        ("oki@example.id", "/temuan/2"),
    ]
    with room.city.database.writing() as db:
        db.scalars(select(Account).where(Account.name == "rina")).one().is_disabled = True
    room.make()
    with room.city.database.reading() as db:
        assert len(db.scalars(select(OutboxMessage)).all()) == 2, "who left is not told"
    assert "dikirim" in told[0].subject
    assert "Tenggat: 05-12-2026" in told[0].text
    assert "diterima" in told[1].subject


def test_a_search_that_finds_nothing_says_so(city: Screens) -> None:
    reader = city.signed_in(Role.LIAISON)
    assert "/temuan/1" in text_of(reader, "/temuan")
    assert "Tidak ada temuan yang cocok" in text_of(reader, "/temuan?cari=zzz")
