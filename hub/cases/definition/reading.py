"""Definitions from TOML files, each checked whole before any of it is used."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from edge.wire.strict_toml import TomlError, read_table, to_shape
from hub.cases.definition.checking import mistakes_in
from hub.cases.definition.service import ServiceDefinition
from hub.errors import InputError

# Names the pattern whose keys a service has where it says nothing itself: thirty letters go one way.
_LIKE = "like"


def read_definition(path: Path, *, roles: Iterable[str]) -> ServiceDefinition:
    """Read one definition; ``like = "NAME"`` fills what it leaves out from ``patterns/NAME.toml`` beside it.

    Raises:
        InputError: unreadable, an unknown key, or a mistake; names every one with its key.
    """
    try:
        definition = to_shape(_filled(path), ServiceDefinition, path=path)
    except TomlError as error:
        raise InputError(str(error)) from error
    mistakes = mistakes_in(definition, roles=roles)
    if mistakes:
        raise InputError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return definition


def read_definitions(folder: Path, *, roles: Iterable[str]) -> tuple[ServiceDefinition, ...]:
    """Read all definitions of a folder, in the order of their names.

    Raises:
        InputError: as :func:`read_definition`; also when two files describe one service and version.
    """
    known = frozenset(roles)
    found: dict[tuple[str, int], ServiceDefinition] = {}
    for path in sorted(folder.glob("*.toml")):
        definition = read_definition(path, roles=known)
        key = (definition.code, definition.version)
        if key in found:
            raise InputError(f"{path.name}: layanan {key[0]!r} versi {key[1]} sudah ada di berkas lain")
        found[key] = definition
    return tuple(found.values())


def _filled(path: Path) -> dict[str, Any]:
    table = read_table(path)
    name = table.pop(_LIKE, None)
    if name is None:
        return table
    patterns = path.parent / "patterns"
    known = sorted(each.stem for each in patterns.glob("*.toml"))
    if name not in known:
        raise TomlError(
            f"{path}: like: tidak ada pola {name!r}; pilih dari {', '.join(known) or 'tidak ada'}"
        )
    return read_table(patterns / f"{name}.toml") | table


def digest(definition: ServiceDefinition) -> str:
    """Return the SHA-256 of a definition in one canonical spelling: equal digests, equal services."""
    return hashlib.sha256(msgspec.json.encode(definition, order="sorted")).hexdigest()
