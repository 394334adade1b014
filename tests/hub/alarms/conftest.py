"""The fixtures of the screens, and a short way to raise an alarm."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm
from hub.alarms.service import clear_alarm, raise_alarm
from hub.db import Database
from tests.hub.screens import START, city, clock, screens

__all__ = ["city", "clock", "screens"]


class Sayings:
    """Says that causes are there or gone, and looks at what came of it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def dark(
        self,
        site: str,
        *,
        at: datetime = START,
        severity: Severity = Severity.HIGH,
        cause: str = "power",
        key: str = "",
    ) -> None:
        """A point is dark."""
        with self.database.writing() as db:
            raise_alarm(
                db,
                key=key or f"outage:{site}",
                kind=AlarmKind.OUTAGE_SITE,
                severity=severity,
                facts={"name": site.title(), "cause": cause, "cameras": "3"},
                site=site,
                device=None,
                camera=None,
                link="/cctv",
                now=at,
            )

    def gone(self, site: str, *, at: datetime = START) -> None:
        """It is not dark any more."""
        with self.database.writing() as db:
            clear_alarm(db, key=f"outage:{site}", now=at)

    def all(self) -> list[Alarm]:
        """Every alarm there is, in the order they came."""
        with self.database.reading() as db:
            return list(db.scalars(select(Alarm).order_by(Alarm.id)))

    def change(self, number: int, act: Callable[[Alarm], None]) -> None:
        """Change a row by hand."""
        with self.database.writing() as db:
            act(db.get_one(Alarm, number))


@pytest.fixture
def say(database: Database) -> Sayings:
    """Sayings in an empty database, once a kind of database."""
    return Sayings(database)
