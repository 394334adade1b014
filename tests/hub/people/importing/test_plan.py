"""What a table would change, and what the hub is like afterwards; on both databases."""

from datetime import date

import pytest
from sqlalchemy import event, select

from hub.people.importing.known import read_known
from hub.people.importing.plan import Kind, make_plan
from hub.people.models import AuditEntry, Opd, Person, PersonNip, Placement, Unit
from hub.people.reach import Reach
from tests.browser.sample import SampleCity
from tests.hub.people.importing.conftest import CITY, GOOD, NIP, NOW, Office, table_of

OTHER_NIP = "199003122015031001"
BUDI = f"102,Budi S.,{OTHER_NIP},2,Satpol PP,,,,2026-01-05,"


def kinds(office: Office, *rows: str) -> list[tuple[Kind, ...]]:
    return [change.kinds for change in office.plan(*rows).changes]


def placements(office: Office, person: int) -> list[tuple[int, int, date, date | None]]:
    with office.database.reading() as db:
        query = select(Placement).where(Placement.person_number == person).order_by(Placement.valid_from)
        return [(row.opd, row.unit, row.valid_from, row.valid_to) for row in db.scalars(query)]


def mistake(office: Office, *rows: str, reach: Reach = CITY) -> str:
    plan = office.plan(*rows, reach=reach)
    return plan.mistakes[-1].sentence if plan.mistakes else ""


def test_people_are_written_with_their_place_and_without_their_nip(office: Office) -> None:
    office.load(GOOD, BUDI)
    with office.database.reading() as db:
        assert [(one.number, one.short_name, one.opd) for one in db.scalars(select(Person))] == [
            (101, "Siti N.", 1),
            (102, "Budi S.", 2),
        ]
        assert [opd.name for opd in db.scalars(select(Opd))] == ["Dinas Kominfo", "Satpol PP"]
        assert db.get_one(Unit, 11).name == "Sekretariat"
        assert NIP not in str([row.digest for row in db.scalars(select(PersonNip))])
        (entry,) = db.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.object) == ("dewi", "staff.import", "pegawai.csv")
    assert entry.detail == "2 new; 0 unchanged, 0 refused"


def test_the_same_table_again_changes_nothing(office: Office) -> None:
    rows = (GOOD, BUDI, ",Joko T.,197001011995031003,2,,,,,2026-01-05,2026-12-31")
    assert kinds(office, *rows) == [(Kind.NEW,), (Kind.NEW,), (Kind.NEW, Kind.LEFT)]
    office.load(*rows)
    plan = office.load(*rows)
    assert (plan.changes, plan.unchanged, plan.mistakes, plan.unnamed) == ((), 3, (), ())


def test_somebody_without_a_number_is_found_by_nip_or_gets_the_next_number(office: Office) -> None:
    office.load(GOOD)
    office.load(GOOD.replace("101,Siti N.", ",Siti Nur."), BUDI.replace("102", ""))
    with office.database.reading() as db:
        assert [
            (one.number, one.short_name) for one in db.scalars(select(Person).order_by(Person.number))
        ] == [
            (101, "Siti Nur."),
            (102, "Budi S."),
        ]


def test_each_kind_of_change_is_told_with_what_was_before(office: Office) -> None:
    office.load(GOOD, BUDI)
    moved = GOOD.replace(",11,Sekretariat", ",12,Aplikasi").replace("2026-01-05", "2026-03-01")
    renamed = BUDI.replace("Budi S.", "Budi Santoso")
    plan = office.plan(moved, renamed)
    assert [(change.kinds, change.was) for change in plan.changes] == [
        ((Kind.MOVED,), "Siti N. · Dinas Kominfo · Sekretariat"),
        ((Kind.RENAMED,), "Budi S. · Satpol PP"),
    ]
    assert plan.counts() == {Kind.RENAMED: 1, Kind.MOVED: 1}


def test_who_moves_keeps_the_old_place_until_the_day_before(office: Office) -> None:
    office.load(GOOD)
    office.load(GOOD.replace(",11,Sekretariat", ",12,Aplikasi").replace("2026-01-05", "2026-03-01"))
    assert placements(office, 101) == [
        (1, 11, date(2026, 1, 5), date(2026, 2, 28)),
        (1, 12, date(2026, 3, 1), None),
    ]
    office.load(GOOD.replace(",11,Sekretariat", ",13,Umum").replace("2026-01-05", "2026-03-01"))
    assert placements(office, 101)[-1] == (1, 13, date(2026, 3, 1), None)
    assert "sudah ditempatkan sejak 2026-03-01" in mistake(office, GOOD)


def test_who_left_is_inactive_and_comes_back_with_a_later_day(office: Office) -> None:
    office.load(GOOD)
    assert kinds(office, GOOD + "2026-10-31") == [(Kind.LEFT,)]
    office.load(GOOD + "2026-10-31")
    with office.database.reading() as db:
        assert not db.get_one(Person, 101).is_active
    assert "sudah keluar sejak 2026-10-31" in mistake(office, GOOD)
    back = GOOD.replace("2026-01-05", "2026-11-16")
    assert kinds(office, back) == [(Kind.RETURNED,)]
    office.load(back)
    assert placements(office, 101) == [
        (1, 11, date(2026, 1, 5), date(2026, 10, 31)),
        (1, 11, date(2026, 11, 16), None),
    ]
    with office.database.reading() as db:
        assert db.get_one(Person, 101).is_active


def test_who_leaves_next_month_is_active_until_then(office: Office) -> None:
    office.load(GOOD)
    office.load(GOOD + "2026-12-31")
    assert placements(office, 101) == [(1, 11, date(2026, 1, 5), date(2026, 12, 31))]
    with office.database.reading() as db:
        assert db.get_one(Person, 101).is_active


def test_a_person_known_from_doors_only_is_placed(office: Office) -> None:
    with office.database.writing() as db:
        db.add(Person(number=101, short_name="Siti N.", changed_at=NOW))
    assert kinds(office, GOOD) == [(Kind.NIP, Kind.MOVED)]
    office.load(GOOD)
    assert placements(office, 101) == [(1, 11, date(2026, 1, 5), None)]


def test_a_nip_is_corrected_but_never_taken_from_another(office: Office) -> None:
    office.load(GOOD, BUDI)
    new = "198703152009021007"
    assert kinds(office, GOOD.replace(NIP, new)) == [(Kind.NIP,)]
    office.load(GOOD.replace(NIP, new))
    assert office.plan(GOOD.replace(NIP, new)).changes == ()
    assert "sudah milik nomor 102" in mistake(office, GOOD.replace(NIP, OTHER_NIP))


def test_one_person_named_by_number_and_by_nip_is_taken_once(office: Office) -> None:
    office.load(GOOD)
    rows = (GOOD.replace(NIP, ""), GOOD.replace("101,", ","))
    assert "sudah disebut di baris lain" in mistake(office, *rows)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GOOD.replace(",1,Dinas Kominfo", ",7,"), "OPD 7 belum dikenal; isi nama_opd"),
        (GOOD.replace(",11,Sekretariat", ",17,"), "unit 17 belum dikenal; isi nama_unit"),
        (GOOD.replace(",1,Dinas Kominfo", ",2,Satpol PP"), "unit 11 adalah bagian OPD 1, bukan OPD 2"),
        (GOOD.replace("Sekretariat,,", "Sekretariat,bulan,"), "lokasi 'bulan' tidak ada"),
    ],
)
def test_an_office_that_nobody_knows_is_named(office: Office, row: str, words: str) -> None:
    office.load(GOOD)
    assert words in mistake(office, row)


def test_new_offices_must_be_called_the_same_in_every_row(office: Office) -> None:
    plan = office.plan(BUDI, BUDI.replace("102", "103").replace(OTHER_NIP, "").replace("Satpol PP", "Polisi"))
    assert plan.new_opds == {2: "Satpol PP"}
    assert "disebut 'Polisi' dan 'Satpol PP'; samakan" in plan.mistakes[0].sentence
    other = GOOD.replace("101", "104", 1).replace(NIP, "").replace(",1,Dinas Kominfo", ",2,Satpol PP")
    assert "unit 11 adalah bagian OPD 1" in mistake(office, GOOD, other)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GOOD.replace("Dinas Kominfo", "Diskominfo"), "OPD 1 bernama 'Dinas Kominfo', bukan 'Diskominfo'"),
        (GOOD.replace("Sekretariat", "Umum"), "unit 11 bernama 'Sekretariat', bukan 'Umum'"),
        (GOOD.replace("2026-01-05,", "2025-12-01,").replace(",11,Sek", ",12,Sek"), "sudah ditempatkan sejak"),
        (
            GOOD.replace(",1,Dinas Kominfo,11,Sekretariat", ",1,Dinas Kominfo,31,Regu"),
            "bagian OPD 3, bukan OPD 1",
        ),
    ],
)
def test_what_contradicts_the_hub_is_named_and_moves_nobody(office: Office, row: str, words: str) -> None:
    office.load(GOOD, "105,Rudi,,3,Dishub,31,Regu,,2026-01-05,")
    before = placements(office, 101)
    plan = office.load(row)
    assert words in plan.mistakes[0].sentence
    assert plan.mistakes[0].sentence.count(";") >= 1, "it says what to do"
    assert (placements(office, 101), plan.changes) == (before, ())


@pytest.mark.parametrize("said", ["dinas  KOMINFO", "", "Dinas Kominfo "])
def test_a_name_that_is_the_known_one_contradicts_nothing(office: Office, said: str) -> None:
    office.load(GOOD)
    assert office.plan(GOOD.replace("Dinas Kominfo", said)).mistakes == ()


def test_rows_that_contradict_each_other_leave_both_offices_unmade(office: Office) -> None:
    first = "111,Ani,,5,Dinas A,51,Bidang,,2026-01-05,"
    plan = office.plan(
        first, "112,Budi,,6,Dinas B,51,Bidang,,2026-01-05,", "113,Cici,,5,Dinas C,,,,2026-01-05,"
    )
    assert list(plan.new_opds) == [5]
    assert [one.line for one in plan.mistakes] == [3, 4]
    assert [change.row.line for change in plan.changes] == [2]


def test_who_left_is_not_placed_again_by_an_old_table(office: Office) -> None:
    office.load(GOOD + "2026-03-31")
    with office.database.writing() as db:
        db.get_one(Person, 101).is_active = False
    assert "sudah keluar sejak 2026-03-31" in mistake(office, GOOD)
    assert placements(office, 101) == [(1, 11, date(2026, 1, 5), date(2026, 3, 31))]


LONG = "Siti Nurhaliza Tarudin, S.Kom."


def test_a_name_that_was_shortened_stays_as_the_door_shows_it(office: Office) -> None:
    plan = office.load(GOOD.replace("Siti N.,", f'"{LONG}",'))
    assert (plan.shortened, plan.changes[0].row.full_name) == (1, LONG)
    with office.database.writing() as db:
        person = db.get_one(Person, 101)
        assert person.short_name == "Siti Nurhaliza T."
        person.short_name = "Siti N. T."  # as somebody set by hand
    again = office.plan(GOOD.replace("Siti N.,", f'"{LONG}",'))
    assert (again.changes, again.shortened, again.unchanged) == ((), 0, 1)
    other = office.plan(GOOD.replace("Siti N.,", '"Aminah Nurhaliza Tarudin",'))
    assert [change.kinds for change in other.changes] == [(Kind.RENAMED,)]


def test_an_import_never_renames_an_office(office: Office) -> None:
    office.load(GOOD)
    plan = office.load(GOOD.replace("Dinas Kominfo", "Diskominfo").replace("Sekretariat", "Umum"))
    assert plan.changes == ()
    with office.database.reading() as db:
        assert (db.get_one(Opd, 1).name, db.get_one(Unit, 11).name) == ("Dinas Kominfo", "Sekretariat")


def test_the_site_of_a_unit_is_one_of_the_citys(office: Office, tmp_path: object) -> None:
    SampleCity(office.database, tmp_path).load()  # type: ignore[arg-type]  # a Path
    office.load(GOOD.replace("Sekretariat,,", "Sekretariat,balai,"))
    with office.database.reading() as db:
        assert db.get_one(Unit, 11).site == "balai"


def test_good_rows_are_written_when_bad_ones_are_left_out(office: Office) -> None:
    plan = office.load(GOOD, BUDI.replace("2026-01-05", "besok"))
    assert [(one.line, "bukan tanggal" in one.sentence) for one in plan.mistakes] == [(3, True)]
    with office.database.reading() as db:
        assert db.scalars(select(Person.number)).all() == [101]
        assert db.scalars(select(Opd.number)).all() == [1], "an office of a bad row is not made"


def test_who_is_not_named_by_a_table_is_listed_and_left_alone(office: Office) -> None:
    office.load(GOOD, BUDI, GOOD.replace("101", "104", 1).replace(NIP, "").replace("Siti", "Ani"))
    plan = office.plan(GOOD)
    assert plan.unnamed == (104,)
    assert plan.changes == ()


class TestReach:
    """An OPD's admin imports into the own OPD, and takes nobody from another."""

    OWN = Reach(is_city=False, opds=frozenset({1}))

    def test_the_own_people_may_be_changed(self, office: Office) -> None:
        office.load(GOOD)
        plan = office.plan(GOOD.replace("Siti N.", "Siti"), reach=self.OWN)
        assert [change.kinds for change in plan.changes] == [(Kind.RENAMED,)]

    def test_another_opd_is_out_of_reach(self, office: Office) -> None:
        office.load(GOOD, BUDI)
        assert "OPD 2 di luar kewenangan Anda" in mistake(office, BUDI, reach=self.OWN)

    def test_nobody_is_taken_from_another_opd(self, office: Office) -> None:
        office.load(GOOD, BUDI)
        taken = BUDI.replace(",2,Satpol PP", ",1,").replace("2026-01-05", "2026-05-01")
        assert "mutasi antar-OPD diimpor oleh BKPSDM" in mistake(office, taken, reach=self.OWN)

    def test_no_opd_is_made_but_a_unit_of_the_own_one(self, office: Office) -> None:
        assert "OPD 1 belum dikenal" in mistake(office, GOOD, reach=self.OWN)
        office.load(GOOD)
        plan = office.plan(GOOD.replace(",11,Sekretariat", ",18,Bidang Baru"), reach=self.OWN)
        assert (list(plan.new_units), plan.mistakes) == ([18], ())


def test_a_large_table_costs_a_few_queries(office: Office) -> None:
    rows = [f"{n},Pegawai {n},,1,Dinas,{n % 9 + 1},Bidang {n % 9},,2026-01-05," for n in range(1, 601)]
    statements: list[str] = []
    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", lambda *a: a[2] == "BEGIN" or statements.append(a[2]))
    with office.database.reading() as db:
        plan = make_plan(table_of(*rows), read_known(db), CITY)
    assert (len(plan.changes), len(statements)) == (600, 6)
    statements.clear()
    office.load(*rows)
    assert len(statements) < 40, statements[20]
