"""The queries of complaints on both databases: counts, the public board, what is alike."""

from datetime import timedelta

from hub.cases.complaints.filing.offered import likeness_of, offered_for
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import Wanted
from hub.cases.complaints.statistics.counted import Shelf, count_all
from hub.cases.complaints.statistics.counting import Tally
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.versions import keep_version
from hub.db import Database
from hub.places.areas import load_areas
from tests.hub.cases.complaints.conftest import SERVICE
from tests.hub.cases.office import MONDAY, ZONE, Office

HOLE = {
    "category": "jalan",
    "title": "Lubang besar",
    "text": "Lubang besar di jalan",
    "place": "0.000000,109.322000",
}


def test_complaints_are_counted_found_and_compared_alike_on_both_databases(database: Database) -> None:
    office = Office(database)
    with office.writing() as db:
        load_areas(db)
        keep_version(db, SERVICE, author="system", now=MONDAY, is_published=True)
    office.opds()
    nobody = Applicant(name="Siti")
    first = office.file("pengaduan", nobody, **HOLE)
    # Half past eleven at night of the last day of the year in the city, still the old year in UTC.
    office.now = MONDAY.replace(month=12, day=31, hour=17, minute=30)
    second = office.file("pengaduan", nobody, **HOLE)
    with office.database.reading() as db:
        counted = count_all(db, ZONE, office.now)
        assert counted.years == ("2026", "2027")
        assert sorted(counted.sides["month"], key=lambda one: one.key) == [
            Tally("2026", "2026-11", 1),
            Tally("2027", "2027-01", 1),
        ]
        assert {one.key for one in counted.sides["opd"]} == {"0"}
        assert {one.key for one in counted.sides["category"]} == {"jalan"}
        board = PublicBoard(db)
        assert [one.number for one in board.find(Wanted(text="lubang"))] == [second.number, first.number]
        assert board.count(Wanted(kelurahan=str(first.kelurahan))) == 2
        assert {number for number, _one in board.news(MONDAY, office.now)} == {first.number, second.number}
        one = likeness_of(db, second)
        assert [each.complaint.number for each in offered_for(db, one)] == [first.number]


def test_the_shelf_counts_anew_when_its_time_is_over(office: Office) -> None:
    shelf = Shelf()
    with office.database.reading() as db:
        first = shelf.counted(db, ZONE, MONDAY)
        assert shelf.counted(db, ZONE, MONDAY + timedelta(seconds=59)) is first
        assert shelf.counted(db, ZONE, MONDAY + timedelta(seconds=61)) is not first
