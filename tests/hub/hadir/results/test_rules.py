"""Day results: the golden table, and the properties that hold for any day."""

import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from hub.hadir.results.calendar import (
    Calendar,
    Holiday,
    Hours,
    Leave,
    LeaveKind,
    LeavePart,
    Period,
    Rows,
    Scope,
    Shift,
    Subject,
)
from hub.hadir.results.correction import Correction
from hub.hadir.results.month import LADDER, ladder_indication, longest_absence, month_result
from hub.hadir.results.rules import DayInput, DayResult, DayStatus, Direction, Scan, day_result
from hub.hadir.results.served import Service
from hub.hadir.results.tariff import Tariff, Tier
from hub.hadir.results.translation import explained

WIB = timezone(timedelta(hours=7))
GOLDEN = Path(__file__).parents[3] / "data" / "hadir" / "golden_days.txt"
CITY = Subject()


def hours(start: str, end: str, *pause: str) -> Hours:
    times = [time.fromisoformat(text.replace(".", ":")) for text in (start, end, *pause)]
    return Hours(*times)


ORDINARY = dict.fromkeys(range(4), hours("07.30", "16.00", "12.00", "13.00")) | {
    4: hours("07.30", "16.30", "11.30", "13.00")
}
RAMADAN = dict.fromkeys(range(4), hours("08.00", "15.00", "12.00", "12.30")) | {
    4: hours("08.00", "15.30", "12.00", "13.00")
}
SHIFTS = {"malam": hours("22.00", "06.00"), "sore": hours("14.00", "21.00")}
LEAVES = {
    "cuti": LeaveKind.ANNUAL,
    "sakit": LeaveKind.SICK,
    "izin": LeaveKind.PERMISSION,
    "dl": LeaveKind.DUTY_TRAVEL,
    "wfa": LeaveKind.WORK_FROM_ANYWHERE,
    "tb": LeaveKind.STUDY,
}
PARTS = {"": LeavePart.WHOLE, "pagi": LeavePart.MORNING, "siang": LeavePart.AFTERNOON}


def tiers(prefix: str) -> tuple[Tier, ...]:
    steps = ((1, "0.5"), (31, "1"), (61, "1.5"), (91, "2"))
    return tuple(Tier(f"{prefix}{n}", start, Decimal(cut)) for n, (start, cut) in enumerate(steps, 1))


def tariff(**changes: object) -> Tariff:
    fields: dict[str, object] = {
        "subject": CITY,
        "valid_from": date(2020, 1, 1),
        "version": "contoh-1",
        "late": tiers("TL"),
        "early": tiers("PSW"),
        "missing_scan": Tier("MS", 0, Decimal("1.5")),
        "absent": Tier("TK", 0, Decimal(4)),
        "is_example": True,
    }
    return Tariff(**(fields | changes))  # type: ignore[arg-type]  # a table of test values


def two_steps(**changes: object) -> Tariff:
    steps = (Tier("X1", 1, Decimal(1)), Tier("X2", 60, Decimal(3)))
    return tariff(late=steps, early=steps, absent=Tier("TK", 0, Decimal(3)), version="dua", **changes)


def tariffs(name: str) -> list[Tariff]:
    if name.startswith("mulai"):
        return [tariff(), two_steps(valid_from=date.fromisoformat(name.removeprefix("mulai")))]
    return {
        "": [tariff()],
        "tenggang15": [tariff(grace_min=15)],
        "ganti30": [tariff(made_good_up_to_min=30)],
        "ganti90": [tariff(made_good_up_to_min=90)],
        "duatingkat": [two_steps()],
        "opd": [tariff(), two_steps(subject=Subject(Scope.OPD, 3), valid_from=date(2019, 1, 1))],
        "tidak ada": [],
    }[name]


def instant(day: date, text: str) -> datetime:
    clock, _, days = text.partition("+")
    moment = time.fromisoformat(clock.replace(".", ":"))
    return datetime.combine(day, moment, WIB) + timedelta(days=int(days or 0))


def scan(day: date, number: int, text: str) -> Scan:
    direction = {"i": Direction.IN, "o": Direction.OUT}.get(text.rstrip("~")[-1], Direction.EITHER)
    at = instant(day, text.rstrip("~io"))
    return Scan(number, at.astimezone(UTC), direction, is_clock_certain=not text.endswith("~"))


def given_of(day: date, setup: str, scans: str) -> DayInput:  # noqa: C901 (one branch a word of the table)
    calendars = [Calendar(CITY, date(2020, 1, 1), None, ORDINARY, "kalender kota")]
    holidays: list[Holiday] = []
    periods: list[Period] = []
    leaves: list[Leave] = []
    shifts: dict[date, Shift] = {}
    complete: datetime | None = instant(day, "23.59+1")
    service = Service(instant(day, "00.00") - timedelta(days=30))
    next_start = None
    tariff_name = ""
    fields: dict[str, object] = {}
    for word in setup.split():
        key, _, value = word.partition("=")
        leave, _, part = key.partition("-")
        if key == "biasa":
            continue
        if key == "ramadan":
            periods.append(Period(CITY, date(2026, 2, 18), date(2026, 3, 19), RAMADAN, "Ramadan 1447 H"))
        elif key in ("libur", "cutibersama"):
            holidays.append(Holiday(day, "Hari libur"))
        elif key in SHIFTS or key == "lepas":
            shifts[day] = Shift(day, SHIFTS.get(key))
        elif key == "tanpakalender":
            calendars.clear()
        elif key == "jam":
            scope, _, span = value.partition(":")
            own = dict.fromkeys(range(5), hours(*span.split("-")))
            calendars.append(Calendar(Subject(Scope(scope), 1), date(2020, 1, 1), None, own, scope))
        elif key == "lengkap":
            complete = None if value == "-" else instant(day, value)
        elif key == "pembaca":
            service = Service(instant(day, value) if value != "-" else None)
        elif key == "tanpapembaca":
            service = Service(service.since, has_reader=False)
        elif key == "berikut":
            next_start = instant(day, value)
        elif key == "tarif":
            tariff_name = value
        elif key == "tanpatarif":
            tariff_name = "tidak ada"
        elif key in ("masuk", "pulang", "dimaafkan"):
            names = {"masuk": "arrived_at", "pulang": "left_at", "dimaafkan": "is_excused"}
            fields[names[key]] = instant(day, value) if value else True
        else:
            leaves.append(Leave(LEAVES[leave], day, day, PARTS[part]))
    return DayInput(
        day=day,
        rows=Rows(calendars, holidays, periods, shifts, leaves),
        scans=[scan(day, number, text) for number, text in enumerate(scans.split(), 1)],
        tariffs=tariffs(tariff_name),
        zone=WIB,
        complete_until=complete,
        service=service,
        next_start=next_start,
        correction=Correction(reason="surat tugas", **fields) if fields else None,  # type: ignore[arg-type]
    )


def golden_rows() -> list[list[str]]:
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def test_the_golden_table_is_long_enough() -> None:
    assert len(golden_rows()) >= 200


@pytest.mark.parametrize("row", golden_rows(), ids=lambda row: " ".join(row[:3]))
def test_a_golden_day_comes_out_as_the_table_says(row: list[str]) -> None:
    day, setup, scans, code, late, early, cut, review = [*row, ""][:8]
    result = day_result(given_of(date.fromisoformat(day), setup, scans))
    percent = sum((deduction.percent for deduction in result.deductions), Decimal(0))
    told = (result.code, result.late_min, result.early_min, percent, result.needs_review)
    assert told == (code, int(late), int(early), Decimal(cut), review == "periksa"), result.explanation


def test_no_sentence_of_the_golden_days_is_without_its_english() -> None:
    results = [
        day_result(given_of(date.fromisoformat(day), setup, scans)) for day, setup, scans, *_ in golden_rows()
    ]
    sentences = {sentence for result in results for sentence in result.explanation}
    assert len(sentences) > 50
    assert [one for one in sentences if explained(one, "en") == one] == []


def test_the_explanation_says_it_all_in_indonesian() -> None:
    result = day_result(given_of(date(2026, 11, 23), "biasa", "07.45 15.00"))
    assert result.explanation == (
        "Jam kerja 07.30-16.00 (kalender kota)",
        "Masuk 07.45, terlambat 15 menit",
        "Pulang 15.00, 60 menit lebih awal",
        "Potongan TL1: 0,5 %, tarif contoh-1 (contoh)",
        "Potongan PSW2: 1 %, tarif contoh-1 (contoh)",
    )
    assert result.source_scans == (1, 2)


@pytest.mark.parametrize(
    ("setup", "scans", "said"),
    [
        ("biasa", "", "Tidak ada pindaian"),
        ("biasa", "07.10", "Belum ada pindaian pulang"),
        ("biasa", "16.10", "Belum ada pindaian masuk"),
        ("masuk=07.20", "16.00", "Koreksi disetujui: surat tugas"),
        ("biasa", "07.10~ 16.00", "Jam perangkat tidak pasti"),
        ("tarif=ganti30", "07.45 16.15", "diganti pada hari yang sama"),
        ("lengkap=-", "", "Data belum lengkap"),
        ("pembaca=05.31", "", "belum ada pembaca di tempat kerja pada hari itu"),
        ("pembaca=- lengkap=-", "", "menunggu kiriman"),
        ("tanpapembaca", "07.10", "belum ada pembaca di tempat kerja pada hari itu"),
        ("libur", "08.00", "1 pindaian pada hari tanpa jam kerja"),
        ("tanpatarif", "", "Belum ada tarif"),
        ("cuti-pagi", "13.00 16.00", "Cuti setengah hari, jam kerja 13.00-16.00"),
        ("tanpakalender", "", "belum ada kalender"),
    ],
)
def test_every_turn_is_explained(setup: str, scans: str, said: str) -> None:
    assert said in "; ".join(day_result(given_of(date(2026, 11, 23), setup, scans)).explanation)


def test_hours_worked_leave_out_the_break_and_what_lies_outside() -> None:
    result = day_result(given_of(date(2026, 11, 23), "biasa", "07.00 17.30"))
    assert (result.worked_min, result.overtime_min) == (450, 90)


def test_the_order_in_which_scans_arrive_changes_nothing() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(300):
        minutes = chance.sample(range(5 * 60, 20 * 60), chance.randrange(7))
        texts = [f"{m // 60:02d}.{m % 60:02d}{chance.choice(['', '', '~', 'i', 'o'])}" for m in minutes]
        given = given_of(date(2026, 11, 23), chance.choice(["biasa", "malam", "cuti-siang"]), " ".join(texts))
        shuffled = DayInput(
            **{name: getattr(given, name) for name in DayInput.__struct_fields__ if name != "scans"},
            scans=chance.sample(list(given.scans), len(given.scans)),
        )
        assert day_result(given) == day_result(shuffled)


def days_of(codes: str) -> list[DayResult]:
    start = date(2026, 11, 2)
    setups = {
        "h": ("biasa", "07.10 16.40"),
        "t": ("biasa", "08.01 16.40"),
        "a": ("biasa", ""),
        "c": ("cuti", ""),
    }
    result = []
    for number, letter in enumerate(codes):
        setup, scans = setups.get(letter, ("lepas", ""))
        result.append(day_result(given_of(start + timedelta(days=number), setup, scans)))
    return result


def test_a_month_adds_up_caps_and_converts() -> None:
    days = days_of("httta")
    month = month_result(days, tariff(monthly_cap_percent=Decimal(5), minutes_per_day=31))
    assert (month.percent, month.is_capped, month.late_min, month.converted_days) == (Decimal(5), True, 93, 3)
    assert month.codes == {"H": 1, "TL2": 3, "TK": 1}
    assert month_result(days, None).percent == Decimal(7)
    assert month_result(days, None).converted_days == 0


def test_the_longest_absence_goes_on_over_free_days_and_ends_with_any_other() -> None:
    assert longest_absence(days_of("aaa----aah")) == 5
    assert longest_absence(days_of("aahaac")) == 2
    assert longest_absence([]) == 0


@pytest.mark.parametrize(("days", "words"), [(step, words) for step, words in LADDER])
def test_the_ladder_is_an_indication_only(days: int, words: str) -> None:
    assert ladder_indication(days, 0) == f"indikasi: {words}"
    assert ladder_indication(2, 2) is None
    assert ladder_indication(10, 10) == "indikasi: pemberhentian (10 hari kerja berturut-turut)"


def test_an_incomplete_day_is_counted_as_such() -> None:
    open_day = day_result(given_of(date(2026, 11, 23), "lengkap=-", ""))
    assert open_day.status is DayStatus.INCOMPLETE
    assert month_result([open_day], tariff()).incomplete_days == 1
