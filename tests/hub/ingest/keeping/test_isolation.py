"""Whose fault an error is."""

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.ingest.keeping.isolation import is_transient

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
