"""Whose fault an error is."""

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from edge.wire.records.bodies import SensorReading
from hub.db import Database
from hub.ingest.keeping.isolation import is_meeting, is_transient, keep_isolated
from hub.ingest.taking.rate import TokenBuckets
from hub.ingest.taking.sorting import Sorter
from tests.hub.ingest.rig import batch_of, message_of, reading

CAUSE = Exception("cause")


@pytest.mark.parametrize(
    ("error", "is_ours"),
    [
        (OperationalError("", {}, CAUSE), True),
        (ProgrammingError("", {}, CAUSE), True),  # a missing table on PostgreSQL
        (PoolTimeoutError(), True),
        (OSError(28, "no space left on device"), True),
        (MemoryError(), True),
        (IntegrityError("", {}, CAUSE), False),
        (DataError("", {}, CAUSE), False),
        (ValueError("naive time"), False),
        (KeyError("door"), False),
    ],
)
def test_a_full_disk_is_the_hubs_fault_and_an_impossible_value_is_the_records(
    error: Exception, is_ours: bool
) -> None:
    assert is_transient(error) is is_ours


class MetError(Exception):
    """What the driver raises when PostgreSQL ended one of two."""

    sqlstate = "40P01"


def test_two_workers_that_met_are_no_trouble_of_the_database() -> None:
    assert is_meeting(OperationalError("", {}, MetError()))
    assert not is_meeting(OperationalError("", {}, CAUSE))
    assert not is_meeting(ValueError("no database"))


@pytest.mark.parametrize(("refusals", "is_kept"), [(1, True), (2, False)])
def test_a_row_that_another_worker_made_meanwhile_is_tried_once_more(
    database: Database, refusals: int, is_kept: bool
) -> None:
    buckets = TokenBuckets(per_s=9, burst=9, monotonic_s=lambda: 0.0)
    sorter = Sorter(is_known=lambda _device: True, message_rate=buckets, still_rate=buckets)
    arrivals = sorter.sort([message_of(batch_of(reading(1)))]).arrivals
    left = [IntegrityError("", {}, CAUSE)] * refusals
    kept: list[object] = []

    def handle(_session: object, given: list[object]) -> None:
        if left:
            raise left.pop()
        kept.extend(given)

    with database.writing() as session:
        poisoned = keep_isolated(session, arrivals, {SensorReading: (handle,)})  # type: ignore[dict-item]
    assert (len(kept), len(poisoned)) == ((1, 0) if is_kept else (0, 1))
