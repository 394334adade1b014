"""What a program asks of the Action API, read strictly: every mistake is named with its parameter."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.interop.opendata.search import MOST_ROWS, USUAL_LIMIT, Question, SearchError, read_order
from hub.interop.opendata.shape import Cell

_LONGEST_TEXT = 400
# Beyond it no dataset reaches; a larger number is a mistake of the asker.
_LARGEST_OFFSET = 1_000_000_000

Given = Mapping[str, Any]


def read_text(given: Given, name: str, usual: str = "") -> str:
    """Return a text.

    Raises:
        SearchError: it is no text, or longer than any sensible one.
    """
    value = given.get(name, usual)
    if value is None:
        return usual
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise SearchError(name, f"must be a text of at most {_LONGEST_TEXT} characters")
    return value


def read_wanted(given: Given, name: str = "id") -> str:
    """Return a text that must be there.

    Raises:
        SearchError: it is missing.
    """
    found = read_text(given, name)
    if not found:
        raise SearchError(name, "Missing value")
    return found


def read_number(given: Given, name: str, usual: int, *, most: int) -> int:
    """Return a whole number from 0; more than ``most`` becomes ``most``, as CKAN does.

    Raises:
        SearchError: it is no whole number, or below 0.
    """
    value = given.get(name, usual)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(most)) + 1:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SearchError(name, "must be a whole number from 0")
    return min(value, most)


def read_flag(given: Given, name: str) -> bool:
    """Return whether something is switched on; addresses say it as a word."""
    return str(given.get(name, "")).lower() in ("true", "1", "yes", "on")


def read_question(given: Given, columns: Sequence[str]) -> Question:
    """Read what ``datastore_search`` is asked.

    Raises:
        SearchError: names the parameter that is wrong.
    """
    return Question(
        filters=_filters(given.get("filters"), columns),
        text=read_text(given, "q"),
        order=read_order(read_text(given, "sort"), columns),
        offset=read_number(given, "offset", 0, most=_LARGEST_OFFSET),
        limit=read_number(given, "limit", USUAL_LIMIT, most=MOST_ROWS),
        is_distinct=read_flag(given, "distinct"),
        columns=_columns(given.get("fields"), columns),
    )


def _filters(value: object, columns: Sequence[str]) -> dict[str, tuple[Cell, ...]]:
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise SearchError("filters", "must be an object: column to value or list of values")
    found: dict[str, tuple[Cell, ...]] = {}
    for name, wanted in value.items():
        if name not in columns:
            raise SearchError("filters", f"there is no column {name!r}")
        several = wanted if isinstance(wanted, list) else [wanted]
        if not all(one is None or isinstance(one, str | int | float) for one in several):
            raise SearchError("filters", f"{name}: must be a value or a list of values")
        found[name] = tuple(several)
    return found


def _columns(value: object, columns: Sequence[str]) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    several = value.split(",") if isinstance(value, str) else value
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise SearchError("fields", "must be a list of columns")
    names = tuple(one.strip() for one in several)
    for name in names:
        if name not in columns:
            raise SearchError("fields", f"there is no column {name!r}")
    return names
