"""Reads ``schedule.toml``: for every table of the hub how long it is kept, by whom, and on what basis."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from hub.errors import ConfigError
from hub.upkeep import RetentionSettings

_FILE = Path(__file__).with_name("schedule.toml")


class By(StrEnum):
    """Who takes rows away."""

    PURGE = "purge"
    OWN = "own"
    PARENT = "parent"
    STAYS = "stays"


class Unit(StrEnum):
    """What the column of a row's time holds."""

    INSTANT = "instant"
    DATE = "date"
    DAY = "day"  # days since 1970
    HOUR = "hour"  # hours since 1970


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of one table."""

    by: By
    basis: str
    days: Annotated[int, msgspec.Meta(ge=1)] = 0
    time: str = ""
    unit: Unit = Unit.INSTANT
    when: str = ""  # SQL of this file only: which rows may go at all
    rule: str = ""
    parent: str = ""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tables; ``basis`` names the law or policy behind each word that lines use."""

    basis: Mapping[str, str]
    tables: Mapping[str, Line]

    @property
    def purged(self) -> dict[str, Line]:
        """The tables whose rows the hub takes away by their age."""
        return {name: line for name, line in self.tables.items() if line.by is By.PURGE}


def shipped() -> Schedule:
    """Return the schedule as it is shipped."""
    return msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), Schedule)


def schedule_of(settings: RetentionSettings) -> Schedule:
    """Return the schedule with the days that the city chose.

    Raises:
        ConfigError: a table is named that is not purged.
    """
    found = shipped()
    tables = dict(found.tables)
    for limit in settings.limits:
        if limit.table not in found.purged:
            choose = ", ".join(sorted(found.purged))
            raise ConfigError(f"retention.limits: {limit.table} is not purged by age; choose of: {choose}")
        tables[limit.table] = msgspec.structs.replace(tables[limit.table], days=limit.days)
    return msgspec.structs.replace(found, tables=tables)
