"""Employees from a CSV: bad rows are named, good files are written, NIPs are not kept."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from hub.db import Database
from hub.errors import InputError
from hub.people.employees_file import COLUMNS, load_employees, nip_digest, read_employees
from hub.people.models import Opd, Person, PersonNip, Placement, Unit
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.reach import Reach, opds_within, own_number, people_within, reach_of
from hub.people.service import add_account, grants_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = "k" * 40
NIP = "198703152009021002"
GOOD = f"101,Siti N.,{NIP},1,Dinas Kominfo,11,Sekretariat,balai,2026-01-05"


def text(*rows: str, mark: str = ",") -> str:
    return "\ufeff" + "\r\n".join(row.replace(",", mark) for row in (",".join(COLUMNS), *rows)) + "\r\n"


def load(database: Database, *rows: str) -> int:
    with database.writing() as db:
        return load_employees(db, read_employees(text(*rows)), nip_key=KEY, now=NOW)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GOOD.replace(NIP, "1.98703E+17"), "baris 2: NIP '1.98703E+17': kolom NIP rusak oleh Excel"),
        (GOOD.replace(NIP, "198703152009021000"), "rusak oleh Excel"),
        (GOOD.replace(NIP, "12345"), "NIP harus 18 angka"),
        (GOOD.replace("2026-01-05", "31/02/2026"), "mulai '31/02/2026' bukan tanggal"),
        (GOOD.replace("101", "nol"), "nomor 'nol' bukan nomor"),
        (GOOD.replace("Siti N.", "Nama yang terlalu panjang"), "isi 1-20 huruf"),
        (GOOD.replace("Siti N.", ""), "isi 1-20 huruf"),
        (GOOD.replace(",1,Dinas", ",70000,Dinas"), "opd '70000' bukan nomor dari 1 sampai 65535"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_remedy(row: str, words: str) -> None:
    (mistake,) = read_employees(text(row)).mistakes
    assert words in mistake


def test_all_bad_rows_are_listed_and_nothing_is_written(database: Database) -> None:
    rows = (
        GOOD,
        GOOD.replace("101", "102", 1),
        "103,,,,,,,,",
        GOOD.replace("101", "104", 1).replace(NIP, "1,9E+17"),
    )
    with pytest.raises(InputError) as refused:
        load(database, *rows)
    said = str(refused.value)
    assert "baris 2 dan 3: NIP yang sama dipakai lebih dari sekali" in said
    assert "baris 4" in said
    assert "baris 5" in said
    assert NIP not in said
    with database.reading() as db:
        assert db.scalars(select(Person)).all() == []


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="kolom mulai tidak ada"):
        read_employees("nomor,nama,nip,opd,nama_opd,unit,nama_unit,lokasi\n")


def test_a_file_of_a_spreadsheet_with_semicolons_and_empty_rows_is_read() -> None:
    file = read_employees(text(GOOD.replace("2026-01-05", "05/01/2026"), ",,,,,,,,", mark=";"))
    (one,) = file.employees
    assert (one.number, one.nip, one.since, file.mistakes) == (101, NIP, date(2026, 1, 5), ())


def test_people_are_written_with_their_place_and_without_their_nip(database: Database) -> None:
    assert load(database, GOOD, "102,Budi S.,,2,,,,,2026-01-05") == 2
    assert load(database, GOOD) == 1
    with database.reading() as db:
        kept = db.scalars(select(PersonNip)).one()
        assert kept.digest == nip_digest(KEY, NIP)
        assert NIP not in kept.digest
        assert nip_digest("x" * 40, NIP) != kept.digest
        assert db.get_one(Opd, 2).name == "OPD 2"
        assert db.get_one(Unit, 11).site == "balai"
        assert len(db.scalars(select(Placement)).all()) == 2


def test_a_nip_that_belongs_to_another_number_is_refused(database: Database) -> None:
    load(database, GOOD)
    with pytest.raises(InputError, match="sudah milik nomor 101"):
        load(database, GOOD.replace("101", "105", 1))


def test_somebody_who_moves_keeps_the_old_place_until_the_day_before(database: Database) -> None:
    load(database, GOOD)
    load(database, GOOD.replace(",11,", ",12,").replace("2026-01-05", "2026-03-01"))
    with database.reading() as db:
        places = [
            (place.unit, place.valid_from, place.valid_to)
            for place in db.scalars(select(Placement).order_by(Placement.valid_from))
        ]
    assert places == [(11, date(2026, 1, 5), date(2026, 2, 28)), (12, date(2026, 3, 1), None)]
    load(database, GOOD.replace(",11,", ",13,").replace("2026-01-05", "2026-03-01"))
    with pytest.raises(InputError, match="sudah ditempatkan sejak 2026-03-01"):
        load(database, GOOD)


class TestReach:
    """For whom a permission holds."""

    def test_a_grant_reaches_its_opd_or_unit_and_no_further(self, database: Database) -> None:
        load(database, GOOD, "102,Budi S.,,2,,21,,,2026-01-05")
        day = date(2026, 11, 21)
        with database.writing() as db:
            made = add_account(db, name="kadis", display_name="", roles=(Role.SUPERIOR,), now=NOW, actor="t")
            (grant,) = grants_of(db, made.account.id, NOW)
            for kind, scope, seen in (
                (ScopeKind.CITY, "", {101, 102}),
                (ScopeKind.OPD, "1", {101}),
                (ScopeKind.UNIT, "21", {102}),
                (ScopeKind.UNIT, "x", set()),
                (ScopeKind.KELURAHAN, "1", set()),
            ):
                grant.scope_kind, grant.scope_id = kind, scope
                db.flush()
                reach = reach_of(db, made.account.id, Permission.HADIR_SEE, NOW)
                people = people_within(db, reach, day, day)
                assert {person.number for person in people} == seen, kind
                assert all(reach.holds(person.opd, person.unit) for person in people)
                assert len(opds_within(db, reach, day)) == len(seen)
                assert reach_of(db, made.account.id, Permission.HADIR_VERIFY, NOW) == Reach(is_city=False)
            assert own_number(db, made.account.id) is None

    def test_one_opd_is_picked_out(self, database: Database) -> None:
        load(database, GOOD, "102,Budi S.,,2,,,,,2026-01-05")
        day = date(2026, 11, 21)
        with database.reading() as db:
            (only,) = people_within(db, Reach(is_city=True), day, day, opd=2)
        assert (only.number, only.unit_name) == (102, "")
