"""Writes the pages that are made from code: ``docs/settings.md`` and ``docs/wire/schema.json``.

``./pontive docs`` runs it; ``tests/test_docs.py`` fails when a page is older than its code.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from edge.config import EdgeConfig
from edge.wire import messages
from hub.config import HubConfig

FOLDER = Path(__file__).parent
WIRE_SHAPES: tuple[Any, ...] = (
    messages.Records,
    messages.State,
    messages.Reply,
    messages.Ack,
    messages.Command,
    messages.Desired,
)


def wire_schema() -> str:
    """Return the JSON Schema (2020-12) of everything that crosses the broker."""
    roots, parts = msgspec.json.schema_components(WIRE_SHAPES, ref_template="#/$defs/{name}")
    names = ("records", "state", "reply", "ack", "cmd", "desired")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pontive wire contract 1",
        "channels": dict(zip(names, roots, strict=True)),
        "$defs": parts,
    }
    # Python says \A and \Z where JSON Schema (ECMA 262) says ^ and $.
    text = json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=True)
    return text.replace("\\\\A", "^").replace("\\\\Z", "$") + "\n"


def _default_of(field: msgspec.structs.FieldInfo) -> str:
    if field.default is msgspec.NODEFAULT:
        return "**required**" if field.default_factory is msgspec.NODEFAULT else "empty"
    if isinstance(field.default, msgspec.Struct):
        return "see below"
    return f"`{json.dumps(field.default, ensure_ascii=False)}`"


def _limits_of(annotation: Any) -> str:
    limits = [part for part in getattr(annotation, "__metadata__", ()) if isinstance(part, msgspec.Meta)]
    words = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥", "max_length": "length ≤"}
    return ", ".join(
        f"{word} {value}"
        for limit in limits
        for key, word in words.items()
        if (value := getattr(limit, key)) is not None
    )


def _type_words(annotation: Any) -> str:
    if hasattr(annotation, "__metadata__"):
        return _type_words(annotation.__origin__)
    if inspect.isclass(annotation) and not hasattr(annotation, "__args__"):
        return str(annotation.__name__)
    return str(annotation).split("[")[0].replace("typing.", "").replace("|", "or")


def _section(shape: Any, heading: str, seen: set[Any]) -> list[str]:
    """Return the table of one section, followed by those of the sections inside it."""
    seen.add(shape)
    lines = [
        f"### `{heading}`",
        "",
        inspect.getdoc(shape) or "",
        "",
        "| key | type | range | default |",
        "|---|---|---|---|",
    ]
    inner: list[tuple[Any, str]] = []
    for field in msgspec.structs.fields(shape):
        nested = _struct_inside(field.type)
        if nested is not None and nested not in seen:
            path = "" if heading == "top level" else f"{heading}."
            inner.append((nested, f"{path}{field.name}"))
        lines.append(
            f"| `{field.name}` | {nested.__name__ if nested else _type_words(field.type)} "
            f"| {_limits_of(field.type)} | {_default_of(field)} |"
        )
    lines.append("")
    for nested, path in inner:
        lines += _section(nested, path, seen)
    return lines


def _struct_inside(annotation: Any) -> Any:
    if inspect.isclass(annotation) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next(filter(None, map(_struct_inside, getattr(annotation, "__args__", ()))), None)


def settings_page() -> str:
    """Return the table of all settings, in Markdown."""
    lines = [
        "# Settings",
        "",
        "Made by `./pontive docs` from `edge/config.py` and `hub/config.py`; do not edit.",
        "",
    ]
    for title, shape in (("`edge.toml`", EdgeConfig), ("`hub.toml`", HubConfig)):
        lines += [f"## {title}", "", *_section(shape, "top level", set())]
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"settings.md": settings_page, "wire/schema.json": wire_schema}


def main() -> int:
    """Write every generated page."""
    for name, make in PAGES.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(make(), "utf-8")
        sys.stdout.write(f"docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
