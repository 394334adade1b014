"""What a series is about, and the numbers of series. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from hub.bulk import BulkInsert, BulkSelect
from hub.measures.keeping.models import MeasureSeries

# A kelurahan's code begins with that of its kecamatan: 61.71.05.1004 lies in 61.71.05.
_KECAMATAN_LETTERS = 8


class Side(StrEnum):
    """By what values can be told apart; the values are columns of the series."""

    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    OPD = "opd"
    SITE = "site"
    MARKET = "market"
    DIMENSION = "dimension"


_KEY = tuple((name, "text") for name in ("measure", *Side))
_add = BulkInsert("measure_series", _KEY, "ON CONFLICT DO NOTHING")
_read = BulkSelect("measure_series", _KEY, ("id",))


@dataclass(frozen=True, slots=True)
class Facets:
    """What a series is about, and as a scope what is asked for: an empty part is "any"."""

    kecamatan: str = ""
    kelurahan: str = ""
    opd: str = ""
    site: str = ""
    market: str = ""
    dimension: str = ""

    @property
    def district(self) -> str:
        """The kecamatan, also where only the kelurahan is said."""
        return self.kecamatan or self.kelurahan[:_KECAMATAN_LETTERS]


CITY = Facets()


def within(measure: str, scope: Facets) -> ColumnElement[bool]:
    """Return the condition on :class:`MeasureSeries` for a measure within a scope."""
    asked = [
        getattr(MeasureSeries, side) == value for side in Side if (value := getattr(scope, side.value)) != ""
    ]
    return and_(true(), MeasureSeries.measure == measure, *asked)


def series_ids(db: Session, wanted: Iterable[tuple[str, Facets]]) -> dict[tuple[str, Facets], int]:
    """Return the number of each series, made where it is new.

    Args:
        db: A writing session.
        wanted: Codes of measures and what each series is about.
    """
    keys = {_key(measure, one): (measure, one) for measure, one in wanted}
    found = _known(db, list(keys))
    new = [key for key in keys if key not in found]
    if new:
        _add.run(db, new)
        found |= _known(db, new)
    return {keys[key]: number for key, number in found.items()}


def known_ids(db: Session, wanted: Iterable[tuple[str, Facets]]) -> dict[tuple[str, Facets], int]:
    """Return the number of each series that exists; none is made."""
    keys = {_key(measure, one): (measure, one) for measure, one in wanted}
    return {keys[key]: number for key, number in _known(db, list(keys)).items()}


def _key(measure: str, one: Facets) -> tuple[str, ...]:
    return (measure, one.district, one.kelurahan, one.opd, one.site, one.market, one.dimension)


def _known(db: Session, keys: list[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    return {tuple(row[:-1]): row[-1] for row in _read.run(db, keys)}


def facets_of(row: MeasureSeries) -> Facets:
    """Return what a series is about."""
    return Facets(row.kecamatan, row.kelurahan, row.opd, row.site, row.market, row.dimension)


def listed(db: Session, measure: str, scope: Facets = CITY) -> tuple[MeasureSeries, ...]:
    """Return the series of a measure within a scope."""
    query = select(MeasureSeries).where(within(measure, scope)).order_by(MeasureSeries.id)
    return tuple(db.scalars(query))
