"""What the keys of sides, and periods, are called. Reads only."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.keeping.periods import Grain
from hub.measures.keeping.series import Side
from hub.measures.prices.goods import commodities, markets
from hub.people.models import Opd
from hub.places.areas import read_areas
from hub.places.models import Site
from hub.web.formats import date_text, moment_text, month_text


def names_of(db: Session, side: Side) -> dict[str, str]:
    """Return the names of the keys of a side; what has none is shown as it is."""
    match side:
        case Side.KECAMATAN:
            return {area.code: area.name for area in read_areas().kecamatan}
        case Side.KELURAHAN:
            return {area.code: area.name for area in read_areas().kelurahan}
        case Side.OPD:
            return {str(one.number): one.name for one in db.scalars(select(Opd))}
        case Side.SITE:
            return {one.id: one.name for one in db.scalars(select(Site))}
        case Side.MARKET:
            return {code: one.name for code, one in markets().items()}
        case Side.DIMENSION:
            return {code: one.name for code, one in commodities().items()}


def period_words(begin: datetime, grain: Grain, zone: ZoneInfo, language: str) -> str:
    """Return a period as people write it."""
    local = begin.astimezone(zone)
    match grain:
        case Grain.YEAR:
            return str(local.year)
        case Grain.MONTH:
            return month_text(local.date(), language)
        case Grain.DAY:
            return date_text(local.date(), language).split(" ", 1)[1]
        case _:
            return moment_text(begin, zone, language)
