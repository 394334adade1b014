"""Corrections: asked, approved, verified, applied; refused; never decided about oneself."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from hub.errors import InputError, NotFoundError
from hub.hadir.corrections import service as corrections
from hub.hadir.corrections.forms import read_wish
from hub.hadir.corrections.service import Decider, Standing, Wish
from hub.hadir.models import DayCorrection, DoorScan, WorkShift
from hub.people.models import Account, PersonAccount
from hub.people.reach import Reach
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office

CITY, NOWHERE = Reach(is_city=True), Reach(is_city=False)
WISH = Wish(day=MONDAY, reason="surat tugas 12", arrived=time(7, 25), left=time(16, 0))


def decider(name: str, approves: Reach = NOWHERE, verifies: Reach = NOWHERE, account: int = 99) -> Decider:
    return Decider(account_id=account, name=name, approves=approves, verifies=verifies)


ATASAN = decider("atasan", approves=Reach(is_city=False, units=frozenset({11})))
BKPSDM = decider("bkpsdm", verifies=CITY)


def asked(office: Office, wish: Wish = WISH, person: int = 101) -> int:
    with office.database.writing() as db:
        return corrections.ask(db, person=person, wish=wish, actor="pegawai", now=NOW, zone=WIB).id


def row_of(office: Office, number: int) -> DayCorrection:
    with office.database.reading() as db:
        return db.get_one(DayCorrection, number)


def test_the_whole_way_changes_the_day_and_no_scan(office: Office) -> None:
    office.day(101, MONDAY, "08:10", "16:05")
    office.delivered()
    number = asked(office)
    with office.database.writing() as db:
        assert [one.row.id for one in corrections.inbox(db, ATASAN)] == [number]
        assert corrections.inbox(db, BKPSDM) == ()
        corrections.approve(db, number=number, decider=ATASAN, now=NOW)
        assert corrections.inbox(db, ATASAN) == ()
        assert [one.may_verify for one in corrections.inbox(db, BKPSDM)] == [True]
        corrections.verify(db, number=number, decider=BKPSDM, now=NOW, zone=WIB)
    result = office.result(101, MONDAY)
    assert result is not None
    assert result.code == "H"
    assert "Koreksi disetujui: surat tugas 12" in result.explanation
    row = row_of(office, number)
    assert (row.standing, row.approved_by, row.verified_by) == (Standing.APPLIED, "atasan", "bkpsdm")
    with office.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(DoorScan)) == 2
        assert [one.id for one in corrections.of_person(db, 101)] == [number]


def test_a_refusal_has_a_reason_that_the_person_reads(office: Office) -> None:
    number = asked(office)
    with office.database.writing() as db, pytest.raises(InputError, match="alasan penolakan"):
        corrections.refuse(db, number=number, decider=ATASAN, reason=" ", now=NOW)
    with office.database.writing() as db:
        corrections.refuse(db, number=number, decider=ATASAN, reason="tidak ada surat", now=NOW)
    row = row_of(office, number)
    assert (row.standing, row.refusal, row.refused_by) == (Standing.REFUSED, "tidak ada surat", "atasan")
    with office.database.writing() as db, pytest.raises(InputError, match="sudah diputuskan"):
        corrections.approve(db, number=number, decider=ATASAN, now=NOW)


def test_after_approval_it_is_the_verifier_who_may_refuse(office: Office) -> None:
    number = asked(office)
    with office.database.writing() as db:
        corrections.approve(db, number=number, decider=ATASAN, now=NOW)
    with office.database.writing() as db, pytest.raises(NotFoundError):
        corrections.refuse(db, number=number, decider=ATASAN, reason="berubah pikiran", now=NOW)
    with office.database.writing() as db:
        corrections.refuse(db, number=number, decider=BKPSDM, reason="surat palsu", now=NOW)
    assert row_of(office, number).standing == Standing.REFUSED


def test_a_stranger_to_the_unit_finds_nothing(office: Office) -> None:
    number = asked(office)
    other = decider("lain", approves=Reach(is_city=False, opds=frozenset({2}), units=frozenset({12})))
    for one, wanted in ((other, number), (ATASAN, 4711)):
        with office.database.writing() as db, pytest.raises(NotFoundError):
            corrections.approve(db, number=wanted, decider=one, now=NOW)
    with office.database.reading() as db:
        assert corrections.inbox(db, other) == ()


def test_nobody_decides_about_oneself_or_twice(office: Office) -> None:
    with office.database.writing() as db:
        account = Account(
            name="bos", display_name="Bos", password_hash="", must_change_password=False, created_at=NOW
        )
        db.add(account)
        db.flush()
        db.add(PersonAccount(account_id=account.id, person_number=101))
        own = account.id
    number = asked(office)
    boss = decider("bos", approves=CITY, verifies=CITY, account=own)
    with office.database.writing() as db, pytest.raises(InputError, match="orang lain"):
        corrections.approve(db, number=number, decider=boss, now=NOW)
    both = decider("keduanya", approves=CITY, verifies=CITY)
    with office.database.writing() as db:
        assert corrections.inbox(db, boss) == ()
        corrections.approve(db, number=number, decider=both, now=NOW)
        assert corrections.inbox(db, both) == ()
    with office.database.writing() as db, pytest.raises(InputError, match="petugas lain"):
        corrections.verify(db, number=number, decider=both, now=NOW, zone=WIB)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(MONDAY, " ", time(7)), "alasan koreksi"),
        (Wish(MONDAY, "x" * 301, time(7)), "terlalu panjang"),
        (Wish(MONDAY, "lupa"), "Isi jam masuk"),
        (Wish(date(2026, 11, 30), "lupa", time(7)), "belum tiba"),
        (Wish(MONDAY - timedelta(days=90), "lupa", time(7)), "60 hari"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_the_remedy(office: Office, wish: Wish, words: str) -> None:
    with pytest.raises(InputError, match=words):
        asked(office, wish)


def test_one_wish_a_day_waits_at_a_time(office: Office) -> None:
    asked(office)
    with pytest.raises(InputError, match="masih menunggu"):
        asked(office)
    asked(office, person=102)


def night(office: Office) -> None:
    with office.database.writing() as db:
        db.add(WorkShift(person_number=101, day=MONDAY, name="Malam", hours='["22:00", "06:00"]'))


@pytest.mark.parametrize(
    ("arrived", "left", "expected"),
    [
        (time(22), time(6), ("16 22:00", "17 06:00")),
        (None, time(6), ("", "17 06:00")),
        (None, time(23), ("", "16 23:00")),
        (time(0, 30), None, ("17 00:30", "")),
        (time(21, 50), time(6, 10), ("16 21:50", "17 06:10")),
    ],
)
def test_in_a_night_of_work_a_morning_is_the_next_one(
    office: Office, arrived: time | None, left: time | None, expected: tuple[str, str]
) -> None:
    night(office)
    row = row_of(office, asked(office, Wish(MONDAY, "jaga malam", arrived, left)))
    found = tuple(
        "" if at is None else f"{at.astimezone(WIB):%d %H:%M}" for at in (row.arrived_at, row.left_at)
    )
    assert found == expected


def test_times_the_wrong_way_round_are_refused(office: Office) -> None:
    for left in (time(7), time(16)):
        with pytest.raises(InputError, match=r"tidak sesudah jam masuk 16\.00.*tidak melewati tengah malam"):
            asked(office, Wish(MONDAY, "lupa", time(16), left))
    night(office)
    with pytest.raises(InputError, match=r"tidak sesudah jam masuk 06\.00; periksa"):
        asked(office, Wish(MONDAY, "jaga malam", time(6), time(22)))


def test_a_time_that_has_not_come_is_refused(office: Office) -> None:
    today = NOW.astimezone(WIB).date()
    with pytest.raises(InputError, match=r"Jam masuk 23\.00 belum tiba \(sekarang 10\.14\)"):
        asked(office, Wish(today, "lupa", time(23), time(23, 59)))
    with pytest.raises(InputError, match=r"Jam pulang 16\.00 belum tiba"):
        asked(office, Wish(today, "lupa", time(7), time(16)))
    asked(office, Wish(today, "lupa", time(7)))


def test_one_takes_back_what_nobody_decided_about(office: Office) -> None:
    number = asked(office)
    with office.database.writing() as db:
        with pytest.raises(NotFoundError):
            corrections.withdraw(db, number=number, person=102, actor="lain", now=NOW)
        corrections.withdraw(db, number=number, person=101, actor="pegawai", now=NOW)
        assert corrections.inbox(db, ATASAN) == ()
    assert row_of(office, number).standing == Standing.WITHDRAWN
    again = asked(office)
    with office.database.writing() as db:
        corrections.approve(db, number=again, decider=ATASAN, now=NOW)
    with office.database.writing() as db, pytest.raises(InputError, match="sudah diputuskan"):
        corrections.withdraw(db, number=again, person=101, actor="pegawai", now=NOW)


def test_the_form_is_read_with_dots_or_colons() -> None:
    fields = {"hari": "2026-11-16", "masuk": "07.25", "pulang": "16:00", "alasan": "surat tugas 12"}
    assert read_wish(fields) == WISH
    assert read_wish({"hari": "2026-11-16", "alasan": "x", "dimaafkan": "ya"}).is_excused
    for change, words in (
        ({"hari": "kemarin"}, "tanggal"),
        ({"hari": "9999-12-31"}, "tanggal"),
        ({"masuk": "pagi"}, "jam masuk"),
    ):
        with pytest.raises(InputError, match=words):
            read_wish(fields | change)


def applied(office: Office, wish: Wish, at: int) -> None:
    number = asked(office, wish)
    with office.database.writing() as db:
        corrections.approve(db, number=number, decider=ATASAN, now=NOW)
        moment = NOW + timedelta(minutes=at)
        corrections.verify(db, number=number, decider=BKPSDM, now=moment, zone=WIB)


class TestOvertime:
    """Minutes after the end: shown, and counted when two people said yes."""

    WISH = Wish(day=MONDAY, reason="perintah lembur 7", overtime_min=90)

    def test_what_was_stayed_is_shown_and_counts_only_when_approved(self, office: Office) -> None:
        office.day(101, MONDAY, "07:10", "17:00")
        office.delivered()
        result = office.result(101, MONDAY)
        assert result is not None
        assert (result.overtime_min, result.approved_overtime_min) == (60, 0)
        assert result.explanation[-1] == "60 menit setelah jam pulang, belum disetujui sebagai lembur"
        applied(office, self.WISH, 1)
        result = office.result(101, MONDAY)
        assert result is not None
        assert (result.code, result.overtime_min, result.approved_overtime_min) == ("H", 60, 60)
        assert result.explanation[-1] == "Lembur 60 menit, disetujui: perintah lembur 7"

    def test_a_few_minutes_are_not_worth_a_sentence(self, office: Office) -> None:
        office.day(101, MONDAY, "07:10", "16:20")
        office.delivered()
        result = office.result(101, MONDAY)
        assert result is not None
        assert "lembur" not in " ".join(result.explanation)

    def test_on_a_free_day_what_was_stayed_is_from_the_first_scan_to_the_last(self, office: Office) -> None:
        sunday = MONDAY - timedelta(days=1)
        office.day(101, sunday, "08:00", "10:00")
        office.delivered()
        applied(office, Wish(day=sunday, reason="jaga banjir", overtime_min=180), 1)
        result = office.result(101, sunday)
        assert result is not None
        assert (result.code, result.approved_overtime_min) == ("-", 120)

    def test_times_and_overtime_of_one_day_stand_beside_each_other(self, office: Office) -> None:
        office.day(101, MONDAY, "08:10", "17:00")
        office.delivered()
        applied(office, WISH, 1)
        applied(office, self.WISH, 2)
        result = office.result(101, MONDAY)
        assert result is not None
        assert "Koreksi disetujui: surat tugas 12" in result.explanation
        assert result.late_min == 0
        assert result.approved_overtime_min == 0, "who left at 16.00 as corrected did not stay"

    def test_overtime_alone_clears_no_doubt_about_a_clock(self, office: Office) -> None:
        office.scan(101, NOW.replace(day=16, hour=0, minute=10), clock="unknown")
        office.day(101, MONDAY, "18:00")
        office.delivered()
        applied(office, self.WISH, 1)
        result = office.result(101, MONDAY)
        assert result is not None
        assert result.needs_review
        assert "Koreksi disetujui" not in " ".join(result.explanation)

    @pytest.mark.parametrize("text", ["0", "-5", "dua jam", "961", pytest.param("9" * 4500, id="endless")])
    def test_minutes_that_cannot_be_are_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="lembur dalam menit"):
            read_wish({"hari": "2026-11-16", "alasan": "x", "lembur": text})
        assert read_wish({"hari": "2026-11-16", "alasan": "x", "lembur": "90"}).overtime_min == 90
