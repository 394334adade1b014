"""Points, roll-ups and what is read from them, on both databases."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from hub.db import Database
from hub.errors import InputError
from hub.measures.catalogue.reading import catalogue_of
from hub.measures.catalogue.shape import CatalogueFile, Measure, SumCheck
from hub.measures.keeping.models import MeasurePoint, MeasureSeries
from hub.measures.keeping.periods import WIB, Grain, begin_of, end_of, periods_between, second_of
from hub.measures.keeping.points import Said, forget, keep
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Facets, Side
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.service import conflicts_of, newest_of, sources_of, values_of

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
JAWI, PARIT = "61.71.05.1004", "61.71.01.1003"
KNOWN = catalogue_of(
    [
        CatalogueFile(
            measure=(
                Measure(code="hujan", label="Hujan", grain="hour", aggregation="sum", across="mean"),
                Measure(code="harga", label="Harga", grain="day", aggregation="mean"),
                Measure(code="stok", label="Stok", grain="day", aggregation="last"),
                Measure(code="hadir", label="Hadir", grain="day", aggregation="share"),
                Measure(code="puncak", label="Puncak", grain="hour", aggregation="max"),
                Measure(code="masuk", label="Masuk", grain="month"),
                Measure(code="selesai", label="Selesai", grain="month"),
                Measure(code="sisa", label="Sisa", grain="month"),
                Measure(code="bagian", label="Bagian", grain="month", formula="100 * selesai / masuk"),
            ),
            check=(SumCheck(whole="masuk", parts=("selesai", "sisa")),),
        )
    ]
)


def say(database: Database, code: str, *said: Said) -> None:
    with database.writing() as db:
        source = source_id(db, SourceKind.FILE, "berkas uji", now=NOW)
        keep(db, KNOWN.one(code), said, source=source)


def read(database: Database, code: str, **options: object) -> list[tuple[str, str, float | None]]:
    with database.reading() as db:
        values = values_of(db, code, catalogue=KNOWN, **options)  # type: ignore[arg-type]  # options of the test
    return [(f"{one.begin.astimezone(WIB):%Y-%m-%d}", one.key, one.value) for one in values]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def test_days_months_and_years_come_from_what_was_said(database: Database) -> None:
    jawi, parit = Facets(kelurahan=JAWI), Facets(kelurahan=PARIT)
    say(
        database,
        "stok",
        Said(jawi, at("2026-01-30"), 5),
        Said(jawi, at("2026-02-01"), 7),
        Said(jawi, at("2026-02-20"), 9),
        Said(parit, at("2026-02-03"), 100),
    )
    # The last of each place, and the places together.
    assert read(database, "stok", grain=Grain.MONTH) == [("2026-01-01", "", 5), ("2026-02-01", "", 109)]
    assert read(database, "stok", grain=Grain.YEAR) == [("2026-01-01", "", 109)]
    february = {"since": at("2026-02-01"), "until": at("2026-03-01"), "grain": Grain.MONTH}
    assert read(database, "stok", by=Side.KECAMATAN, **february) == [
        ("2026-02-01", "61.71.01", 100),
        ("2026-02-01", "61.71.05", 9),
    ]
    assert read(database, "stok", scope=Facets(kecamatan="61.71.05"), **february) == [("2026-02-01", "", 9)]
    # Finer than the measure itself is the measure itself.
    assert len(read(database, "stok", grain=Grain.HOUR)) == 4


def test_a_corrected_or_withdrawn_point_is_nowhere_left(database: Database) -> None:
    here = Facets(site="jawi")
    say(database, "puncak", Said(here, at("2026-05-05T10"), 90), Said(here, at("2026-05-05T11"), 40))
    assert read(database, "puncak", grain=Grain.YEAR) == [("2026-01-01", "", 90)]
    say(database, "puncak", Said(here, at("2026-05-05T10:59"), 20))
    assert read(database, "puncak", grain=Grain.YEAR) == [("2026-01-01", "", 40)]
    with database.writing() as db:
        number = db.scalars(select(MeasureSeries.id)).one()
        forget(db, KNOWN.one("puncak"), [(number, second_of(at(f"2026-05-05T{hour}"))) for hour in (10, 11)])
    assert read(database, "puncak", grain=Grain.MONTH) == []


def test_shares_are_parts_of_wholes_and_doubtful_points_are_left_out(database: Database) -> None:
    say(
        database,
        "hadir",
        Said(Facets(opd="1"), at("2026-03-02"), 90, 100),
        Said(Facets(opd="2"), at("2026-03-02"), 0, 10),
        Said(Facets(opd="3"), at("2026-03-02"), 5, 5, Quality.INSUFFICIENT),
    )
    [(_, _, city)] = read(database, "hadir", grain=Grain.MONTH)
    assert city == pytest.approx(100 * 90 / 110)
    assert [key for _, key, _ in read(database, "hadir", grain=Grain.DAY, by=Side.OPD)] == ["1", "2"]


def test_roll_ups_equal_a_count_over_all_points_after_writes_in_any_order(database: Database) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    places = [Facets(site=f"titik-{number}") for number in range(3)]
    begin = datetime(2025, 12, 29, tzinfo=UTC)
    said: dict[tuple[Facets, datetime], float] = {}
    for _round in range(4):
        some = {
            (chance.choice(places), begin + timedelta(hours=chance.randrange(24 * 40))): float(
                chance.randrange(100)
            )
            for _ in range(200)
        }
        say(database, "hujan", *(Said(*key, value) for key, value in some.items()))
        said |= some
    for grain in (Grain.DAY, Grain.MONTH, Grain.YEAR):
        sums: dict[int, dict[str, float]] = {}
        for (place, moment), value in said.items():
            period = sums.setdefault(begin_of(grain, second_of(moment)), {})
            period[place.site] = period.get(place.site, 0.0) + value
        with database.reading() as db:
            values = values_of(db, "hujan", grain=grain, catalogue=KNOWN)
        assert [second_of(one.begin) for one in values] == sorted(sums)
        for one in values:
            of_places = sums[second_of(one.begin)].values()
            assert one.value == pytest.approx(sum(of_places) / len(of_places)), f"seed {seed}"


def test_a_formula_works_per_period_and_says_where_it_divides_by_zero(database: Database) -> None:
    say(database, "masuk", Said(Facets(), at("2026-01-01"), 8), Said(Facets(), at("2026-02-01"), 0))
    say(database, "selesai", Said(Facets(), at("2026-01-01"), 6), Said(Facets(), at("2026-02-01"), 0))
    with database.reading() as db:
        first, second = values_of(db, "bagian", grain=Grain.DAY, catalogue=KNOWN)
        [newest] = newest_of(db, "masuk", catalogue=KNOWN)
    assert first.value == 75.0
    assert (second.value, second.fault) == (
        None,
        "bagian: pembagian dengan nol dalam 100 * selesai / masuk",
    )
    assert newest.value == 0.0
    with database.writing() as db, pytest.raises(InputError, match="dihitung dengan rumus"):
        keep(db, KNOWN.one("bagian"), [], source=1)


def test_sums_that_do_not_add_up_are_told_with_both_numbers(database: Database) -> None:
    for code, january, february in (("masuk", 10, 20), ("selesai", 7, 15), ("sisa", 3, 4)):
        say(
            database,
            code,
            Said(Facets(), at("2026-01-01"), january),
            Said(Facets(), at("2026-02-01"), february),
        )
    with database.reading() as db:
        [conflict] = conflicts_of(db, catalogue=KNOWN)
        assert conflicts_of(db, about="hujan", catalogue=KNOWN) == []
    assert (conflict.stated, conflict.found) == (20, 19)
    assert conflict.begin == at("2026-02-01")


def test_every_number_leads_down_to_the_points_and_where_they_came_from(database: Database) -> None:
    say(database, "masuk", Said(Facets(kelurahan=JAWI), at("2026-01-01"), 8))
    say(database, "selesai", Said(Facets(kelurahan=JAWI), at("2026-01-01"), 6))
    with database.reading() as db:
        rows = sources_of(db, "bagian", scope=Facets(kecamatan="61.71.05"), catalogue=KNOWN)
        assert sources_of(db, "bagian", scope=Facets(kecamatan="61.71.01"), catalogue=KNOWN) == []
        assert len(db.scalars(select(MeasurePoint)).all()) == 2
    assert {(row.measure, row.value, row.source.name) for row in rows} == {
        ("masuk", 8.0, "berkas uji"),
        ("selesai", 6.0, "berkas uji"),
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused(database: Database, value: float) -> None:
    with pytest.raises(InputError, match="bukan angka"):
        say(database, "masuk", Said(Facets(), NOW, value))


def test_periods_of_the_city_follow_each_other_without_gaps() -> None:
    for grain in Grain:
        span = periods_between(grain, second_of(at("2024-02-28")), second_of(at("2024-03-02")))
        assert all(end_of(grain, begin) == after for begin, after in pairwise(span))
        assert all(begin_of(grain, begin) == begin for begin in span)
