"""Which application talks to which: the lines, and where they are drawn. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Of the drawing, in its own units.
SIZE = 400
_RADIUS = 160
_MIDDLE = SIZE / 2
_NODE_RADIUS = 13


@dataclass(frozen=True, slots=True)
class Node:
    """An application on the drawing; ``number`` is what the table calls it."""

    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """Data that goes from one application to another."""

    row: int
    source: Node
    target: Node
    data: str
    way: str
    state: str

    @property
    def path(self) -> str:
        """The line as SVG, bent a little so that both directions show, ending before the circle."""
        dx, dy = self.target.x - self.source.x, self.target.y - self.source.y
        length = math.hypot(dx, dy) or 1.0
        start = self.source.x + dx / length * _NODE_RADIUS, self.source.y + dy / length * _NODE_RADIUS
        gap = _NODE_RADIUS + 6
        end = self.target.x - dx / length * gap, self.target.y - dy / length * gap
        bend = (start[0] + end[0]) / 2 - dy / 8, (start[1] + end[1]) / 2 + dx / 8
        return f"M{start[0]:.1f} {start[1]:.1f} Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


@dataclass(frozen=True, slots=True)
class IntegrationMap:
    """All lines and the applications at their ends; ``alone`` counts those that no line touches."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    alone: int


def integration_map(rows: Sequence[tuple[int, Mapping[str, Any]]], applications: int) -> IntegrationMap:
    """Return the map of rows of the register of integrations.

    Args:
        rows: Their numbers and values.
        applications: How many applications there are in all.
    """
    names = sorted({str(values[end]) for _row, values in rows for end in ("dari", "ke")}, key=str.casefold)
    nodes = {name: _node(place, name, len(names)) for place, name in enumerate(names)}
    lines = tuple(
        Line(
            row=number,
            source=nodes[str(values["dari"])],
            target=nodes[str(values["ke"])],
            data=str(values.get("data", "")),
            way=str(values.get("cara", "")),
            state=str(values.get("status", "")),
        )
        for number, values in rows
    )
    ordered = tuple(sorted(lines, key=lambda one: (one.source.number, one.target.number, one.row)))
    return IntegrationMap(tuple(nodes.values()), ordered, max(0, applications - len(names)))


def _node(place: int, name: str, count: int) -> Node:
    angle = 2 * math.pi * place / max(1, count) - math.pi / 2
    return Node(
        place + 1,
        name,
        round(_MIDDLE + _RADIUS * math.cos(angle), 1),
        round(_MIDDLE + _RADIUS * math.sin(angle), 1),
    )
