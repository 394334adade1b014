"""A draft as the TOML that shipped services are written in, and back. Pure."""

import json
import tomllib
from typing import Any

from hub.cases.editor.sheets.parts import Body
from hub.errors import InputError


def to_toml(body: Body) -> str:
    """Return a draft as TOML; what is empty is left out, tables come after plain values."""
    return "\n".join([*_table("", body), ""])


def from_toml(text: str) -> Body:
    """Return the draft that a text spells.

    Raises:
        InputError: it is not TOML; names line and column.
    """
    try:
        body: Body = tomllib.loads(text)
        json.dumps(body)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"Bukan TOML yang sah: {error}") from error
    except TypeError as error:
        raise InputError("Tanggal dan jam ditulis di antara tanda petik.") from error
    except RecursionError as error:
        raise InputError("Naskah ini bersarang terlalu dalam.") from error
    return body


def _table(path: str, table: Body) -> list[str]:
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if _is_plain(value)]
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            lines += ["", f"[{inner}]", *_table(inner, value)]
        elif _is_tables(value):
            for entry in value:
                lines += ["", f"[[{inner}]]", *_table(inner, entry)]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _is_plain(value: Any) -> bool:
    return value not in (None, "", []) and not isinstance(value, dict) and not _is_tables(value)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    # JSON's escapes are a subset of TOML's, but for DEL, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
