"""Frozen configuration structs back to TOML, for the files that provisioning writes.

Covers what ``edge.config`` and the hub's file consist of; reading is ``edge.wire.strict_toml``.
"""

import json
from typing import Any

import msgspec


def to_toml(section: msgspec.Struct) -> str:
    """Return the TOML of a struct; keys without a value are left out.

    Args:
        section: Nested structs, tuples, strings, numbers and booleans.
    """
    return "\n".join([*_table("", msgspec.to_builtins(section)), ""])


def _table(path: str, table: dict[str, Any]) -> list[str]:
    """Return a table's lines: plain values first, then the tables inside it, as TOML wants it."""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if _is_plain(value)]
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            lines += ["", f"[{inner}]", *_table(inner, value)]
        elif _is_table_list(value):
            for entry in value:
                lines += ["", f"[[{inner}]]", *_table(inner, entry)]
    return lines


def _is_table_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(entry, dict) for entry in value)


def _is_plain(value: Any) -> bool:
    return value is not None and not isinstance(value, dict) and not _is_table_list(value)


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, str):
        # JSON's escapes are a subset of TOML's, but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return json.dumps(value)
