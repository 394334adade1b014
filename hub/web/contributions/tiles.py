"""What a concern puts on a board: a value that is compared, and the template that draws it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session


class Section(StrEnum):
    """Where on the board a tile stands, in reading order."""

    KPI = "kpi"
    CAMERAS = "cameras"
    DOORS = "doors"
    DEVICES = "devices"
    INGEST = "ingest"


class Tone(StrEnum):
    """How a state looks; always together with a shape and a word."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile. ``data`` is a frozen value: the tile is drawn again only when it differs."""

    id: str
    section: Section
    template: str
    data: object


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the strip; ``label`` and ``note`` are texts to translate."""

    label: str
    value: int | float
    total: int | None = None
    note: str = ""
    tone: Tone = Tone.IDLE
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a source of tiles may look at."""

    db: Session
    now: datetime


TileSource = Callable[[Look], Sequence[Tile]]


def figure_tile(name: str, figure: Figure) -> Tile:
    """Return a tile of the strip."""
    return Tile(id=f"kpi-{name}", section=Section.KPI, template="web/figure.html", data=figure)
