"""OPDs and units: added and renamed within reach, with the people who work there."""

from datetime import date

import pytest
from sqlalchemy import select

from hub.errors import InputError
from hub.people.models import Opd, Unit
from hub.people.offices.service import list_offices, put_unit
from hub.people.reach import Reach
from hub.places.models import Door
from tests.hub.people.staff.conftest import NOW, TODAY, Personnel, said, send
from tests.hub.people.staff.conftest import personnel as personnel


def unit(personnel: Personnel, number: int) -> Unit | None:
    with personnel.writing() as db:
        return db.get(Unit, number)


def test_offices_are_listed_with_their_people(personnel: Personnel) -> None:
    with personnel.writing() as db:
        personnel.changes(db).place(107, opd=1, unit=0, since=date(2026, 11, 1))
        first, second = list_offices(db, Reach(is_city=True), TODAY)
        (only,) = list_offices(db, Reach(is_city=False, units=frozenset({21})), TODAY)
    assert (first.people, [(one.number, one.people) for one in first.units]) == (7, [(11, 6), (12, 0)])
    assert (second.name, second.people) == ("Satuan Polisi Pamong Praja", 2)
    assert [one.number for one in only.units] == [21]


def test_a_unit_where_no_reader_stands_is_marked(personnel: Personnel) -> None:
    with personnel.writing() as db:
        put_unit(db, number=11, opd=1, name="Bidang", site="tugu", actor="a", now=NOW)
        put_unit(db, number=12, opd=1, name="Sekretariat", site="balai", actor="a", now=NOW)
        first, second = list_offices(db, Reach(is_city=True), TODAY)
    assert [(one.number, one.has_reader) for one in first.units] == [(11, False), (12, True)]
    assert [one.has_reader for one in second.units] == [True], "anywhere in the city"
    page = personnel.admin().get("/kepegawaian/opd?opd=1").get_data(as_text=True)
    assert page.count("Belum ada pembaca Hadir di titik ini") == 1
    assert "(tanpa pembaca)" in page
    with personnel.writing() as db:
        for door in db.scalars(select(Door)):
            door.is_retired = True
    page = personnel.admin().get("/kepegawaian/opd?opd=2").get_data(as_text=True)
    assert "Belum ada pembaca Hadir di kota" in page


def test_an_opd_is_added_and_renamed_by_who_manages_the_city(personnel: Personnel) -> None:
    admin, officer = personnel.admin(), personnel.officer()
    assert "OPD disimpan" in said(admin, send(admin, "/kepegawaian/opd", nomor="3", nama="Dinas Baru"))
    said(admin, send(admin, "/kepegawaian/opd", nomor="3", nama="Dinas  Lebih Baru"))
    refused = said(officer, send(officer, "/kepegawaian/opd", nomor="1", nama="Diganti"))
    assert "oleh BKPSDM" in refused
    with personnel.writing() as db:
        assert db.get_one(Opd, 3).name == "Dinas Lebih Baru"
        assert db.get_one(Opd, 1).name == "Dinas Komunikasi dan Informatika"
    for number, name, words in (
        ("0", "X", "Nomor harus"),
        ("70000", "X", "Nomor harus"),
        ("4", "", "Isi nama"),
    ):
        assert words in said(admin, send(admin, "/kepegawaian/opd", nomor=number, nama=name))


def test_an_opds_admin_keeps_its_units(personnel: Personnel) -> None:
    client = personnel.officer()
    fields = {"nomor": "13", "opd": "1", "nama": "Bidang Statistik", "titik": "balai"}
    assert "Unit disimpan" in said(client, send(client, "/kepegawaian/unit", **fields))
    kept = unit(personnel, 13)
    assert kept is not None
    assert (kept.opd, kept.name, kept.site) == (1, "Bidang Statistik", "balai")
    for change, words in (
        ({"opd": "2", "nomor": "22"}, "di luar kewenangan"),
        ({"nomor": "21"}, "sudah dipakai OPD 2"),
        ({"titik": "bulan"}, "Titik &#39;bulan&#39; tidak ada"),
        ({"nama": "x" * 121}, "Isi nama"),
        ({"nomor": "0"}, "Nomor harus"),
    ):
        assert words in said(client, send(client, "/kepegawaian/unit", **(fields | change))), change
    assert unit(personnel, 22) is None


def test_a_unit_of_no_opd_is_refused(personnel: Personnel) -> None:
    with personnel.writing() as db, pytest.raises(InputError, match="OPD 9 tidak ada"):
        put_unit(db, number=5, opd=9, name="X", site="", actor="t", now=NOW)


def test_without_offices_the_page_says_so(personnel: Personnel) -> None:
    text = personnel.officer(opd=77).get("/kepegawaian/opd").get_data(as_text=True)
    assert "Belum ada OPD dalam kewenangan Anda" in text
