"""As much of OData filters as balena's SDK sends: eq, and, or, brackets, ``any`` over one relation."""

import re
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<any>[\w/]+/any\(\w+:)|(?P<bracket>[()])|(?P<word>and|or|eq)\b"
    r"|(?P<text>'(?:[^']|'')*')|(?P<name>[\w/]+))"
)


def tokens_of(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        assert match, f"the stub does not know this filter: {text[at:]}"
        found.append((str(match.lastgroup), match.group().strip()))
        at = match.end()
    return found


def parse(text: str, related: Callable[[Row, str], list[Row]]) -> Test:
    """Return the test of a filter.

    Args:
        text: As it stands after ``$filter=``.
        related: Gives the rows that a row points to by a name.
    """
    tokens = tokens_of(text)

    def either() -> Test:
        parts = [both()]
        while tokens and tokens[0] == ("word", "or"):
            tokens.pop(0)
            parts.append(both())
        return lambda row: any(part(row) for part in parts)

    def both() -> Test:
        parts = [one()]
        while tokens and tokens[0] == ("word", "and"):
            tokens.pop(0)
            parts.append(one())
        return lambda row: all(part(row) for part in parts)

    def one() -> Test:
        kind, token = tokens.pop(0)
        if kind == "bracket":
            inside = either()
            assert tokens.pop(0) == ("bracket", ")")
            return inside
        if kind == "any":
            name, inside = token.partition("/any(")[0].rpartition("/")[2], either()
            assert tokens.pop(0) == ("bracket", ")")
            return lambda row: any(inside(other) for other in related(row, name))
        assert tokens.pop(0) == ("word", "eq"), text
        value, field = literal(tokens.pop(0)[1]), token.rpartition("/")[2]
        return lambda row: plain(row.get(field)) == value

    test = either()
    assert not tokens, text
    return test


def literal(text: str) -> object:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return {"true": True, "false": False, "null": None}.get(text, int(text) if text.isdigit() else text)


def plain(value: object) -> object:
    return value["__id"] if isinstance(value, dict) else value
