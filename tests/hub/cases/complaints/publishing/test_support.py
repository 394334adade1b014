"""Two presses of "Saya juga" at one time, on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from hub.cases.complaints.models import ComplaintSupport
from hub.cases.complaints.publishing.support import count_voice
from hub.cases.keeping.models import CaseRecord
from hub.db import Database
from tests.hub.conftest import empty_database
from tests.hub.enrolment.issuing.test_taking_turns import meanwhile

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(empty_database("postgresql", request))
    yield database
    database.close()


def test_two_presses_at_one_time_count_once_and_neither_fails(database: Database) -> None:
    with database.writing() as db:
        case = CaseRecord(
            number="PGD-2026-000001",
            tracking_code="ABCDEFGHJK",
            service="pengaduan",
            version=1,
            family="complaint",
            title="Lubang",
            stage="diterima",
            public_status="diterima",
            answers="{}",
            opened_at=NOW,
            changed_at=NOW,
            stage_since=NOW,
            queue_at=NOW,
        )
        db.add(case)
        db.flush()
        number = case.id

    def again() -> None:
        with database.writing() as db:
            count_voice(db, number, "a" * 64, NOW)

    with database.writing() as first:
        count_voice(first, number, "a" * 64, NOW)
        with meanwhile(database, first, again) as second:
            assert second.exception() is None
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ComplaintSupport)) == 1
