"""The catalogue of tiles: what kinds there are, what each asks for, who may see it, and how it is filled."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from hub.boards.filling.air import fill_air
from hub.boards.filling.cards import fill_card
from hub.boards.filling.city_map import fill_map
from hub.boards.filling.look import NO_RIGHT, Absent, BoardLook, Content, Filler, ShownTile
from hub.boards.filling.number import fill_number
from hub.boards.filling.plain import fill_clock, fill_text
from hub.boards.filling.prices import fill_prices
from hub.boards.filling.scope import MARKET, scope_named, scopes_for
from hub.boards.filling.scores import fill_scores
from hub.boards.filling.series import fill_bars, fill_series
from hub.boards.filling.table import fill_table
from hub.boards.filling.waiting import fill_alarms, fill_complaints
from hub.boards.plan.shape import PlacedTile, TileKind
from hub.web.i18n import N_


@dataclass(frozen=True, slots=True)
class KindOfTile:
    """One kind.

    Attributes:
        label: What it is called; a text to translate.
        template: Draws its content.
        fill: Asks the engines, and checks what the viewer may see.
        subject: What its subject is a code of: ``measure``, ``register``, ``card`` or nothing.
        asks: Which other fields of a tile it heeds: ``side``, ``span``, ``most``, ``words``.
        is_of_places: Whether it shows what stands at places, which not everybody sees everywhere.
        w: Columns of a new one.
        h: Rows of a new one.
    """

    label: str
    template: str
    fill: Filler
    subject: str = ""
    asks: frozenset[str] = frozenset()
    is_of_places: bool = False
    w: int = 3
    h: int = 2


def _asks(*names: str) -> frozenset[str]:
    return frozenset(names)


KINDS: Mapping[TileKind, KindOfTile] = {
    TileKind.NUMBER: KindOfTile(N_("Angka"), "number", fill_number, "measure"),
    TileKind.LINE: KindOfTile(N_("Grafik garis"), "series", fill_series, "measure", _asks("span"), w=6, h=3),
    TileKind.BAR: KindOfTile(
        N_("Grafik batang"), "bars", fill_bars, "measure", _asks("span", "side", "most"), w=4, h=3
    ),
    TileKind.MAP: KindOfTile(N_("Peta"), "map", fill_map, "measure", _asks("span", "side"), w=4, h=6),
    TileKind.TABLE: KindOfTile(
        N_("Tabel register"), "table", fill_table, "register", _asks("most"), w=6, h=3
    ),
    TileKind.CARD: KindOfTile(N_("Ringkasan"), "card", fill_card, "card", is_of_places=True),
    TileKind.ALARMS: KindOfTile(
        N_("Alarm"), "waiting", fill_alarms, asks=_asks("most"), is_of_places=True, w=4, h=3
    ),
    TileKind.PRICES: KindOfTile(N_("Harga pangan"), "prices", fill_prices, asks=_asks("most"), w=4, h=4),
    TileKind.AIR: KindOfTile(N_("ISPU"), "air", fill_air, asks=_asks("most"), w=3, h=3),
    TileKind.COMPLAINTS: KindOfTile(
        N_("Pengaduan warga"), "waiting", fill_complaints, asks=_asks("most"), w=4, h=3
    ),
    TileKind.INDICATORS: KindOfTile(
        N_("Enam indikator"), "scores", fill_scores, asks=_asks("most"), w=4, h=3
    ),
    TileKind.CLOCK: KindOfTile(N_("Waktu"), "clock", fill_clock, w=2, h=1),
    TileKind.TEXT: KindOfTile(N_("Tulisan"), "text", fill_text, asks=_asks("words"), w=4, h=1),
}


def show(tile: PlacedTile, look: BoardLook) -> ShownTile:
    """Return a tile with its content, or with the reason why it has none."""
    kind = KINDS[tile.kind]
    found = _refusal(tile, kind, look) or kind.fill(tile, _looking_at(tile, look))
    template = f"boards/tiles/{kind.template}.html"
    if isinstance(found, Absent):
        return ShownTile(tile, template, None, found)
    assert isinstance(found, Content)
    return ShownTile(tile, template, found, None)


def _refusal(tile: PlacedTile, kind: KindOfTile, look: BoardLook) -> Absent | None:
    """Return why a tile of another part than the board's is not shown to this viewer."""
    if not tile.scope:
        return None
    wanted = scope_named(look.db, tile.scope)
    if wanted is None:
        return Absent(_("Bagian kota ubin ini tidak ada lagi."), _(kind.label))
    if not kind.is_of_places or look.viewer is None or wanted in scopes_for(look.db, look.viewer, look.now):
        return None
    return Absent(_(NO_RIGHT), _(kind.label), is_denied=True)


def _looking_at(tile: PlacedTile, look: BoardLook) -> BoardLook:
    """Return the look at the tile's own part of the city, where it names one."""
    if not tile.scope:
        return _without_market(tile, look)
    scope = scope_named(look.db, tile.scope)
    return look if scope is None else look.at(scope)


def _without_market(tile: PlacedTile, look: BoardLook) -> BoardLook:
    """A board of a market shows the city's other numbers: only prices are told apart by markets."""
    is_told_apart = tile.kind in (TileKind.PRICES, TileKind.BAR, TileKind.LINE, TileKind.NUMBER)
    return look if look.scope.kind != MARKET or is_told_apart else look.at_city()
