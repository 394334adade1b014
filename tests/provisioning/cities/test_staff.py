"""Invented employees: the hub and the simulated phones get two halves of the same keys."""

import base64
import stat
from datetime import date
from pathlib import Path

from edge.wire.hadir.phones import load_phones
from hub.people.enrolment.people_file import read_people
from hub.people.importing.rows import StaffTable, read_staff
from hub.web.files.table_file import read_table
from provisioning.cities.staff import FIRST_OPD_NAMES, NAMES, SIZES, settle_employees, settle_staff


def test_hub_and_phones_read_matching_halves(tmp_path: Path) -> None:
    settle_staff(tmp_path / "people.json", tmp_path / "phones.json")
    persons = {person.number: person for person in read_people(tmp_path / "people.json").persons}
    phones = load_phones(tmp_path / "phones.json")
    holders = [person for person in persons.values() if person.may_use_badge]
    assert len(persons) == len(NAMES) == len(FIRST_OPD_NAMES) + sum(SIZES)
    assert len(phones) + len(holders) == len(persons)
    assert holders
    assert all(person.keys == () for person in holders)
    for phone in phones:
        assert base64.b64decode(persons[phone.person].keys[0].public_key) == phone.public_key
    assert stat.S_IMODE((tmp_path / "phones.json").stat().st_mode) == 0o600


def test_the_staff_stays_the_same_at_a_second_start(tmp_path: Path) -> None:
    settle_staff(tmp_path / "people.json", tmp_path / "phones.json")
    before = (tmp_path / "phones.json").read_bytes()
    settle_staff(tmp_path / "people.json", tmp_path / "phones.json")
    assert (tmp_path / "phones.json").read_bytes() == before
    (tmp_path / "phones.json").unlink()
    settle_staff(tmp_path / "people.json", tmp_path / "phones.json")
    assert (tmp_path / "phones.json").read_bytes() != before


def test_names_fit_the_display_of_a_door() -> None:
    assert all(0 < len(name) <= 20 for name in NAMES)
    assert len(set(NAMES)) == len(NAMES)


def read(path: Path) -> StaffTable:
    return read_staff(read_table(path.read_bytes(), path.name), nip_key="k", today=date(2026, 11, 21))


def test_the_hub_can_read_where_the_employees_work_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "employees.csv"
    assert settle_employees(path, since=date(2026, 11, 21))
    table = read(path)
    assert table.mistakes == ()
    assert [one.number for one in table.rows] == [1001 + place for place in range(len(NAMES))]
    assert [one.opd for one in table.rows].count(1) == len(FIRST_OPD_NAMES)
    assert {(one.unit, one.unit_name) for one in table.rows if one.opd == 4} == {
        (41, "Sekretariat"),
        (42, "Bidang Mutasi"),
    }
    assert {one.site for one in table.rows} == {"balai-kota"}
    assert not settle_employees(path, since=date(2027, 1, 1))
    assert read(path) == table
