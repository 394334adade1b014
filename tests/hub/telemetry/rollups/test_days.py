"""Days of the city: the same numbers before, while and after the chore writes them, and for late rows."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from hub.db import Database
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.models import TelemetryDaily, TelemetryDailyMade, TelemetryLate
from hub.telemetry.rollups import days
from hub.telemetry.rollups.days import SETTLED_DAYS, DayRoller
from hub.telemetry.store import (
    Channel,
    Hour,
    MemoryTelemetry,
    Reading,
    Series,
    TelemetryStore,
    day_of_ms,
    ms_of_instant,
)
from hub.telemetry.tables import TableTelemetry

# 00.00 WIB of 1 November.
BEGIN = datetime(2026, 10, 31, 17, tzinfo=UTC)
DAYS = 5
END = BEGIN + timedelta(days=DAYS)
SERIES = [Series(f"pi-{number}", "cam", "forward.utara") for number in range(7)]
FIRST_DAY = day_of_ms(ms_of_instant(BEGIN))
LATER = FIRST_DAY + DAYS + SETTLED_DAYS - 1


def readings(chance: random.Random, count: int, *, received: datetime | None = None) -> list[Reading]:
    found = []
    for number in range(count):
        one = chance.choice(SERIES)
        at = BEGIN + timedelta(seconds=chance.randrange(DAYS * 86_400))
        came = at if received is None else received
        channel = Channel(one.device, one.source, (one.quantity,))
        value = (float(chance.randrange(60)),)
        found.append(Reading(channel, ms_of_instant(at), number, value, ms_of_instant(came)))
    return found


def asked(store: TelemetryStore) -> dict[Series, list[Hour]]:
    return store.daily(SERIES, BEGIN, END)


def roll(database: Database, *, today: int = LATER, turns: int = 200) -> None:
    roller = DayRoller(database=database, today=lambda: today)
    for _ in range(turns):
        if not roller():
            return
    raise AssertionError("the chore never came to an end")


def test_days_are_the_same_whether_rolled_up_or_not_and_late_rows_are_in_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance, memory, catalogue = random.Random(seed), MemoryTelemetry(), Catalogue()
    monkeypatch.setattr(days, "SERIES_AT_ONCE", 3)

    def append(rows: list[Reading]) -> None:
        memory.append(rows)
        with database.writing() as session:
            TableTelemetry(session, catalogue=catalogue).append(rows)

    def check() -> None:
        with database.reading() as session:
            assert asked(TableTelemetry(session)) == asked(memory)

    append(readings(chance, 400))
    check()
    # Each step is a transaction: a process that is killed between two leaves what this sees.
    roller = DayRoller(database=database, today=lambda: LATER)
    while roller():
        check()
        if chance.random() < 0.2:
            roller = DayRoller(database=database, today=lambda: LATER)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TelemetryDailyMade)) == DAYS
        assert len(session.scalars(select(TelemetryDaily.series)).all()) >= DAYS
    append(readings(chance, 20, received=BEGIN + timedelta(days=LATER - FIRST_DAY)))
    roll(database)
    check()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TelemetryLate)) == 0


def test_a_reader_takes_rolled_up_days_from_the_table_and_others_from_hours(database: Database) -> None:
    rows = readings(random.Random(1), 200)
    with database.writing() as session:
        TableTelemetry(session).append(rows)
    roll(database, today=FIRST_DAY + SETTLED_DAYS + 1)
    with database.writing() as session:
        assert set(session.scalars(select(TelemetryDailyMade.day))) == {FIRST_DAY, FIRST_DAY + 1}
        session.execute(delete(TelemetryDaily).where(TelemetryDaily.day == FIRST_DAY))
        found = asked(TableTelemetry(session))
    begins = {hour.begin for hours in found.values() for hour in hours}
    assert begins == {BEGIN + timedelta(days=day) for day in range(1, DAYS)}


def test_an_empty_store_has_nothing_to_roll_up(database: Database) -> None:
    roll(database, turns=1)
