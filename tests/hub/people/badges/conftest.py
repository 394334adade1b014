"""A few people without a phone, on both databases."""

from datetime import UTC, date, datetime

import pytest

from hub.db import Database
from hub.people.models import Opd, Person

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
TODAY = date(2026, 11, 21)
UNTIL = date(2028, 11, 20)


@pytest.fixture
def office(database: Database) -> Database:
    """Persons 101-104 of OPD 1 without a phone, 105 with one, 106 of OPD 2 without, 107 who left."""
    with database.writing() as db:
        db.add_all([Opd(number=1, name="Dinas Kominfo"), Opd(number=2, name="Satuan Polisi Pamong Praja")])
        db.flush()
        for number in range(101, 108):
            db.add(
                Person(
                    number=number,
                    short_name=f"Pegawai {number}",
                    opd=2 if number == 106 else 1,
                    is_active=number != 107,
                    may_use_badge=number != 105,
                    changed_at=NOW,
                )
            )
    return database
