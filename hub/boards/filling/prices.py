"""The prices of food, of the city or of one market: on a market's LED the whole board."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.filling.scope import MARKET
from hub.boards.plan.shape import PlacedTile
from hub.measures.charts import spark_path
from hub.measures.keeping.periods import begin_of_day, moment_of
from hub.measures.prices.public_views import MOVEMENTS
from hub.measures.prices.rules import Movement
from hub.measures.prices.service import STALE_AFTER, PriceLine, price_lines


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A commodity, and how its price stands in a word."""

    line: PriceLine
    word: str
    tone: str
    spark: str
    link: str


@dataclass(frozen=True, slots=True)
class PriceData:
    """The commodities of a place, those beyond their limit first."""

    place: str
    rows: tuple[PriceRow, ...]


def fill_prices(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return today's prices of the market that the board shows, or of the city."""
    title = _("Harga pangan")
    scope = look.scope
    if scope.kind not in ("", MARKET):
        return Absent(_("Harga dicatat per pasar, tidak dirinci menurut bagian kota ini."), title)
    today = look.now.astimezone(look.zone).date()
    lines = [line for line in price_lines(look.db, today, scope.facets) if line.price is not None]
    newest = max((line.day for line in lines if line.day), default=None)
    if newest is None:
        return Absent(_("Belum ada harga yang diisi petugas pasar."), title)
    shown = tuple(_row(line, look) for line in _ranked(lines)[: tile.most])
    return Content(
        title=scope.name or title,
        data=PriceData(scope.name, shown),
        header=(_("Komoditas"), _("Satuan"), _("Harga"), _("Tanggal"), _("Keadaan")),
        rows=tuple(
            (line.commodity.name, line.commodity.unit, line.price, line.day, _(MOVEMENTS[line.movement][0]))
            for line in lines
        ),
        at=moment_of(begin_of_day(newest)),
        is_stale=all(line.movement is Movement.STALE for line in lines),
        stale_after=STALE_AFTER,
        link=look.link("prices.listing", pasar=scope.key or None),
    )


def _ranked(lines: list[PriceLine]) -> list[PriceLine]:
    """Return what must be seen first, and what nobody renewed last; else in the order of the list."""
    order = {Movement.ALERT: 0, Movement.STALE: 2}
    return sorted(lines, key=lambda line: order.get(line.movement, 1))


def _row(line: PriceLine, look: BoardLook) -> PriceRow:
    words, tone = MOVEMENTS[line.movement]
    spark = spark_path([price for _day, price in line.trend])
    return PriceRow(line, _(words), tone, spark, look.link("prices.one", commodity=line.commodity.code))
