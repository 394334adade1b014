"""What the keys of sides are called. Reads only."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.keeping.series import Side
from hub.measures.prices.goods import commodities, markets
from hub.people.models import Opd
from hub.places.areas import read_areas
from hub.places.models import Site


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
