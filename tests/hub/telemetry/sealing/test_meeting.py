"""Two workers that meet at one day of telemetry: neither loses a row of the other, none is refused."""

import pytest
from sqlalchemy import func, select

from hub.db import Database
from hub.ingest.keeping.isolation import is_transient
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.models import TelemetryDay
from hub.telemetry.sealing import days
from hub.telemetry.sealing.packing import Columns, pack_columns
from tests.hub.meeting import Meeting
from tests.hub.telemetry.sealing.test_days import append, readings, seal_all, window


def keep(database: Database, catalogue: Catalogue, *, first: int, count: int = 1) -> None:
    """As a writer does: what was only the hub's trouble is tried again, anything else is a dead letter."""
    rows = readings("pi-01", count, first=first)
    try:
        append(database, rows, catalogue)
    except Exception as error:
        if not is_transient(error):
            raise
        append(database, rows, catalogue)


def test_a_late_row_between_reading_and_deleting_is_sealed_and_not_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, others, meeting = Catalogue(), Catalogue(), Meeting(database)
    keep(database, ours, first=0, count=20)
    keep(database, others, first=20)

    def pack_while_another_keeps(columns: Columns) -> bytes:
        # The rows were read and are not deleted: here the other worker has a late one.
        meeting.begin(lambda: keep(database, others, first=21))
        return pack_columns(columns)

    monkeypatch.setattr(days, "pack_columns", pack_while_another_keeps)
    seal_all(database, ours)
    meeting.end()
    seal_all(database, Catalogue())
    assert [point.at.minute for point in window(database)] == list(range(22))


def test_two_at_midnight_make_one_table_and_refuse_nothing(database: Database) -> None:
    ours, others, meeting = Catalogue(), Catalogue(), Meeting(database)
    midnight = 24 * 60
    # Both know the channel, as both took records of the day before.
    keep(database, ours, first=midnight - 2)
    keep(database, others, first=midnight - 1)
    with database.writing() as db:
        ours.open_day(db, days_since_1970(database) + 1)
        meeting.begin(lambda: keep(database, others, first=midnight))
    meeting.end()
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(TelemetryDay)) == 2
    assert len(window(database)) == 3


def days_since_1970(database: Database) -> int:
    """Return the number of the one day that has a table."""
    with database.reading() as db:
        return db.scalars(select(TelemetryDay.day)).one()
