"""What stations say now: each parameter with its index, the worst of them, river and rain. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.catalogue.reading import shipped
from hub.measures.environment.ispu import Category, Parameter, category_of, parameters
from hub.measures.environment.keeper import AIR, INDEX, RAIN, RIVER
from hub.measures.keeping.models import MeasurePoint, MeasureSeries
from hub.measures.keeping.periods import Grain, moment_of, second_of
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Facets
from hub.measures.service import values_of
from hub.places.models import Site

# Every parameter is published at least so often; what is older is stale.
STALE_AFTER = {True: timedelta(hours=3), False: timedelta(hours=26)}
WATER_STALE_AFTER = timedelta(hours=3)
_HOUR = timedelta(hours=1)
SHOWN_HOURS = 48


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter of a station; ``index`` None: never published, or too few hours."""

    parameter: Parameter
    concentration: float | None  # the newest hour
    index: float | None
    quality: Quality
    at: datetime | None  # when it was published: the end of its last hour
    is_stale: bool

    @property
    def category(self) -> Category | None:
        """How bad it is, when that can be said."""
        return None if self.index is None or self.quality >= Quality.INSUFFICIENT else category_of(self.index)


@dataclass(frozen=True, slots=True)
class WaterLine:
    """River or rain of a station: the newest hour, and how it stands to its limits."""

    measure: str
    label: str
    unit: str
    decimals: int
    value: float
    at: datetime
    is_stale: bool
    tone: str  # good, warn, bad, idle


@dataclass(frozen=True, slots=True)
class Station:
    """A point with sensors."""

    site: str
    name: str
    kelurahan: str
    lines: tuple[ParameterLine, ...]
    waters: tuple[WaterLine, ...]

    @property
    def worst(self) -> ParameterLine | None:
        """The parameter that decides: the highest index of those that can be said and are not stale."""
        fresh = [line for line in self.lines if line.category is not None and not line.is_stale]
        return max(fresh, key=lambda line: line.index or 0.0, default=None)

    @property
    def has_haze(self) -> bool:
        """Whether fine dust is so thick that it is seen: ISPU of PM2.5 beyond "Sedang"."""
        return any(
            line.parameter.code == "pm2_5"
            and not line.is_stale
            and line.category is not None
            and line.category >= Category.UNHEALTHY
            for line in self.lines
        )


def stations(db: Session, now: datetime, site: str = "") -> tuple[Station, ...]:
    """Return all stations by name, or the one at a point."""
    codes = (AIR, INDEX, RIVER, RAIN)
    query = (
        select(MeasureSeries, MeasurePoint)
        .join(MeasurePoint, MeasurePoint.series == MeasureSeries.id)
        .where(MeasureSeries.measure.in_(codes), MeasureSeries.site != "")
        .where(MeasurePoint.at_s >= second_of(now - timedelta(hours=SHOWN_HOURS)))
        .order_by(MeasurePoint.at_s)
    )
    if site:
        query = query.where(MeasureSeries.site == site)
    newest: dict[str, dict[tuple[str, str], MeasurePoint]] = {}
    for series, point in db.execute(query):
        newest.setdefault(series.site, {})[series.measure, series.dimension] = point
    sites = db.scalars(select(Site).where(Site.id.in_(newest)).order_by(Site.name))
    return tuple(_station(one, newest[one.id], now) for one in sites)


def _station(site: Site, newest: Mapping[tuple[str, str], MeasurePoint], now: datetime) -> Station:
    lines = [
        _line(one, newest.get((AIR, code)), newest.get((INDEX, code)), now)
        for code, one in parameters().items()
        if (AIR, code) in newest or (INDEX, code) in newest
    ]
    waters = [
        _water(code, point, now) for code in (RIVER, RAIN) if (point := newest.get((code, ""))) is not None
    ]
    return Station(site.id, site.name, site.kelurahan, tuple(lines), tuple(waters))


def _line(
    parameter: Parameter, air: MeasurePoint | None, index: MeasurePoint | None, now: datetime
) -> ParameterLine:
    at = None if index is None else moment_of(index.at_s) + _HOUR
    return ParameterLine(
        parameter,
        None if air is None else air.value,
        None if index is None else index.value,
        Quality.INSUFFICIENT if index is None else Quality(index.quality),
        at,
        at is None or now - at > STALE_AFTER[parameter.is_hourly],
    )


def _water(code: str, point: MeasurePoint, now: datetime) -> WaterLine:
    measure, at = shipped().one(code), moment_of(point.at_s) + _HOUR
    is_stale = now - at > WATER_STALE_AFTER
    tone = "good"
    if is_stale or point.quality >= Quality.INSUFFICIENT:
        tone = "idle"
    elif measure.bad is not None and point.value >= measure.bad:
        tone = "bad"
    elif measure.warn is not None and point.value >= measure.warn:
        tone = "warn"
    return WaterLine(code, measure.label, measure.unit, measure.decimals, point.value, at, is_stale, tone)


def worst_station(found: Sequence[Station]) -> Station | None:
    """Return the station that decides for the city."""
    speaking = [one for one in found if one.worst is not None]
    return max(speaking, key=lambda one: one.worst.index or 0.0 if one.worst else 0.0, default=None)


def hourly(db: Session, measure: str, scope: Facets, now: datetime) -> list[tuple[datetime, float]]:
    """Return (hour, value) of the hours shown, oldest first, of what was good."""
    values = values_of(
        db, measure, scope=scope, since=now - timedelta(hours=SHOWN_HOURS), until=now, grain=Grain.HOUR
    )
    return [(one.begin, one.value) for one in values if one.value is not None]
