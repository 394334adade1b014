"""What a dataset is, whoever publishes it. Pure.

Terms follow DCAT 3 (W3C, 2024): a catalogue holds datasets, a dataset has distributions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

Cell = str | int | float | None
Row = Mapping[str, Cell]


class ColumnType(StrEnum):
    """What a column holds; the value is the word of PostgreSQL, as CKAN's DataStore says it."""

    TEXT = "text"
    NUMERIC = "numeric"
    DATE = "date"
    TIMESTAMP = "timestamptz"


class Frequency(StrEnum):
    """How often a dataset is renewed; the value is the word of screens.

    The codes of the EU's frequency list (Publications Office, 2024) are in :data:`FREQUENCY_CODES`.
    """

    CONTINUOUS = "terus-menerus"
    HOURLY = "tiap jam"
    DAILY = "harian"
    WEEKLY = "mingguan"
    MONTHLY = "bulanan"
    QUARTERLY = "triwulanan"
    HALF_YEARLY = "semesteran"
    YEARLY = "tahunan"
    IRREGULAR = "sewaktu-waktu"


FREQUENCY_CODES: dict[Frequency, str] = {
    Frequency.CONTINUOUS: "CONT",
    Frequency.HOURLY: "HOURLY",
    Frequency.DAILY: "DAILY",
    Frequency.WEEKLY: "WEEKLY",
    Frequency.MONTHLY: "MONTHLY",
    Frequency.QUARTERLY: "QUARTERLY",
    Frequency.HALF_YEARLY: "ANNUAL_2",
    Frequency.YEARLY: "ANNUAL",
    Frequency.IRREGULAR: "IRREG",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms a dataset may be used."""

    id: str
    title: str
    url: str


# Everything the city publishes is under one licence, named in full by every export.
CC_BY_4 = Licence(
    id="CC-BY-4.0",
    title="Creative Commons Atribusi 4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset."""

    id: str
    label: str
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset; ``rows`` reads them anew each time, in an order that does not change by itself."""

    name: str  # in addresses: lower-case letters, digits, "-" and "_"
    title: str
    notes: str
    group: str
    columns: tuple[Column, ...]
    rows: Callable[[Session, date], Iterator[Row]]
    frequency: Frequency = Frequency.IRREGULAR
    licence: Licence = CC_BY_4
    source: str = ""
    words: tuple[str, ...] = ()  # what else people look for it by
    changed_at: Callable[[Session, date], datetime | None] = lambda _db, _today: None
    # How many rows there are, without reading them; ``None``: who asks must count.
    count: Callable[[Session, date], int | None] = lambda _db, _today: None

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.id for column in self.columns)


class DatasetSource(Protocol):
    """Somebody who publishes: a register engine, a measure engine."""

    def __call__(self) -> Sequence[Dataset]:
        """Return what is published, in the order of the lists it comes from."""


def slug(text: str) -> str:
    """Return a text as CKAN names groups and tags: lower-case letters, digits and hyphens."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower())
    return "-".join(letters.split()) or "lainnya"
