"""The settings in force as a person may see them: complete, and without secrets."""

import json
from typing import Any

import msgspec

from edge.config import EdgeConfig, mask_secrets


def shown(config: EdgeConfig) -> dict[str, Any]:
    """Return all settings as plain values; passwords in addresses are masked, keys stay paths."""
    plain: dict[str, Any] = msgspec.to_builtins(config)
    for kind in ("cameras", "doors", "sensors"):
        for section in plain[kind]:
            section["source"] = mask_secrets(section["source"])
    for camera in plain["cameras"]:
        camera["clip_source"] = mask_secrets(camera["clip_source"])
        camera["onvif"] = mask_secrets(camera["onvif"])
    for door in plain["doors"]:
        door["more_sources"] = [mask_secrets(source) for source in door["more_sources"]]
    return plain


def as_comments(origins: dict[str, str]) -> str:
    """Return where each value that is not from the file or a default came from, as TOML comments."""
    return "".join(f"# {path}: {origin}\n" for path, origin in origins.items())


def as_toml(plain: dict[str, Any]) -> str:
    """Return plain values as TOML; what is None is left out, as TOML has no word for it."""
    return "".join(_section(plain, ""))


def _section(section: dict[str, Any], path: str) -> list[str]:
    lines = [f"{key} = {_value(value)}\n" for key, value in section.items() if _is_plain(value)]
    for key, value in section.items():
        below = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            lines += [f"\n[{below}]\n", *_section(value, below)]
        elif _is_tables(value):
            for table in value:
                lines += [f"\n[[{below}]]\n", *_section(table, below)]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], dict)


def _is_plain(value: Any) -> bool:
    return value is not None and not isinstance(value, dict) and not _is_tables(value)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    # The strings, numbers and booleans of JSON are those of TOML, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
