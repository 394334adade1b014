"""Prometheus' text format, version 0.0.4: families with their help, type, labels and values. Pure.

Names end in their unit (``_seconds``, ``_bytes``) and counters in ``_total``, as its naming guide asks.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric; ``samples`` are suffix of the name, labels and value."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: list[tuple[str, Mapping[str, str], float]] = field(default_factory=list)

    def add(self, value: float, suffix: str = "", **labels: object) -> None:
        """Add a sample."""
        self.samples.append((suffix, {name: str(text) for name, text in labels.items()}, value))


def exposed(families: Iterable[Family]) -> str:
    """Return the text; families without samples are left out."""
    lines: list[str] = []
    for one in families:
        if not one.samples:
            continue
        lines += [f"# HELP {one.name} {_escaped(one.help)}", f"# TYPE {one.name} {one.kind}"]
        lines += [
            f"{one.name}{suffix}{_labels(labels)} {_number(value)}" for suffix, labels, value in one.samples
        ]
    return "\n".join([*lines, ""])


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    inside = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in labels.items())
    return f"{{{inside}}}"


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(int(value)) if float(value).is_integer() else repr(float(value))
