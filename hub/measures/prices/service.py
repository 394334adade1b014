"""Prices into measures, and out again as people ask for them. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.periods import WIB, Grain, begin_of_day, moment_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import CITY, Facets, Side
from hub.measures.keeping.sources import SourceKind, source_id
from hub.measures.prices.goods import Commodity, Market, commodities, markets
from hub.measures.prices.rules import Movement, movement, percent_change
from hub.measures.service import values_of
from hub.people import audit

MEASURE, CALM = "food_price", "food_price_calm"
# How far back "usual" goes, and with it the trend beside each price.
USUAL_DAYS = 30
# A newest price that is older is shown grey.
STALE_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A commodity as people read it: the newest price and how it came there.

    ``trend`` is (day, price) of the last month, oldest first.
    """

    commodity: Commodity
    price: float | None
    day: date | None
    before: float | None
    movement: Movement
    percent: float | None
    trend: tuple[tuple[date, float], ...]


def enter(
    db: Session, market: Market, day: date, prices: Mapping[str, int], *, actor: str, now: datetime
) -> None:
    """Keep the prices of a market on a day; a price that was there is corrected.

    Args:
        db: A writing session.
        market: Where.
        day: Of the city.
        prices: In Rp by the code of the commodity, checked.
        actor: Name of the account.
        now: The present.
    """
    measure = shipped().one(MEASURE)
    source = source_id(db, SourceKind.ENTRY, market.name, now=now, address="/harga", author=actor)
    at = moment_of(begin_of_day(day))
    said = [Said(_about(market, code), at, price) for code, price in prices.items()]
    keep(db, measure, said, source=source)
    note_calm(db, day, source=source)
    detail = f"{day}: {', '.join(f'{code} {price}' for code, price in prices.items())}"
    audit.append(
        db, at=now, actor=actor, action="price.enter", target=f"market:{market.code}", detail=detail[:900]
    )


def _about(market: Market, commodity: str) -> Facets:
    return Facets(kelurahan=market.kelurahan, market=market.code, dimension=commodity)


def note_calm(db: Session, day: date, *, source: int) -> None:
    """Keep how many of the day's commodities have a price that is not beyond its limit."""
    lines = [line for line in price_lines(db, day) if line.day == day]
    if lines:
        calm = sum(line.movement is not Movement.ALERT for line in lines)
        said = Said(CITY, moment_of(begin_of_day(day)), calm, len(lines))
        keep(db, shipped().one(CALM), [said], source=source)


def prices_on(db: Session, market: Market, day: date) -> dict[str, float]:
    """Return what was entered for a market on a day, by commodity."""
    since = moment_of(begin_of_day(day))
    values = values_of(
        db,
        MEASURE,
        scope=Facets(market=market.code),
        since=since,
        until=since + timedelta(days=1),
        grain=Grain.DAY,
        by=Side.DIMENSION,
    )
    return {one.key: one.value for one in values if one.value is not None}


def last_prices(db: Session, market: Market, day: date) -> dict[str, tuple[date, float]]:
    """Return the newest price of each commodity before a day, no older than :data:`USUAL_DAYS`."""
    return {code: found[-1] for code, found in _trends(db, Facets(market=market.code), day).items()}


def price_lines(db: Session, today: date, scope: Facets = CITY) -> tuple[PriceLine, ...]:
    """Return all commodities as they stand on a day, of the city or of one market."""
    trends = _trends(db, scope, today + timedelta(days=1))
    return tuple(_line(one, trends.get(one.code, ()), today) for one in commodities().values())


def _trends(db: Session, scope: Facets, until: date) -> dict[str, Sequence[tuple[date, float]]]:
    """Return (day, price) of each commodity in the days before ``until``, oldest first."""
    end = moment_of(begin_of_day(until))
    values = values_of(
        db,
        MEASURE,
        scope=scope,
        since=end - timedelta(days=USUAL_DAYS + 1),
        until=end,
        grain=Grain.DAY,
        by=Side.DIMENSION,
    )
    found: dict[str, list[tuple[date, float]]] = {}
    for one in values:
        if one.value is not None:
            found.setdefault(one.key, []).append((one.begin.astimezone(WIB).date(), one.value))
    return dict(found)


def _line(commodity: Commodity, trend: Sequence[tuple[date, float]], today: date) -> PriceLine:
    if not trend:
        return PriceLine(commodity, None, None, None, Movement.STALE, None, ())
    day, price = trend[-1]
    earlier = [value for _day, value in trend[:-1]]
    before = earlier[-1] if earlier else None
    # Two or three days do not say what is usual.
    usual = fmean(earlier) if len(earlier) >= USUAL_DAYS // 4 else None
    stands = movement(commodity, price, before, usual)
    if today - day >= STALE_AFTER:
        stands = Movement.STALE
    return PriceLine(commodity, price, day, before, stands, percent_change(price, before), tuple(trend))


def by_market(db: Session, commodity: Commodity, today: date) -> tuple[tuple[Market, PriceLine], ...]:
    """Return one commodity as it stands in each market."""
    end = moment_of(begin_of_day(today + timedelta(days=1)))
    values = values_of(
        db,
        MEASURE,
        scope=Facets(dimension=commodity.code),
        since=end - timedelta(days=USUAL_DAYS + 1),
        until=end,
        grain=Grain.DAY,
        by=Side.MARKET,
    )
    found: dict[str, list[tuple[date, float]]] = {}
    for one in values:
        if one.value is not None:
            found.setdefault(one.key, []).append((one.begin.astimezone(WIB).date(), one.value))
    return tuple((one, _line(commodity, found.get(one.code, ()), today)) for one in markets().values())
