"""The port of everything that is edited row by row: what there is, its form, keeping and removing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from hub.hadir.editing.preview import Effect
from hub.people.reach import Reach

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who edits, how far that reaches, and on which day."""

    db: Session
    reach: Reach
    today: date
    actor: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list; ``key`` names it in forms, ``cells`` are as the columns of the editor."""

    key: str
    cells: tuple[str | date, ...]
    may_edit: bool = True
    is_example: bool = False


class Input(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    PERSON = "person"  # a name or a number; ``choices`` are proposals with what stands beside them
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; ``label`` and ``hint`` are Indonesian texts that the catalogue translates."""

    name: str
    label: str
    input: Input = Input.TEXT
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    is_needed: bool = True
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a screen calls a kind of rows; ``slug`` stands in the address and the audit chain."""

    slug: str
    title: str
    note: str
    columns: tuple[str, ...]


class Editor(Protocol):
    """One kind of rows that people keep up."""

    @property
    def words(self) -> Words:
        """What the screen says."""

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return the rows that concern the viewer; those out of reach cannot be edited."""

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form, filled in with a row, or empty.

        Raises:
            NotFoundError: no such row within reach.
        """

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep what was typed, as a new row or in place of ``key``; never commits.

        Raises:
            InputError: a field cannot be used; says which and what to write.
            NotFoundError: no such row within reach.
        """

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take a row away; never commits.

        Raises:
            InputError: it is in use.
            NotFoundError: no such row within reach.
        """
