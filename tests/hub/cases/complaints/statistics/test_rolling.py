"""Complaints added up by month: the numbers that counting finds, and only what changed is counted anew."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from hub.cases.complaints.models import ComplaintTally
from hub.cases.complaints.statistics.counted import ADDED_UP_WITHIN, Shelf, added_up, count_all
from hub.cases.complaints.statistics.rolling import adder, changed_sums
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.models import CaseStep
from hub.cases.keeping.versions import keep_version
from hub.db import Database
from hub.places.areas import load_areas
from tests.hub.cases.complaints.conftest import SERVICE
from tests.hub.cases.office import MONDAY, ZONE, Office

HOLE = {"category": "jalan", "title": "Lubang besar", "text": "Lubang besar", "place": "0.000000,109.322000"}


@dataclass
class City:
    """A city that takes complaints and adds them up."""

    office: Office

    def file(self, **more: str) -> str:
        """Take a complaint; return its number."""
        return self.office.file("pengaduan", Applicant(name="Siti"), **(HOLE | more)).number

    def add_up(self) -> None:
        """Do the chore."""
        adder(self.office.database, ZONE, lambda: self.office.now)()

    def is_right(self) -> bool:
        """Whether what was added up is what is there."""
        with self.office.database.reading() as db:
            found, true = added_up(db, self.office.now), count_all(db, ZONE, self.office.now)
        assert found is not None
        order = {side: sorted(lines, key=repr) for side, lines in found.sides.items()}
        return order == {side: sorted(lines, key=repr) for side, lines in true.sides.items()}

    def changed(self) -> tuple[str, ...]:
        """Return the months that the next turn counts."""
        with self.office.database.reading() as db:
            return changed_sums(db, ZONE, self.office.now).months


def city_with(database: Database) -> City:
    office = Office(database)
    with office.writing() as db:
        load_areas(db)
        keep_version(db, SERVICE, author="system", now=MONDAY, is_published=True)
    office.opds()
    return City(office)


def test_what_was_added_up_is_what_counting_finds_on_both_databases(database: Database) -> None:
    city = city_with(database)
    city.add_up()
    assert city.is_right()  # nothing yet
    city.file()
    city.office.now += timedelta(days=40)
    city.file(category="sampah", kelurahan="61.71.04.1004", place="")
    city.add_up()
    assert city.is_right()


def test_only_months_with_a_new_step_are_counted_anew(office: Office) -> None:
    city = City(office)
    city.file()
    city.office.now += timedelta(days=40)
    city.file()
    city.add_up()
    # What happened in the last minutes is looked at again: a number may be given before its row is seen.
    assert city.changed() == ("2027-01",)
    city.office.now += timedelta(minutes=11)
    city.add_up()
    assert city.changed() == ()
    with office.writing() as db:
        step = db.scalars(select(CaseStep).order_by(CaseStep.id)).first()
        assert step is not None
        words = {"action": "x", "from_stage": "", "to_stage": "diterima", "role": "x"}
        db.add(CaseStep(case_id=step.case_id, seq=9, at=office.now, **words))
    assert city.changed() == ("2026-11",)
    city.add_up()
    assert city.is_right()


def test_all_is_counted_once_a_day_so_that_no_mistake_stays(office: Office) -> None:
    city = City(office)
    city.file()
    city.office.now += timedelta(minutes=11)
    city.add_up()
    with office.writing() as db:
        db.execute(delete(ComplaintTally))
    city.add_up()
    assert not city.is_right()
    city.office.now += timedelta(days=1)
    city.add_up()
    assert city.is_right()


def test_the_page_counts_by_itself_where_nobody_adds_up_any_more(office: Office) -> None:
    city = City(office)
    city.file()
    city.add_up()
    city.file()
    with office.database.reading() as db:
        assert Shelf().counted(db, ZONE, office.now).sides["month"][0].count == 1
        later = office.now + ADDED_UP_WITHIN + timedelta(seconds=1)
        assert Shelf().counted(db, ZONE, later).sides["month"][0].count == 2
