"""The screens of attendance: today, a month, corrections, recap, publishing; and who sees what."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from hub.hadir.models import DayOutcome, DoorWatermark, HoursPeriod
from hub.hadir.results.publishing.outcomes import settle
from hub.people.models import Opd, Person, Placement, Unit
from hub.people.permissions import Role, ScopeKind
from tests.hub.hadir.conftest import WIB, Office, linked, of_opd, text_of
from tests.hub.screens import Screens, post

# A Monday of the month in which the screens' clock stands (Saturday 21 November 2026).
MONDAY = date(2026, 11, 16)


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    office.day(101, MONDAY, "07:45", "16:05")
    office.day(102, MONDAY, "07:10", "16:05")
    office.delivered(city.clock())
    with city.database.writing() as db:
        db.add(Opd(number=2, name="Dinas Perhubungan"))
        db.add(Person(number=201, short_name="Orang Lain", opd=2, changed_at=city.clock()))
        db.flush()
        db.add(Placement(person_number=201, opd=2, unit=0, valid_from=MONDAY))
    return office


def test_the_first_account_of_a_city_opens_every_screen_of_attendance(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.ADMIN)
    for path in ("", "/pegawai/101", "/saya", "/koreksi", "/rekap", "/terbit"):
        assert client.get(f"/hadir{path}").status_code == 200, path


def test_today_shows_entrances_opds_and_the_people_of_one(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    page = text_of(client, "/hadir")
    for words in (
        "Pintu utama",
        "Dinas Komunikasi dan Informatika",
        "Dinas Perhubungan",
        "Pegawai 101",
        "libur",
    ):
        assert words in page, words
    assert "Orang Lain" in text_of(client, "/hadir?opd=2")
    city.clock.advance(days=2)
    office.scan(101, city.clock() - timedelta(hours=4))
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir?opd=1")
    assert "belum" in page
    assert "state-good" in page


def test_a_month_gives_each_day_with_its_reasons_and_cuts(city: Screens, office: Office) -> None:
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir/pegawai/101")
    for words in ("Sen 16 Nov 2026", "terlambat 15 menit", "Potongan TL1: 0,5 %", "contoh-2026", "TL1"):
        assert words in page, words
    assert "Belum ada hari yang dihitung" in text_of(
        city.signed_in(Role.PERSONNEL), "/hadir/pegawai/101?bulan=2026-12"
    )


def test_a_scope_shows_its_own_people_and_no_others(city: Screens, office: Office) -> None:
    boss = of_opd(city, Role.SUPERIOR, "1", "kadis")
    assert boss.get("/hadir/pegawai/101").status_code == 200
    assert boss.get("/hadir/pegawai/201").status_code == 404
    assert boss.get("/hadir/rekap?opd=2").status_code == 404
    assert "Orang Lain" not in text_of(boss, "/hadir")
    assert boss.get("/hadir/terbit").status_code == 404
    unit = of_opd(city, Role.SUPERIOR, "12", "kabid", ScopeKind.UNIT)
    assert unit.get("/hadir/pegawai/101").status_code == 404
    assert "Belum ada pegawai" in text_of(unit, "/hadir/rekap")
    for path in ("/hadir/pegawai/101", "/hadir/rekap", "/hadir"):
        assert city.signed_in(Role.EMPLOYEE).get(path).status_code == 404


def test_an_employee_sees_their_own_month_once_the_account_is_linked(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="budi")
    assert "belum dihubungkan" in text_of(client, "/hadir/saya")
    assert "belum dihubungkan" in text_of(client, "/hadir/koreksi")
    refused = post(client, "/hadir/koreksi", "/sandi", hari="2026-11-16")
    assert refused.status_code == 422
    assert "belum dihubungkan" in refused.get_data(as_text=True)
    linked(city, "budi", 101)
    page = text_of(client, "/hadir/saya")
    assert "terlambat 15 menit" in page
    assert "Minta koreksi" in page
    assert "tidak tercatat" in text_of(client, "/hadir/saya?bulan=2025-01")


def test_recap_and_file_say_the_same_with_rules_and_completeness(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    page = text_of(client, "/hadir/rekap?opd=1")
    assert "contoh-2026" in page
    assert "Sab 21 Nov 2026 10.14 WIB" in page
    sheet = list(csv.reader(io.StringIO(text_of(client, "/hadir/rekap.csv?opd=1").removeprefix("\ufeff"))))
    assert sheet[1:3] == [
        ["Versi aturan", "contoh-2026"],
        ["Data lengkap sampai", "Sab 21 Nov 2026 10.14 WIB"],
    ]
    line = next(row for row in sheet if row[0] == "101")
    assert line[3 + 15] == "TL1"
    assert client.get("/hadir/rekap?bulan=kemarin").status_code == 404


def test_a_unit_narrows_today_and_the_recap(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    with city.database.writing() as db:
        db.add(Unit(number=12, opd=1, name="Bidang Lain"))
    assert "Pegawai 101" in text_of(client, "/hadir/rekap?opd=1&unit=11")
    page = text_of(client, "/hadir/rekap?opd=1&unit=12")
    assert "Bidang Lain" in page
    assert "Pegawai 101" not in page
    assert "Pegawai 101" in text_of(client, "/hadir?opd=1&unit=11")
    assert "Pegawai 101" not in text_of(client, "/hadir?opd=1&unit=12")
    assert client.get("/hadir/rekap?opd=1&unit=99").status_code == 404
    inside = of_opd(city, Role.SUPERIOR, "11", "kabid", ScopeKind.UNIT)
    assert "Bidang Lain" not in text_of(inside, "/hadir/rekap")
    assert inside.get("/hadir/rekap?unit=12").status_code == 404


def test_people_are_found_by_name_or_number_within_reach_only(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    for words in ("orang", "201", "ORANG LAIN"):
        assert "/hadir/pegawai/201" in text_of(client, f"/hadir/cari?q={words}"), words
    assert "Tidak ada dalam kewenangan" in text_of(client, "/hadir/cari?q=20")
    assert "Ketik sebagian nama" in text_of(client, "/hadir/cari")
    boss = of_opd(city, Role.SUPERIOR, "1", "kadis")
    assert "Tidak ada dalam kewenangan" in text_of(boss, "/hadir/cari?q=orang")
    assert "Pegawai 107" in text_of(boss, "/hadir/cari?q=pegawai")


def test_a_person_s_month_names_the_ladder_as_an_indication_only(city: Screens, office: Office) -> None:
    assert "indikasi: " not in text_of(city.signed_in(Role.PERSONNEL), "/hadir/pegawai/103")
    with city.database.writing() as db:
        last = MONDAY + timedelta(days=4)
        settle(db, persons=None, first=MONDAY, last=last, zone=WIB, now=city.clock())
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir/pegawai/103")
    assert "indikasi: teguran tertulis" in page
    assert "Ini hanya indikasi" in page
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir/pegawai/103?bulan=2026-10")
    assert "0 hari kerja, paling lama 0 hari" in page
    assert "PP 94/2021" not in page


def test_reasons_are_given_in_the_language_of_the_reader(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    post(client, "/tampilan", "/hadir", language="en")
    page = text_of(client, "/hadir/pegawai/101")
    for words in ("In 07.45, 15 minutes late", "Cut TL1: 0.5 %, tariff contoh-2026"):
        assert words in page, words
    assert "terlambat 15 menit" not in page


def test_without_a_word_of_a_reader_the_recap_says_so(city: Screens) -> None:
    with city.database.writing() as db:
        db.execute(delete(DoorWatermark))
    assert "belum diketahui" in text_of(city.signed_in(Role.PERSONNEL), "/hadir/rekap")


def test_a_correction_goes_from_the_employee_over_two_people_to_the_day(
    city: Screens, office: Office
) -> None:
    budi = city.signed_in(Role.EMPLOYEE, name="budi")
    linked(city, "budi", 101)
    boss = of_opd(city, Role.SUPERIOR, "11", "kabid", ScopeKind.UNIT)
    officer = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    wish = {"hari": "2026-11-16", "masuk": "07:20", "alasan": "apel di balai kota"}
    post(budi, "/hadir/koreksi", "/hadir/koreksi", **wish)
    page = text_of(budi, "/hadir/koreksi")
    assert "dikirim kepada atasan" in page
    assert "apel di balai kota" in page
    assert "apel di balai kota" in text_of(boss, "/hadir/koreksi")
    post(boss, "/hadir/koreksi/setujui", "/hadir/koreksi", koreksi="1")
    assert "Verifikasi dan terapkan" in text_of(officer, "/hadir/koreksi")
    post(officer, "/hadir/koreksi/verifikasi", "/hadir/koreksi", koreksi="1")
    page = text_of(budi, "/hadir/saya")
    assert "Koreksi disetujui: apel di balai kota" in page
    assert "terlambat 15 menit" not in page


def test_what_cannot_be_decided_is_said_and_changes_nothing(city: Screens, office: Office) -> None:
    boss = of_opd(city, Role.SUPERIOR, "1", "kadis")
    before = city.dump()["day_correction"]
    for path in ("setujui", "tolak"):
        post(boss, f"/hadir/koreksi/{path}", "/hadir/koreksi", koreksi="77")
        assert "Koreksi itu tidak ada." in text_of(boss, "/hadir/koreksi")
    assert post(boss, "/hadir/koreksi/verifikasi", "/hadir/koreksi", koreksi="77").status_code == 404
    assert city.dump()["day_correction"] == before


def test_publishing_shows_first_whom_it_changes(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    page = text_of(client, "/hadir/terbit?opd=1")
    assert "Tidak ada hasil terbit yang berubah" in page
    address = "/hadir/terbit?opd=1&bulan=2026-11"
    assert post(client, address, "/hadir/terbit", x="").status_code == 303
    with city.database.writing() as db:
        assert (
            db.scalars(
                select(DayOutcome.code).where(DayOutcome.person_number == 101, DayOutcome.day == MONDAY)
            ).one()
            == "TL1"
        )
        hours = '{"0": ["08:00", "15:00"]}'
        db.add(
            HoursPeriod(name="Ramadan", scope="city", scope_number=0, first=MONDAY, last=MONDAY, hours=hours)
        )
    page = text_of(client, address)
    assert "Pegawai 101" in page
    assert "TL1" in page
    post(client, address, "/hadir/terbit", x="")
    assert "terlambat 15 menit" not in text_of(client, "/hadir/pegawai/101")


def test_a_month_is_closed_on_screen_by_the_city_and_then_stays(city: Screens, office: Office) -> None:
    boss = of_opd(city, Role.PERSONNEL, "1", "kepegawaian")
    path, first = "/hadir/terbit/tutup?bulan=2026-10", "/hadir/terbit?bulan=2026-10"
    assert post(boss, path, "/hadir/terbit", x="").status_code == 422
    post(boss, path, "/hadir/terbit", yakin="ya")
    assert "oleh BKPSDM" in text_of(boss, first)
    client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    post(client, path, "/hadir/terbit", yakin="ya")
    assert "hasil belum diterbitkan" in text_of(client, first)
    with city.database.writing() as db:
        settle(db, persons=None, first=date(2026, 10, 1), last=date(2026, 10, 31), zone=WIB, now=city.clock())
    post(client, path, "/hadir/terbit", yakin="ya")
    page = text_of(client, first)
    assert "Bulan 2026-10 ditutup" in page
    assert "oleh bkpsdm" in page
    assert "sudah ditutup" in text_of(client, "/hadir/rekap?bulan=2026-10")


def test_who_has_left_keeps_the_months_before(city: Screens, office: Office) -> None:
    with city.database.writing() as db:
        db.get_one(Person, 101).is_active = False
        place = db.scalars(select(Placement).where(Placement.person_number == 101)).one()
        place.valid_to = MONDAY
    client = city.signed_in(Role.PERSONNEL)
    for path in ("rekap?opd=1&bulan=2026-11", "rekap.csv?opd=1&bulan=2026-11", "pegawai/101?bulan=2026-11"):
        assert "Pegawai 101" in text_of(client, f"/hadir/{path}"), path
    numbers = [
        one["number"] for one in client.get("/api/hadir/v1/people?month=2026-11&opd=1").get_json()["people"]
    ]
    assert 101 in numbers
    assert "Pegawai 101" not in text_of(client, "/hadir/cari?q=101")
    assert "Pegawai 101" not in text_of(client, "/hadir/rekap?opd=1&bulan=2026-12")
