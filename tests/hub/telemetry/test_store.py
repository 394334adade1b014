"""One contract for every telemetry store: the twin in memory and the tables on both databases."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from math import nan

import pytest

from hub.db import Database
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.store import (
    Channel,
    Hour,
    MemoryTelemetry,
    Point,
    Reading,
    Series,
    TelemetryStore,
    ms_of_instant,
)
from hub.telemetry.tables import TableTelemetry
from tests.hub.conftest import DATABASE_KINDS, empty_database

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PI = Channel("pi-01", "cam-1", ("forward.utara", "motion_share"))
FORWARD = Series("pi-01", "cam-1", "forward.utara")
MOTION = Series("pi-01", "cam-1", "motion_share")

Open = Callable[[], AbstractContextManager[TelemetryStore]]


@pytest.fixture(params=["memory", *DATABASE_KINDS])
def open_store(request: pytest.FixtureRequest) -> Iterator[Open]:
    if request.param == "memory":
        memory = MemoryTelemetry()
        yield lambda: nullcontext(memory)
        return
    database, catalogue = Database(empty_database(request.param, request)), Catalogue()

    @contextmanager
    def open_tables() -> Iterator[TelemetryStore]:
        with database.writing() as session:
            yield TableTelemetry(session, catalogue=catalogue)

    yield open_tables
    database.close()


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(
    minutes: float, *values: float, channel: Channel = PI, rank: int = 1, received: float | None = None
) -> Reading:
    came = at(minutes if received is None else received)
    return Reading(channel, ms_of_instant(at(minutes)), rank, values, ms_of_instant(came))


def test_an_empty_store_answers_nothing(open_store: Open) -> None:
    with open_store() as store:
        store.append([])
        assert store.last() == {}
        assert store.last([FORWARD]) == {}
        assert store.window(FORWARD, at(-60), at(60)) == []
        assert store.hourly([FORWARD], at(-60), at(60)) == {}
        assert store.daily([FORWARD], at(-3000), at(3000)) == {}


def test_a_window_has_its_begin_and_not_its_end_and_is_in_order(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(2, 3.0, 0.5), said(0, 1.0, 0.1), said(1, 2.0, 0.2)])
        assert store.window(FORWARD, at(0), at(2)) == [Point(at(0), 1.0), Point(at(1), 2.0)]
        assert store.window(MOTION, at(2), at(3)) == [Point(at(2), 0.5)]
        assert store.window(FORWARD._replace(quantity="other"), at(0), at(9)) == []


def test_a_window_may_span_days(open_store: Open) -> None:
    day = 24 * 60
    with open_store() as store:
        store.append([said(days * day, float(days), 0.0) for days in range(4)])
        values = [point.value for point in store.window(FORWARD, at(day), at(3 * day))]
    assert values == [1.0, 2.0]


def test_two_readings_of_one_instant_stay_two(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(0, 1.0, 0.0, rank=1), said(0, 2.0, 0.0, rank=2)])
        assert [point.value for point in store.window(FORWARD, at(0), at(1))] == [1.0, 2.0]


def test_the_last_value_is_the_newest_whatever_comes_later(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(5, 5.0, 0.5)])
    with open_store() as store:
        store.append([said(1, 1.0, 0.1, received=6)])
        assert store.last([FORWARD]) == {FORWARD: Point(at(5), 5.0)}
        assert store.last() == {FORWARD: Point(at(5), 5.0), MOTION: Point(at(5), 0.5)}


def test_a_reading_from_the_future_does_not_stay_the_last_one(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(600, 9.0, 0.9, received=0)])
    with open_store() as store:
        store.append([said(1, 1.0, 0.1)])
        assert store.last([FORWARD])[FORWARD] == Point(at(1), 1.0)


def test_a_value_that_the_device_could_not_tell_is_no_value(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(0, 1.0, 0.1), said(1, nan, 0.2)])
        store.append([said(2, nan, 0.3, rank=2)])
        assert store.last() == {FORWARD: Point(at(0), 1.0), MOTION: Point(at(2), 0.3)}
        assert store.window(FORWARD, at(0), at(9)) == [Point(at(0), 1.0)]
        assert store.hourly([FORWARD], at(0), at(60)) == {FORWARD: [Hour(at(0), 1, 1.0, 1.0, 1.0)]}


def test_hours_add_up_over_batches(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(0, 4.0, 0.5), said(59, 2.0, 0.5), said(60, 7.0, 0.5)])
    with open_store() as store:
        store.append([said(30, 6.0, 0.5)])
        hours = store.hourly([FORWARD], at(0), at(120))
        assert hours == {FORWARD: [Hour(at(0), 3, 12.0, 2.0, 6.0), Hour(at(60), 1, 7.0, 7.0, 7.0)]}
        assert store.hourly([FORWARD], at(60), at(120)) == {FORWARD: [Hour(at(60), 1, 7.0, 7.0, 7.0)]}


def test_a_camera_that_is_given_another_line_keeps_its_history(open_store: Open) -> None:
    wider = Channel("pi-01", "cam-1", ("forward.utara", "forward.selatan", "motion_share"))
    with open_store() as store:
        store.append([said(0, 1.0, 0.1), said(1, 2.0, 8.0, 0.2, channel=wider)])
        assert [point.value for point in store.window(FORWARD, at(0), at(9))] == [1.0, 2.0]
        assert store.hourly([FORWARD], at(0), at(60))[FORWARD] == [Hour(at(0), 2, 3.0, 1.0, 2.0)]
        assert store.last([FORWARD])[FORWARD].value == 2.0


def test_series_of_the_same_name_on_two_devices_are_two(open_store: Open) -> None:
    other = PI._replace(device="pi-02")
    with open_store() as store:
        store.append([said(0, 1.0, 0.1), said(0, 5.0, 0.5, channel=other)])
        assert len(store.last()) == 4
        assert store.last([FORWARD._replace(device="pi-02")]).popitem()[1].value == 5.0


def test_the_equator_and_zero_are_values(open_store: Open) -> None:
    with open_store() as store:
        store.append([said(0, 0.0, 0.0)])
        assert store.last([FORWARD])[FORWARD] == Point(at(0), 0.0)
        assert store.window(FORWARD, at(0), at(1)) == [Point(at(0), 0.0)]
