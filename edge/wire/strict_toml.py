"""TOML text to a frozen struct; an unknown, missing or wrong key is named by its path."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every section of a configuration file."""


class TomlError(ValueError):
    """The text is not what it should be; begins with the file and the path of the key."""


def read_toml(path: Path, shape: type[T]) -> T:
    """Read a file into ``shape``.

    Raises:
        TomlError: no such file, not readable, not TOML, or a key unknown, missing or out of range.
    """
    return to_shape(read_table(path), shape, path=path)


def read_table(path: Path) -> dict[str, Any]:
    """Read a file as it is.

    Raises:
        TomlError: no such file, not readable, or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise TomlError(f"{path}: no such file; write one or point --config at it") from error
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"{path}: not valid TOML: {error}") from error
    except (OSError, ValueError) as error:
        raise TomlError(f"{path}: cannot be read: {error}") from error


def to_shape(table: dict[str, Any], shape: type[T], *, path: Path) -> T:
    """Turn what was read from ``path`` into ``shape``.

    Raises:
        TomlError: a key is unknown, missing or out of range.
    """
    try:
        return msgspec.convert(table, shape, strict=True)
    except msgspec.ValidationError as error:
        raise TomlError(f"{path}: {_key_first(str(error))}") from error


def _key_first(message: str) -> str:
    """Turn msgspec's ``… - at `$.cameras[0].fps``` round, so that the key stands first."""
    text, found, place = message.rpartition(" - at `$")
    if not found:
        return f"top level: {message}"
    return f"{place.rstrip('`').lstrip('.') or 'top level'}: {text}"
