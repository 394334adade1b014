"""Prices that come in files: held against the same limits as those that officers type."""

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.series import Facets
from hub.measures.prices.goods import commodities, markets
from hub.measures.prices.rules import doubt_about
from hub.measures.prices.service import MEASURE


def price_doubt(measure: Measure, about: Facets, value: float) -> str:
    """Return why a price of a file cannot be right; nothing for other measures."""
    if measure.code != MEASURE:
        return ""
    commodity = commodities().get(about.dimension)
    if commodity is None:
        return f"dimensi {about.dimension!r}: bukan komoditas; pilih dari {', '.join(commodities())}"
    if about.market not in markets():
        return f"pasar {about.market!r}: pilih dari {', '.join(markets())}"
    doubt = doubt_about(commodity, round(value), None)
    return doubt.words if doubt is not None and doubt.is_refused else ""
