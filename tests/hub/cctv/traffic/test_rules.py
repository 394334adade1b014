"""Ranges, columns, rows and the comparison with the last weeks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.cctv.service import DirectionRate
from hub.cctv.traffic.columns import LOOKS, Theme, columns_of
from hub.cctv.traffic.comparison import Beside, beside, compare
from hub.cctv.traffic.ranges import WORDS, Choice, Step, range_of
from hub.cctv.traffic.table import tables_of
from hub.errors import InputError
from hub.telemetry.store import Channel, MemoryTelemetry, Reading, Series, ms_of_instant

ZONE = ZoneInfo("Asia/Pontianak")
NOW = datetime(2026, 11, 21, 3, 14, 22, tzinfo=UTC)  # Saturday 10.14 WIB
RATES = (
    DirectionRate("jalan", "Jl. Sungai Jawi", True, "ke kota", 1.0),
    DirectionRate("jalan", "Jl. Sungai Jawi", False, "ke luar kota", 1.0),
)


def series(quantity: str) -> Series:
    return Series("pi", "utara", quantity)


def test_every_choice_and_theme_has_words() -> None:
    assert set(WORDS) == set(Choice)
    assert set(LOOKS) == set(Theme)


@pytest.mark.parametrize(
    ("choice", "step", "rows", "first"),
    [
        ("", Step.HOUR, 24, "2026-11-21 00:00"),
        ("hari", Step.HOUR, 24, "2026-11-21 00:00"),
        ("aneh", Step.HOUR, 24, "2026-11-21 00:00"),
        ("kini", Step.MINUTE, 180, "2026-11-21 07:15"),
        ("7hari", Step.HOUR, 168, "2026-11-15 00:00"),
        ("bulan", Step.DAY, 30, "2026-10-23 00:00"),
    ],
)
def test_a_range_has_its_rows(choice: str, step: Step, rows: int, first: str) -> None:
    found = range_of(choice, "", "", now=NOW, zone=ZONE)
    assert found.step is step
    assert len(found.starts()) == rows
    assert found.starts()[0].strftime("%Y-%m-%d %H:%M") == first
    assert found.start_of(found.starts()[-1] + timedelta(seconds=30)) == found.starts()[-1]


def test_the_day_is_that_of_the_city_also_at_night() -> None:
    late = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)  # 00.30 WIB of the 22nd
    assert str(range_of("hari", "", "", now=late, zone=ZONE).first_day) == "2026-11-22"


@pytest.mark.parametrize(
    ("first", "last", "step", "rows"),
    [
        ("2026-11-01", "2026-11-07", Step.HOUR, 168),
        ("2026-11-01", "", Step.HOUR, 24),
        ("2026-11-01", "2026-11-11", Step.DAY, 11),
        ("2026-08-22", "2026-11-21", Step.DAY, 92),
    ],
)
def test_own_dates_are_hours_or_days(first: str, last: str, step: Step, rows: int) -> None:
    found = range_of("sendiri", first, last, now=NOW, zone=ZONE)
    assert (found.step, len(found.starts())) == (step, rows)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("", "", "Isi kedua tanggal"),
        ("kemarin", "2026-11-07", "Isi kedua tanggal"),
        ("2026-11-07", "2026-11-01", "tukar keduanya"),
        ("2026-11-22", "2026-11-23", "belum tiba"),
        ("2026-08-01", "2026-11-21", "Paling banyak 92 hari"),
    ],
)
def test_dates_that_cannot_be_are_refused(first: str, last: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        range_of("sendiri", first, last, now=NOW, zone=ZONE)


def test_series_become_columns_of_their_theme_with_names_of_the_inventory() -> None:
    names = [
        "forward.jalan", "backward.jalan", "forward.baru", "forward_motor.jalan", "forward_median_kmh.jalan",
        "forward_p85_kmh.jalan", "occupancy.lajur", "cover.lajur", "flow.lajur", "crowd.trotoar",
        "level_m.papan", "spread_m.papan", "quality", "night", "motion_share", "objects.car", "zones",
    ]  # fmt: skip
    found = columns_of([series(name) for name in names], RATES)
    shown = {theme: [(column.name, column.under) for column in columns] for theme, columns in found.items()}
    assert shown == {
        Theme.COUNTS: [
            ("ke luar kota", "Jl. Sungai Jawi"),
            ("ke kota", "Jl. Sungai Jawi"),
            ("maju", "baru"),
        ],
        Theme.OCCUPANCY: [("lajur", "")],
        Theme.CONGESTION: [("lajur", "")],
        Theme.CROWD: [("trotoar", "")],
        Theme.SPEED: [("ke kota", "Jl. Sungai Jawi")],
        Theme.WATER: [("papan", "")],
        Theme.QUALITY: [("quality", "")],
    }


@pytest.fixture
def telemetry() -> MemoryTelemetry:
    """Two minutes of 09.00 and one of 10.00 WIB, and one of the day before."""
    store = MemoryTelemetry()
    channel = Channel("pi", "utara", ("forward.jalan", "backward.jalan", "level_m.papan"))
    for minutes, values in (
        (-74, (10, 2, 1.2)),
        (-73, (5, 1, 1.4)),
        (-10, (7, 0, 1.0)),
        (-1440, (100, 0, 3.0)),
    ):
        at_ms = ms_of_instant(NOW + timedelta(minutes=minutes))
        store.append([Reading(channel, at_ms, 0, tuple(map(float, values)), at_ms)])
    return store


def test_hours_add_counts_up_and_take_the_mean_of_levels(telemetry: MemoryTelemetry) -> None:
    columns = columns_of(
        [series(name) for name in ("forward.jalan", "backward.jalan", "level_m.papan")], RATES
    )
    counts, water = tables_of(telemetry, columns, range_of("hari", "", "", now=NOW, zone=ZONE))
    assert [cell and cell.value for cell in counts.rows[9]] == [3, 15]
    assert counts.total(9) == 18
    assert counts.total(3) is None
    assert counts.has_sum
    assert counts.column_total(1) == 22
    (level,) = water.rows[9]
    assert level is not None
    assert (round(level.value, 3), level.low, level.high) == (1.3, 1.2, 1.4)
    assert not water.has_sum
    assert water.column_total(0) == pytest.approx(1.15)


def test_minutes_are_single_values_and_days_are_whole(telemetry: MemoryTelemetry) -> None:
    columns = columns_of([series("forward.jalan")], RATES)
    (minutes,) = tables_of(telemetry, columns, range_of("kini", "", "", now=NOW, zone=ZONE))
    assert [row[0].value for row in minutes.rows if row[0]] == [10, 5, 7]
    (days,) = tables_of(telemetry, columns, range_of("bulan", "", "", now=NOW, zone=ZONE))
    assert [row[0].value for row in days.rows if row[0]] == [100, 22]


def test_a_theme_without_any_value_has_no_table(telemetry: MemoryTelemetry) -> None:
    columns = columns_of([series("occupancy.lajur")], RATES)
    assert list(tables_of(telemetry, columns, range_of("kini", "", "", now=NOW, zone=ZONE))) == []
    (counts,) = tables_of(
        telemetry, columns_of([series("forward.jalan"), series("forward.baru")], RATES),
        range_of("hari", "", "", now=NOW, zone=ZONE),
    )  # fmt: skip
    assert counts.column_total(1) is None


def test_an_hour_is_held_against_the_median_and_spread_of_four_weeks() -> None:
    at = NOW.replace(minute=0, second=0)
    sums = {
        at - timedelta(weeks=week): value for week, value in ((1, 100.0), (2, 120.0), (3, 80.0), (4, 90.0))
    }
    found = beside(at, {**sums, at: 190.0})
    assert (found.usual, found.low, found.high, found.weeks) == (95, 80, 120, 4)
    assert found.change == pytest.approx(1.0)
    assert found.is_unusual
    assert not beside(at, {**sums, at: 100.0}).is_unusual


def test_too_few_weeks_say_so_and_nothing_else() -> None:
    at = NOW.replace(minute=0, second=0)
    sums = {at - timedelta(weeks=week): 50.0 for week in (1, 3)}
    found = beside(at, {**sums, at: 90.0})
    assert found == Beside(at, 90.0, 2)
    assert found.change is None
    assert not found.is_unusual
    assert beside(at, {}).weeks == 0


def test_what_is_usually_nothing_has_no_share() -> None:
    at = NOW.replace(minute=0, second=0)
    sums = {at - timedelta(weeks=week): 0.0 for week in (1, 2, 3, 4)}
    assert beside(at, {**sums, at: 5.0}).change is None


def test_the_comparison_adds_all_directions_up() -> None:
    store = MemoryTelemetry()
    channel = Channel("pi", "utara", ("forward.jalan", "backward.jalan"))
    for week in range(5):
        at_ms = ms_of_instant(NOW - timedelta(weeks=week))
        store.append([Reading(channel, at_ms, 0, (10.0 * (week + 1), 1.0), at_ms)])
    columns = columns_of([series("forward.jalan"), series("backward.jalan")], RATES)[Theme.COUNTS]
    (found,) = compare(store, columns, [NOW.replace(minute=0, second=0)])
    assert (found.now, found.usual, found.low, found.high) == (11, 36, 21, 51)
    assert list(compare(store, columns, [])) == []
    assert list(compare(store, [], [NOW])) == []
