"""Prices for everybody: today's on a phone, one commodity with its trend."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from hub.measures.charts import line_chart, spark_path
from hub.measures.keeping.periods import WIB
from hub.measures.keeping.series import CITY, Facets
from hub.measures.prices import service
from hub.measures.prices.goods import Market, commodities, markets
from hub.measures.prices.rules import Movement
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.formats import date_text
from hub.web.guarding.guard import needs
from hub.web.i18n import N_, language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("prices", __name__)

# Texts to translate, and the tone in which each is said.
MOVEMENTS: dict[Movement, tuple[str, str]] = {
    Movement.UP: (N_("naik"), "warn"),
    Movement.DOWN: (N_("turun"), "good"),
    Movement.SAME: (N_("tetap"), "idle"),
    Movement.ALERT: (N_("melampaui batas"), "bad"),
    Movement.STALE: (N_("data basi"), "idle"),
}


@blueprint.get("/harga")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show today's prices of the city, or of one market."""
    market = _asked_market()
    lines = service.price_lines(db(), _today(), _scope(market))
    return render_template(
        "measures/prices/listing.html",
        lines=lines,
        sparks=[spark_path([price for _day, price in line.trend]) for line in lines],
        market=market,
        markets=markets().values(),
        movements=MOVEMENTS,
        newest=max((line.day for line in lines if line.day), default=None),
    )


@blueprint.get("/harga.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give the same numbers."""
    market = _asked_market()
    lines = service.price_lines(db(), _today(), _scope(market))
    header = [_("Komoditas"), _("Satuan"), _("Harga"), _("Tanggal"), _("Sebelumnya"), _("Keadaan")]
    rows = [
        (line.commodity.name, line.commodity.unit, line.price, line.day, line.before, line.movement)
        for line in lines
    ]
    return csv_response(f"harga{'-' + market.code if market else ''}.csv", header, rows)


@blueprint.get("/harga/<commodity>")
@needs(Permission.PUBLIC)
def one(commodity: str) -> str:
    """Show one commodity: its trend of a month in the city, and each market."""
    known = commodities().get(commodity)
    if known is None:
        abort(404)
    today = _today()
    line = next(each for each in service.price_lines(db(), today) if each.commodity is known)
    return render_template(
        "measures/prices/commodity.html",
        line=line,
        chart=_chart(line.trend),
        by_market=service.by_market(db(), known, today),
        movements=MOVEMENTS,
    )


@blueprint.get("/harga/<commodity>.csv")
@needs(Permission.PUBLIC)
def one_as_csv(commodity: str) -> Response:
    """Give the trend of one commodity."""
    known = commodities().get(commodity)
    if known is None:
        abort(404)
    line = next(each for each in service.price_lines(db(), _today()) if each.commodity is known)
    return csv_response(f"harga-{commodity}.csv", [_("Tanggal"), _("Harga")], line.trend)


def _chart(trend: Sequence[tuple[date, float]]) -> object:
    words = [date_text(day, language()).split(" ", 1)[1].rsplit(" ", 1)[0] for day, _price in trend]
    return line_chart([[price for _day, price in trend]], words)


def _asked_market() -> Market | None:
    code = request.args.get("pasar", "")
    if not code:
        return None
    found = markets().get(code)
    if found is None:
        abort(404)
    return found


def _scope(market: Market | None) -> Facets:
    return CITY if market is None else Facets(market=market.code)


def _today() -> date:
    return parts().now().astimezone(WIB).date()
