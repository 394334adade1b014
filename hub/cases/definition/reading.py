"""Definitions from TOML files, each checked whole before any of it is used."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from edge.wire.strict_toml import TomlError, read_toml
from hub.cases.definition.checking import mistakes_in
from hub.cases.definition.service import ServiceDefinition
from hub.errors import InputError


def read_definition(path: Path, *, roles: Iterable[str]) -> ServiceDefinition:
    """Read one definition.

    Raises:
        InputError: unreadable, an unknown key, or a mistake; names every one with its key.
    """
    try:
        definition = read_toml(path, ServiceDefinition)
    except TomlError as error:
        raise InputError(str(error)) from error
    mistakes = mistakes_in(definition, roles=roles)
    if mistakes:
        raise InputError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return definition


def digest(definition: ServiceDefinition) -> str:
    """Return the SHA-256 of a definition in one canonical spelling: equal digests, equal services."""
    return hashlib.sha256(msgspec.json.encode(definition, order="sorted")).hexdigest()
