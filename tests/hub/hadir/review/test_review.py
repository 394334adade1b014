"""The page of exceptions: every kind is found, named, linked and within reach."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from hub.hadir.models import DoorScan
from hub.hadir.review.findings import Kind
from hub.hadir.workplace.models import ScanPosition
from hub.people.models import Opd, Person, Placement
from hub.people.permissions import Role, ScopeKind
from tests.hub.hadir.conftest import Office, local, of_opd, text_of
from tests.hub.screens import Screens

MONDAY = date(2026, 11, 16)
PAGE = "/hadir/periksa?opd=1&bulan=2026-11"


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    office.day(101, MONDAY, "07:10")
    office.scan(102, local(MONDAY, "07:20"), clock="unknown")
    received = local(MONDAY, "10:21")
    office.scan(103, local(MONDAY, "07:21"), is_late=True, received_at=received, device="pi-lain")
    office.scan(104, local(MONDAY, "07:22"), assurance="weak", method="badge")
    office.scan(104, local(MONDAY, "16:22"))
    office.scan(105, local(MONDAY, "07:23"), token="e" * 32)
    office.scan(105, local(MONDAY, "07:25"), token="e" * 32, device="pi-lain", is_repeated=True)
    for days in range(6):
        office.day(106, MONDAY - timedelta(days=days), "07:00:01")
        office.day(107, MONDAY - timedelta(days=days), "07:00:04")
    office.delivered(city.clock())
    with city.database.writing() as db:
        for person in (101, 102, 103):
            scan = db.scalars(select(DoorScan).where(DoorScan.person == person).order_by(DoorScan.id)).first()
            assert scan is not None
            db.add(
                ScanPosition(
                    scan=scan.id, person=person, site="balai", at=scan.at, cell="c" * 32,
                    accuracy_m=5.0, distance_m=3,
                )
            )  # fmt: skip
    return office


def sheet(city: Screens, path: str) -> list[list[str]]:
    text = text_of(city.signed_in(Role.PERSONNEL), path)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def test_every_kind_is_found_and_said_in_words(city: Screens, office: Office) -> None:
    page = text_of(city.signed_in(Role.PERSONNEL), PAGE)
    for words in (
        "tanpa pindaian pulang",
        "jam perangkat tidak pasti di pi-balai/pintu",
        "tiba 3 jam setelah pindaian, dari pi-lain/pintu",
        "1 dari 3 pindaian berbukti lemah",
        "kode yang sama sudah dipakai 07.23.00 di pi-balai/pintu",
        "6 hari dalam 6 detik",
        "3 orang, 3 pindaian dari satu titik di balai",
        "bukan dasar hukuman",
        "/hadir/pegawai/101?bulan=2026-11#h-2026-11-16",
    ):
        assert words in page, words


def test_files_hold_the_same_and_one_kind_alone(city: Screens, office: Office) -> None:
    everything = sheet(city, "/hadir/periksa.csv?opd=1&bulan=2026-11")
    kinds = [row[0] for row in everything]
    assert len(set(kinds)) == len(Kind)
    (pair,) = sheet(city, f"/hadir/periksa.csv?jenis={Kind.TOGETHER}&opd=1&bulan=2026-11")
    assert pair[1:4] == ["106", "Pegawai 106", "Bidang Aplikasi"]
    assert pair[-1] == "107 Pegawai 107"
    answer = city.signed_in(Role.PERSONNEL).get(
        f"/hadir/periksa.xlsx?jenis={Kind.TOGETHER}&opd=1&bulan=2026-11"
    )
    (_head, row) = openpyxl.load_workbook(io.BytesIO(answer.data)).active.values
    assert [str(value or "") for value in row] == pair
    assert city.signed_in(Role.PERSONNEL).get("/hadir/periksa.csv?jenis=lain").status_code == 404


def test_a_day_without_the_first_scan_is_said_so(city: Screens, office: Office) -> None:
    office.day(102, MONDAY + timedelta(days=1), "16:05")
    rows = sheet(city, f"/hadir/periksa.csv?jenis={Kind.MISSING}&opd=1&bulan=2026-11")
    assert [row[6] for row in rows if row[4] == "2026-11-17"] == ["tanpa pindaian masuk"]


def test_nobody_out_of_reach_is_named(city: Screens, office: Office) -> None:
    with city.database.writing() as db:
        db.add(Opd(number=2, name="Dinas Lain"))
        db.add(Person(number=201, short_name="Orang Lain", opd=2, changed_at=city.clock()))
        db.flush()
        db.add(Placement(person_number=201, opd=2, unit=0, valid_from=MONDAY - timedelta(days=30)))
    for days in range(6):
        office.day(201, MONDAY - timedelta(days=days), "07:00:03")
    boss = of_opd(city, Role.SUPERIOR, "2", "kadis")
    page = text_of(boss, "/hadir/periksa?bulan=2026-11")
    assert "Pegawai 10" not in page
    assert "6 hari dalam" not in page
    assert boss.get(PAGE).status_code == 404
    unit = of_opd(city, Role.SUPERIOR, "11", "kabid", ScopeKind.UNIT)
    page = text_of(unit, PAGE)
    assert "Pegawai 106" in page
    assert "Orang Lain" not in page


def test_a_calm_month_shows_only_zeros(city: Screens) -> None:
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir/periksa?bulan=2025-01")
    assert "Ringkasan" in page
    assert "#h-bersamaan" in page
    assert 'id="h-bersamaan"' not in page


def test_a_long_list_is_cut_on_screen(city: Screens, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.hadir.review.views.SHOWN", 1)
    office.scan(101, local(MONDAY, "12:20"), clock="unknown")
    assert "1 yang pertama; selengkapnya di CSV." in text_of(city.signed_in(Role.PERSONNEL), PAGE)
