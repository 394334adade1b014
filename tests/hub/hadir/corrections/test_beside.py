"""What stands beside a correction in the inbox: scans as they were, the result, the unit."""

from datetime import time, timedelta

from hub.hadir.corrections import service as corrections
from hub.hadir.corrections.beside import beside
from hub.hadir.corrections.service import Wish
from hub.hadir.models import DayCorrection, WorkShift
from hub.people.permissions import Role
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office, of_opd, text_of
from tests.hub.screens import Screens

TUESDAY = MONDAY + timedelta(days=1)


def ask(office: Office, person: int, wish: Wish) -> DayCorrection:
    with office.database.writing() as db:
        return corrections.ask(db, person=person, wish=wish, actor="pegawai", now=NOW, zone=WIB)


def test_each_correction_has_its_own_day_beside_it(office: Office) -> None:
    office.day(101, MONDAY, "07:45", "16:05")
    office.day(102, MONDAY, "07:10")
    office.day(102, TUESDAY, "07:05")
    office.delivered()
    rows = [
        ask(office, 101, Wish(MONDAY, "apel", time(7, 20))),
        ask(office, 102, Wish(MONDAY, "lupa", left=time(16))),
        ask(office, 101, Wish(TUESDAY, "lupa", time(7, 20))),
    ]
    with office.database.reading() as db:
        found = beside(db, rows, WIB)
        assert beside(db, [], WIB) == {}
    first, second, third = (found[row.id] for row in rows)
    assert [f"{at.astimezone(WIB):%H:%M}" for at in first.scans] == ["07:45", "16:05"]
    assert first.unit
    assert first.result is not None
    assert (first.result.late_min, len(second.scans), third.scans) == (15, 1, ())


def test_the_inbox_shows_scans_result_and_the_morning_after(city: Screens) -> None:
    office = Office(city.database)
    with city.database.writing() as db:
        db.add(WorkShift(person_number=101, day=TUESDAY, name="Malam", hours='["22:00", "06:00"]'))
    office.day(101, TUESDAY, "22:05")
    office.delivered()
    ask(office, 101, Wish(TUESDAY, "jaga malam", left=time(6)))
    superior = of_opd(city, Role.SUPERIOR, "1", "atasan")
    page = text_of(superior, "/hadir/koreksi")
    for words in ("22.05", "pulang 06.00 keesokan harinya", "Pindaian asli", "Hasil sekarang"):
        assert words in page, words
