"""The form of a market's day: what was typed, what is wrong with it, and what must be looked at once more."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.errors import InputError
from hub.measures.prices.goods import Commodity, commodities
from hub.measures.prices.rules import doubt_about, read_price

SURE = "yakin-"


@dataclass(frozen=True, slots=True)
class PriceField:
    """One commodity of the form; ``before`` is the last known price, ``asks`` wants a tick."""

    commodity: Commodity
    typed: str
    before: float | None
    fault: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True)
class PriceForm:
    """The whole form; ``prices`` are those that may be kept, once nothing is wrong."""

    fields: tuple[PriceField, ...]
    prices: Mapping[str, int]

    @property
    def is_good(self) -> bool:
        """Whether it may be kept as it is."""
        return not any(one.fault or one.asks for one in self.fields)


def empty_form(kept: Mapping[str, float], before: Mapping[str, float]) -> PriceForm:
    """Return the form as it is first shown: what was kept already stands in it."""
    fields = tuple(
        PriceField(one, f"{round(kept[code])}" if code in kept else "", before.get(code))
        for code, one in commodities().items()
    )
    return PriceForm(fields, {})


def read_form(typed: Mapping[str, str], before: Mapping[str, float]) -> PriceForm:
    """Read what was sent; a doubtful price wants the tick ``yakin-CODE`` beside it."""
    fields, prices = [], {}
    for code, one in commodities().items():
        text = typed.get(code, "")[:20]
        is_sure = typed.get(SURE + code, "") == text.strip() != ""
        field, price = _field(one, text, before.get(code), is_sure=is_sure)
        fields.append(field)
        if price is not None:
            prices[code] = price
    return PriceForm(tuple(fields), prices)


def _field(
    commodity: Commodity, text: str, before: float | None, *, is_sure: bool
) -> tuple[PriceField, int | None]:
    try:
        price = read_price(text)
    except InputError as error:
        return PriceField(commodity, text, before, fault=str(error)), None
    if price is None:
        return PriceField(commodity, text, before), None
    doubt = doubt_about(commodity, price, before)
    if doubt is not None and doubt.is_refused:
        return PriceField(commodity, text, before, fault=doubt.words), None
    if doubt is not None and not is_sure:
        return PriceField(commodity, text, before, asks=doubt.words), None
    return PriceField(commodity, text, before), price
