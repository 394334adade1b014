"""Days that are over: packed, smaller, and the same answers."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, inspect, select

from hub.db import Database
from hub.telemetry.catalogue import Catalogue, day_table, number_of_day
from hub.telemetry.models import TelemetryDay, TelemetrySealed
from hub.telemetry.store import Channel, Point, Reading, Series, ms_of_instant
from hub.telemetry.tables import TableTelemetry

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
CHANNEL = Channel("pi-01", "air-1", ("water_level_m", "temperature_c"))
LEVEL = Series("pi-01", "air-1", "water_level_m")
TABLE = day_table(number_of_day(BEGIN.date()))


def readings(device: str, count: int, *, seed: int = 7, first: int = 0) -> list[Reading]:
    chance = random.Random(seed)
    return [
        Reading(
            CHANNEL._replace(device=device),
            ms_of_instant(BEGIN + timedelta(minutes=number)),
            number,
            (round(chance.uniform(-1, 3), 3), chance.gauss(28, 2)),
            ms_of_instant(BEGIN + timedelta(minutes=number)),
        )
        for number in range(first, first + count)
    ]


def append(database: Database, rows: list[Reading], catalogue: Catalogue) -> None:
    with database.writing() as session:
        TableTelemetry(session, catalogue=catalogue).append(rows)


def seal_all(database: Database, catalogue: Catalogue, *, days: int = 10) -> int:
    turns = 0
    while True:
        with database.writing() as session:
            store = TableTelemetry(session, catalogue=catalogue)
            if not store.seal((BEGIN + timedelta(days=days)).date()):
                return turns
        turns += 1


def window(database: Database, series: Series = LEVEL) -> list[Point]:
    with database.reading() as session:
        return TableTelemetry(session).window(series, BEGIN, BEGIN + timedelta(days=3))


def sealed_chunks(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TelemetrySealed)) or 0


def test_a_sealed_day_gives_the_same_answers_and_its_table_is_gone(database: Database) -> None:
    catalogue = Catalogue()
    append(database, readings("pi-01", 2000), catalogue)
    before = window(database)
    assert len(before) == 2000
    assert seal_all(database, catalogue) == 2, "two days, one step each"

    assert window(database) == before
    assert sealed_chunks(database) == 2
    assert not inspect(database.engine).has_table(TABLE)
    with database.reading() as session:
        assert session.scalars(select(TelemetryDay)).all() == []
        middle = TableTelemetry(session).window(
            LEVEL, BEGIN + timedelta(minutes=10), BEGIN + timedelta(minutes=12)
        )
    assert middle == before[10:12]


def test_a_sealed_day_is_packed_small(database: Database) -> None:
    catalogue = Catalogue()
    append(database, readings("pi-01", 1440), catalogue)
    seal_all(database, catalogue)
    with database.reading() as session:
        chunk = session.scalars(select(TelemetrySealed.chunk)).one()
    plain_bytes = 1440 * (8 + 8 + 2 * 8)
    assert len(chunk) < plain_bytes / 2, "half the columns are noise, which nothing packs"


def test_many_channels_are_sealed_a_few_at_a_time(database: Database) -> None:
    catalogue = Catalogue()
    for number in range(20):
        append(database, readings(f"pi-{number:02}", 3), catalogue)
    with database.writing() as session:
        assert TableTelemetry(session, catalogue=catalogue).seal((BEGIN + timedelta(days=1)).date())
    assert sealed_chunks(database) == 8
    assert len(window(database, LEVEL._replace(device="pi-03"))) == 3, "half a day sealed is still whole"
    assert len(window(database, LEVEL._replace(device="pi-19"))) == 3
    seal_all(database, catalogue)
    assert sealed_chunks(database) == 20


def test_a_late_row_opens_a_sealed_day_again_and_the_next_sealing_merges_it(database: Database) -> None:
    catalogue = Catalogue()
    append(database, readings("pi-01", 100), catalogue)
    seal_all(database, catalogue)
    append(database, readings("pi-01", 10, first=100), catalogue)
    assert [point.at for point in window(database)] == [BEGIN + timedelta(minutes=n) for n in range(110)]
    assert inspect(database.engine).has_table(TABLE)

    seal_all(database, catalogue)
    assert len(window(database)) == 110
    assert sealed_chunks(database) == 1
    assert not inspect(database.engine).has_table(TABLE)


def test_days_that_are_not_over_for_long_enough_stay_open(database: Database) -> None:
    catalogue = Catalogue()
    append(database, readings("pi-01", 10), catalogue)
    assert seal_all(database, catalogue, days=0) == 0
    assert seal_all(database, catalogue, days=1) == 1


def test_what_a_rolled_back_batch_learned_is_forgotten(database: Database) -> None:
    catalogue = Catalogue()
    with database.reading() as session:  # never committed
        TableTelemetry(session, catalogue=catalogue).append(readings("pi-01", 3))
        session.rollback()
    append(database, readings("pi-01", 3), catalogue)
    assert len(window(database)) == 3


def test_another_process_that_seals_is_noticed_after_one_failure(database: Database) -> None:
    ours, theirs = Catalogue(), Catalogue()
    append(database, readings("pi-01", 3), ours)
    seal_all(database, theirs)
    with pytest.raises(Exception, match=TABLE):
        append(database, readings("pi-01", 3, first=3), ours)
    append(database, readings("pi-01", 3, first=3), ours)
    assert len(window(database)) == 6
