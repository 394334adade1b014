"""OPDs beside each other: by rates, with the denominator, the small ones unranked."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pytest

from hub.hadir.city import ranking
from hub.hadir.city.ranking import Rate, rank_opds
from hub.hadir.models import DayOutcome
from hub.people.models import Opd, Person, Placement
from hub.people.permissions import Role
from hub.people.reach import Reach
from tests.hub.hadir.conftest import NOW, Office, of_opd, text_of
from tests.hub.screens import Screens

MONTH = date(2026, 10, 1)


def outcomes(person: int, statuses: str) -> Iterator[DayOutcome]:
    for place, status in enumerate(statuses.split()):
        yield DayOutcome(
            person_number=person, day=MONTH + timedelta(days=place), revision=1, is_current=True,
            status=status, late_min=0, code=status, tariff_version="", body="{}", digest="", computed_at=NOW,
        )  # fmt: skip


def fill(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPD 1: 4 of 5 on time; OPD 2: 1 of 2; OPD 3: too few days; OPD 4: nothing published."""
    monkeypatch.setattr(ranking, "RANKED_FROM_DAYS", 2)
    with office.database.writing() as db:
        for number in (2, 3, 4, 5):
            db.add(Opd(number=number, name=f"Dinas {number}"))
            db.flush()
            db.add(Person(number=number * 100, short_name=f"Orang {number}", opd=number, changed_at=NOW))
            db.flush()
            db.add(Placement(person_number=number * 100, opd=number, unit=0, valid_from=MONTH))
        db.add_all(outcomes(101, "H H P T LB - L"))
        db.add_all(outcomes(102, "H TPP"))
        db.add_all(outcomes(200, "H TK"))
        db.add_all(outcomes(300, "T"))
        db.add_all(outcomes(500, "H TK"))


def test_opds_are_ranked_by_a_rate_of_published_working_days(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(office, monkeypatch)
    with office.database.reading() as db:
        lines = rank_opds(db, reach=Reach(is_city=True), month=MONTH, rate=Rate.ON_TIME)
        first = lines[0]
        assert (first.opd.number, first.people, first.worked, first.on_time, first.late) == (1, 7, 6, 4, 1)
        assert (first.missing, first.absent, first.away) == (1, 0, 1)
        assert [(line.opd.number, line.place) for line in lines] == [
            (1, 1), (2, 2), (5, 2), (3, None), (4, None)
        ]  # fmt: skip
        assert first.share(Rate.ON_TIME) == pytest.approx(400 / 6)
        assert lines[-1].share(Rate.ON_TIME) is None
        by_absence = rank_opds(db, reach=Reach(is_city=True), month=MONTH, rate=Rate.ABSENT)
        assert [line.opd.number for line in by_absence][:1] == [1]
        own = rank_opds(db, reach=Reach(is_city=False, opds=frozenset({2})), month=MONTH, rate=Rate.LATE)
        assert [line.opd.number for line in own] == [2]


def test_the_page_shows_the_denominator_and_only_what_is_in_reach(
    city: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(Office(city.database), monkeypatch)
    client = city.signed_in(Role.EXECUTIVE)
    page = text_of(client, "/hadir/kota?bulan=2026-10&menurut=terlambat")
    for words in ("dari hari kerja", "66,7", "Dinas 2", "/hadir/rekap?opd=1"):
        assert words in page, words
    rows = list(csv.reader(io.StringIO(text_of(client, "/hadir/kota.csv?bulan=2026-10"))))
    assert rows[1][1:4] == ["Dinas Komunikasi dan Informatika", "7", "6"]
    assert rows[-1][0] == "-"
    book = openpyxl.load_workbook(io.BytesIO(client.get("/hadir/kota.xlsx?bulan=2026-10").data)).active
    table = [list(row) for row in book.values]
    assert [str(name) for name in table[0]] == [name.removeprefix("\ufeff") for name in rows[0]]
    assert table[1][:4] == [1, "Dinas Komunikasi dan Informatika", 7, 6]
    assert table[1][9] == pytest.approx(66.7)
    assert (table[-1][0], table[-1][-1]) == ("-", "-")
    assert "Dinas 3" not in text_of(of_opd(city, Role.SUPERIOR, "2", "kadis"), "/hadir/kota?bulan=2026-10")
    nobody = of_opd(city, Role.SUPERIOR, "77", "kosong")
    assert "Belum ada pegawai" in text_of(nobody, "/hadir/kota")
