"""What a price may be, and how it moved. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from hub.errors import InputError
from hub.measures.prices.goods import Commodity
from hub.web.formats import rupiah_text

# 45000, 45.000, Rp 45.000; nothing with a comma, which some mean as thousands and some as cents.
_PRICE = re.compile(r"\A(?:Rp\.? ?)?([0-9]{1,9}|[0-9]{1,3}(?:\.[0-9]{3}){1,2})\Z", re.IGNORECASE)
# Ours: beyond this from one day to the next somebody should look at the number once more.
JUMP = 0.30
# A price that moved less is "tetap": sellers round.
STILL = 0.005


class Movement(StrEnum):
    """How a price stands; the values are words for it in addresses and classes."""

    UP = "naik"
    DOWN = "turun"
    SAME = "tetap"
    ALERT = "melampaui-batas"
    STALE = "data-basi"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a typed price is not simply taken; ``is_refused``: not even when somebody is sure."""

    words: str
    is_refused: bool


def read_price(text: str) -> int | None:
    """Read what was typed, in Rp; nothing typed is ``None``.

    Raises:
        InputError: it is no price; says how to write one.
    """
    text = text.strip()
    if not text:
        return None
    found = _PRICE.match(text)
    if found is None:
        raise InputError("tulis angka saja, seperti 45000 atau 45.000")
    return int(found[1].replace(".", ""))


def doubt_about(commodity: Commodity, price: int, before: float | None) -> Doubt | None:
    """Return why a price should not simply be taken, or ``None``.

    Args:
        commodity: Whose price.
        price: In Rp for a unit of it.
        before: The price of the day before, or the last one that is known.
    """
    if not commodity.lowest <= price <= commodity.highest:
        low, high = rupiah_text(commodity.lowest, "id"), rupiah_text(commodity.highest, "id")
        words = (
            f"{rupiah_text(price, 'id')} untuk satu {commodity.unit} tidak mungkin; "
            f"harga {commodity.name} antara {low} dan {high}. Periksa jumlah nol dan satuannya."
        )
        return Doubt(words, is_refused=True)
    if before and abs(price - before) > JUMP * before:
        change = f"{100 * (price - before) / before:+.0f} %"
        return Doubt(f"berubah {change} dari {rupiah_text(round(before), 'id')}", is_refused=False)
    return None


def movement(commodity: Commodity, price: float, before: float | None, usual: float | None) -> Movement:
    """Return how a price stands.

    Args:
        commodity: Whose limit counts.
        price: The newest.
        before: The one before it.
        usual: The mean of the month before it.
    """
    if usual and price > usual * (1 + commodity.alert_percent / 100):
        return Movement.ALERT
    if before is None or abs(price - before) <= STILL * before:
        return Movement.SAME
    return Movement.UP if price > before else Movement.DOWN


def percent_change(price: float, before: float | None) -> float | None:
    """Return by how many percent a price moved, or ``None`` when there is nothing before it."""
    return None if not before else 100 * (price - before) / before
