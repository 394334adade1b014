"""The officer of a market enters the day's prices on a phone, with yesterday's beside each."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.measures.keeping.periods import WIB
from hub.measures.prices import service
from hub.measures.prices.form import PriceForm, empty_form, read_form
from hub.measures.prices.goods import Market
from hub.measures.prices.reach import markets_of
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day

blueprint = Blueprint("price_entry", __name__)

# A day that was missed or mistyped is made good within a week.
OLDEST_DAYS = 7


@blueprint.get("/harga/isi")
@needs(Permission.PRICE_ENTER, is_scoped=True)
def choose() -> str:
    """Show the markets whose prices one enters, and how far today's are."""
    today = _today()
    shown = [
        (market, len(service.prices_on(db(), market, today)))
        for market in markets_of(db(), signed_in(), parts().now()).values()
    ]
    return render_template("measures/prices/choose.html", markets=shown, today=today)


@blueprint.get("/harga/isi/<market>")
@needs(Permission.PRICE_ENTER, is_scoped=True)
def form(market: str) -> str:
    """Show the form of a market's day."""
    here, day = _market(market), _day()
    return _drawn(here, day, empty_form(service.prices_on(db(), here, day), _before(here, day)))


@blueprint.post("/harga/isi/<market>")
@needs(Permission.PRICE_ENTER, is_scoped=True)
def send(market: str) -> str | tuple[str, int] | Response:
    """Keep the prices of a day, or show what is wrong with them; nothing typed is lost."""
    here, day = _market(market), _day()
    filled = read_form(request.form, _before(here, day))
    if not filled.is_good:
        return _drawn(here, day, filled), 422
    if not filled.prices:
        flash(_("Belum ada harga yang diisi."), "bad")
        return redirect(url_for("price_entry.form", market=market, tanggal=day.isoformat()), code=303)
    service.enter(db(), here, day, filled.prices, actor=signed_in().name, now=parts().now())
    flash(_("Tersimpan: %(count)s harga %(market)s.", count=len(filled.prices), market=here.name))
    return redirect(url_for("price_entry.choose"), code=303)


def _drawn(market: Market, day: date, filled: PriceForm) -> str:
    today = _today()
    days = [today - timedelta(days=back) for back in range(OLDEST_DAYS)]
    last = service.last_prices(db(), market, day)
    return render_template(
        "measures/prices/form.html", market=market, day=day, today=today, days=days, form=filled, last=last
    )


def _market(code: str) -> Market:
    found = markets_of(db(), signed_in(), parts().now()).get(code)
    if found is None:
        abort(404)
    return found


def _before(market: Market, day: date) -> dict[str, float]:
    return {code: price for code, (_day_of, price) in service.last_prices(db(), market, day).items()}


def _today() -> date:
    return parts().now().astimezone(WIB).date()


def _day() -> date:
    """Return the day that is asked for; today when none is, or one that is not open any more."""
    today = _today()
    try:
        day = typed_day(request.values.get("tanggal", ""))
    except ValueError:
        return today
    return day if today - timedelta(days=OLDEST_DAYS) < day <= today else today
