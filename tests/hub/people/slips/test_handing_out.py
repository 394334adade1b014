"""One-time codes and first PINs for those chosen: on paper or as CSV, each good, each only there."""

import io

import pytest
import zxingcpp
from sqlalchemy import select

from edge.wire.hadir.codes import BadgeCode, public_bytes_of, read_code
from edge.wire.hadir.pin import is_pin
from hub.people.enrolment.codes import check_enrolment_code
from hub.people.models import AuditEntry, EnrolmentCode
from hub.people.slips import views
from hub.people.slips.paper import Slip, draw_slips, wrapped
from tests.hub.people.badges.page_pixels import content_streams, draw_page
from tests.hub.people.staff.conftest import NOW, Personnel, said, send
from tests.hub.people.staff.conftest import personnel as personnel


def texts_of(page: str) -> list[str]:
    return [part.split(") Tj")[0] for part in page.split("(")[1:]]


def test_codes_for_those_ticked_are_good_and_printed_once(personnel: Personnel) -> None:
    client = personnel.officer()
    answer = send(client, "/kepegawaian/kode", pegawai=["101", "103"])
    assert answer.mimetype == "application/pdf"
    (page,) = content_streams(answer.get_data())
    texts = texts_of(page)
    codes = [text for text in texts if len(text) == 14 and text.count("-") == 2]
    assert len(codes) == 2
    assert {"Pegawai 101", "Pegawai 103"} <= set(texts)
    assert "Berlaku satu kali, sampai Sel 24 Nov 2026 10.14 WIB" in texts
    with personnel.writing() as db:
        found = [check_enrolment_code(db, code, NOW) for code in codes]
        assert [one.person_number for one in found if isinstance(one, EnrolmentCode)] == [101, 103]
        chain = str([(one.object, one.detail) for one in db.scalars(select(AuditEntry))])
    assert not any(code in chain for code in codes)
    (link, *_others) = {one.text for one in zxingcpp.read_barcodes(draw_page(page))}
    assert link == "http://localhost/hadir/ponsel/daftar"


def test_who_goes_without_a_phone_is_told_to_open_an_account_in_any_browser(personnel: Personnel) -> None:
    client = personnel.officer()
    with personnel.writing() as db:
        personnel.changes(db).mark_without_phone(101, may_use_badge=True)
    assert "Pegawai 101" in client.get("/kepegawaian?keadaan=tanpa-akun").get_data(as_text=True)
    answer = send(client, "/kepegawaian/kode", semua="ya", keadaan="tanpa-akun")
    (page,) = content_streams(answer.get_data())
    texts = texts_of(page)
    assert "Kode akun Hadir" in " ".join(texts)
    assert "Kode pendaftaran ponsel" not in " ".join(texts)
    assert any("PIN kartu" in text for text in texts)


def test_codes_for_all_who_are_filtered_come_as_csv(personnel: Personnel) -> None:
    client = personnel.officer()
    answer = send(client, "/kepegawaian/kode", semua="ya", keadaan="belum", berkas="csv")
    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0] == "nomor,nama,opd,unit,kode,berlaku sampai"
    assert len(lines) == 8
    assert "kode sampai" in client.get("/kepegawaian").get_data(as_text=True)


def test_nobody_or_too_many_or_only_who_left_gets_no_codes(
    personnel: Personnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = personnel.officer()
    assert "Pilih dulu pegawainya" in said(client, send(client, "/kepegawaian/kode"))
    with personnel.writing() as db:
        personnel.changes(db).leave(101, last_day=NOW.date())
    gone = said(client, send(client, "/kepegawaian/kode", pegawai="101", cari="10"))
    assert "sudah keluar; kode hanya untuk pegawai aktif" in gone
    assert 'value="10"' in gone, "the filter stays"
    monkeypatch.setattr(views, "MAX_CODES", 2)
    many = said(client, send(client, "/kepegawaian/kode", semua="ya"))
    assert "6 pegawai terlalu banyak" in many


def test_first_pins_are_made_for_who_needs_one_and_no_other(personnel: Personnel) -> None:
    client = personnel.officer()
    assert "Tidak ada yang perlu PIN" in said(client, send(client, "/kepegawaian/pin-awal", pegawai="101"))
    send(client, "/kepegawaian/tandai-kartu", pegawai=["101", "102"])
    send(client, "/kepegawaian/102/pin", buat="ya")
    before = personnel.person(102).pin_hash
    answer = send(client, "/kepegawaian/pin-awal", pegawai=["101", "102", "103"])
    (page,) = content_streams(answer.get_data())
    (pin,) = [text for text in texts_of(page) if text.isdecimal()]
    kept = personnel.person(101).pin_hash
    assert kept is not None
    assert is_pin(pin, kept)
    assert personnel.person(102).pin_hash == before
    assert personnel.person(103).pin_hash is None


def test_badges_are_printed_for_those_chosen_who_may_have_one(personnel: Personnel) -> None:
    key = personnel.give_signing_key()
    client = personnel.officer()
    nobody = said(client, send(client, "/kepegawaian/kartu", semua="ya"))
    assert "tandai dulu sebagai tanpa ponsel" in nobody
    assert "Ditandai" in said(client, send(client, "/kepegawaian/tandai-kartu", pegawai=["101", "102"]))
    answer = send(client, "/kepegawaian/kartu", semua="ya")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kartu-hadir.pdf"'
    (page,) = content_streams(io.BytesIO(answer.get_data()).read())
    codes = [read_code(one.text) for one in zxingcpp.read_barcodes(draw_page(page))]
    assert sorted(code.person for code in codes) == [101, 102]
    assert all(isinstance(code, BadgeCode) and code.is_signed_by(public_bytes_of(key)) for code in codes)


def test_ten_slips_make_a_page_and_long_steps_are_wrapped() -> None:
    slip = Slip("Judul", "Nama", "Kantor", "RAHASIA", ("1. " + "kata " * 40,), "sampai besok")
    pages = content_streams(draw_slips([slip] * 11, city="Kota"))
    assert [page.count("(RAHASIA)") for page in pages] == [10, 1]
    assert len(wrapped("kata " * 40, 200, 7)) > 2
    assert wrapped("", 200, 7) == []
