"""A board as data: what files ship, what the database keeps, what the composer sends. Pure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section

COLUMNS = 12
MOST_ROWS = 60
MOST_TILES = 60

Code = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9-]{0,39}\Z")]
Column = Annotated[int, msgspec.Meta(ge=1, le=COLUMNS)]
Row = Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
Height = Annotated[int, msgspec.Meta(ge=1, le=COLUMNS)]
Title = Annotated[str, msgspec.Meta(max_length=80)]
Words = Annotated[str, msgspec.Meta(max_length=400)]
# "" follows the board; "kota" is the whole city; else a part, as "pasar:flamboyan".
ScopeWords = Annotated[
    str, msgspec.Meta(pattern=r"\A(?:kota|(?:kecamatan|kelurahan|opd|pasar):[a-z0-9.-]{1,40})?\Z")
]


class Use(StrEnum):
    """What a board is for; it decides how it looks, not what it may show."""

    EXECUTIVE = "eksekutif"
    WALL = "dinding"
    MARKET = "pasar"
    KIOSK = "kios"


class TileKind(StrEnum):
    """What a tile can be."""

    NUMBER = "angka"
    LINE = "garis"
    BAR = "batang"
    MAP = "peta"
    TABLE = "tabel"
    CARD = "ringkasan"
    ALARMS = "alarm"
    PRICES = "harga"
    AIR = "udara"
    COMPLAINTS = "pengaduan"
    INDICATORS = "indikator"
    CLOCK = "jam"
    TEXT = "teks"


class Span(StrEnum):
    """How far back a chart looks."""

    DAY = "hari"
    WEEK = "pekan"
    MONTH = "bulan"
    YEAR = "tahun"
    DECADE = "sepuluh-tahun"


class PlacedTile(Section, frozen=True):
    """One tile: what it shows and where it stands, counted from 1 at the upper left.

    Attributes:
        id: Unique on its board.
        kind: What it is.
        x: First column.
        y: First row.
        w: Columns.
        h: Rows.
        title: Instead of the usual one.
        subject: Code of a measure, of a register or of a summary, as the kind asks for.
        side: By what bars and marks of a map are told apart; empty: by time, on a map by kelurahan.
        span: How far back.
        scope: Of which part of the city; empty: that which the board shows.
        most: The longest list.
        words: Of a tile of text.
    """

    id: Code
    kind: TileKind
    x: Column
    y: Row
    w: Column
    h: Height
    title: Title = ""
    subject: Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9_-]{0,60}\Z")] = ""
    side: Annotated[str, msgspec.Meta(pattern=r"\A(?:kecamatan|kelurahan|opd|titik|pasar|rincian)?\Z")] = ""
    span: Span = Span.YEAR
    scope: ScopeWords = ""
    most: Annotated[int, msgspec.Meta(ge=1, le=40)] = 6
    words: Words = ""


class BoardPlan(Section, frozen=True):
    """One board.

    Attributes:
        code: In its address.
        title: Above it.
        use: What it is for.
        tiles: In any order; they are read by rows.
        rotation: Codes of boards that take turns with it on a screen, in this order after it.
        turn_s: How long each is shown.
    """

    code: Code
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    use: Use
    tiles: Annotated[tuple[PlacedTile, ...], msgspec.Meta(max_length=MOST_TILES)] = ()
    rotation: Annotated[tuple[Code, ...], msgspec.Meta(max_length=12)] = ()
    turn_s: Annotated[int, msgspec.Meta(ge=5, le=600)] = 20

    @property
    def in_reading_order(self) -> tuple[PlacedTile, ...]:
        """The tiles by rows, then by columns."""
        return tuple(sorted(self.tiles, key=lambda tile: (tile.y, tile.x)))

    def tile(self, name: str) -> PlacedTile | None:
        """Return a tile by its id."""
        return next((tile for tile in self.tiles if tile.id == name), None)
