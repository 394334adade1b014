"""The parts of a draft: finding, adding, moving and taking them out. Pure: returns new drafts.

A draft is what was typed, right or wrong; so nothing here trusts its shape.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.cases.definition.form import FieldKind
from hub.cases.editor.sheets.controls import Kind

Body = dict[str, Any]

LIST_OF: Mapping[Kind, str] = {
    Kind.FIELD: "fields",
    Kind.REQUIREMENT: "requirements",
    Kind.STAGE: "stages",
    Kind.ACTION: "actions",
    Kind.OPINION: "opinions",
}
_INNER = (Kind.ACTION, Kind.OPINION)
_ID_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Address:
    """Which part; ``stage`` for what lies within a stage."""

    kind: Kind
    name: str = ""
    stage: str = ""


def parts_of(body: Mapping[str, Any], name: str) -> list[Body]:
    """Return the parts of a list that have an id; whatever else stands there is left alone."""
    found = body.get(name)
    return [each for each in found if is_part(each)] if isinstance(found, (list, tuple)) else []


def is_part(thing: object) -> bool:
    """Whether something in a list can be told from the others."""
    return isinstance(thing, dict) and isinstance(thing.get("id"), str) and bool(thing["id"])


def part_at(body: Body, address: Address) -> Body | None:
    """Return a part; ``None`` when there is none of that name."""
    if address.kind is Kind.GENERAL:
        return body
    if address.kind is Kind.DOCUMENT:
        found = body.get("document")
        return found if isinstance(found, dict) else {}
    return next((each for each in _list_at(body, address) if each["id"] == address.name), None)


def put_part(body: Body, address: Address, part: Body) -> Body:
    """Return the draft with a part in place of the one of its name, or at the end when it is new."""
    if address.kind is Kind.GENERAL:
        return {**body, **part}
    if address.kind is Kind.DOCUMENT:
        return {**body, "document": part or None}
    there = _list_at(body, address)
    names = [each["id"] for each in there]
    if part["id"] in names:
        there[names.index(part["id"])] = part
    else:
        there.append(part)
    return _with_list(body, address, there)


def without_part(body: Body, address: Address) -> Body:
    """Return the draft without a part."""
    if address.kind is Kind.DOCUMENT:
        return {**body, "document": None}
    return _with_list(body, address, [each for each in _list_at(body, address) if each["id"] != address.name])


def moved(body: Body, address: Address, by: int) -> Body:
    """Return the draft with a part one place up or down; at an end it stays."""
    there = _list_at(body, address)
    at = next((index for index, each in enumerate(there) if each["id"] == address.name), -1)
    to = at + by
    if at >= 0 and 0 <= to < len(there):
        there[at], there[to] = there[to], there[at]
    return _with_list(body, address, there)


def new_name(body: Body, address: Address, label: str) -> str:
    """Return an id for a new part, made of its label and different from all others beside it."""
    taken = {each["id"] for each in _list_at(body, address)}
    return unlike(spelled(label) or address.kind, taken)


def spelled(label: str) -> str:
    """Return a label as an id: small letters, digits and underscores, a letter first."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
    plain = plain if not plain or plain[0].isalpha() else f"x_{plain}"
    return plain[:_ID_LETTERS].rstrip("_")


def unlike(name: str, taken: set[str]) -> str:
    """Return a name, with a number when it is taken."""
    number, wanted = 2, name
    while wanted in taken:
        tail = f"_{number}"
        wanted, number = name[: _ID_LETTERS - len(tail)] + tail, number + 1
    return wanted


def yes_no_or_choices(field: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the answers of a field that has a list of them: value and words."""
    if field.get("kind") == FieldKind.YES_NO:
        return (("yes", "ya"), ("no", "tidak"))
    return tuple((each["id"], str(each.get("label", each["id"]))) for each in parts_of(field, "choices"))


def addresses(body: Body) -> Iterator[Address]:
    """Yield where every part of a draft is."""
    yield Address(Kind.GENERAL)
    for kind in (Kind.FIELD, Kind.REQUIREMENT, Kind.STAGE):
        yield from (Address(kind, each["id"]) for each in parts_of(body, LIST_OF[kind]))
    for stage in parts_of(body, "stages"):
        for kind in _INNER:
            yield from (Address(kind, each["id"], stage["id"]) for each in parts_of(stage, LIST_OF[kind]))
    if body.get("document"):
        yield Address(Kind.DOCUMENT)


def _list_at(body: Body, address: Address) -> list[Body]:
    if address.kind in _INNER:
        stage = part_at(body, Address(Kind.STAGE, address.stage))
        return [] if stage is None else parts_of(stage, LIST_OF[address.kind])
    return parts_of(body, LIST_OF[address.kind])


def _with_list(body: Body, address: Address, parts: list[Body]) -> Body:
    if address.kind not in _INNER:
        return {**body, LIST_OF[address.kind]: parts}
    stages = [
        {**each, LIST_OF[address.kind]: parts} if each["id"] == address.stage else each
        for each in parts_of(body, "stages")
    ]
    return {**body, "stages": stages}
