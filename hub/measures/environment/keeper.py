"""Hours of sensors become points, and the points of air become ISPU; a chore of the hub.

Some points of the city at a step: in a large fleet records come between them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.measures.catalogue.reading import shipped
from hub.measures.environment.ispu import (
    HOURS,
    Category,
    Parameter,
    category_of,
    day_mean,
    index_of,
    is_published,
    parameters,
)
from hub.measures.environment.trust import Range, trusted
from hub.measures.feeding import kept_about, only_new
from hub.measures.keeping.periods import WIB, Grain, begin_of, moment_of, second_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.places.models import Device, Sensor, Site
from hub.telemetry.store import Hour, Series, TelemetryStore

KEEP_EVERY_S = 300.0
# The outbox of a device holds 72 hours: so far back an hour may still change.
LATE = timedelta(hours=73)
AIR, INDEX, GOOD, RIVER, RAIN = "air_concentration", "ispu", "air_good", "river_level", "rain"
_HOUR = timedelta(hours=1)
# Each has 73 hours to be looked at.
_PROBES_AT_ONCE = 100
# Quantities that are no air: the measure, what a sensor can say, and how an hour becomes one number.
_OTHERS: Mapping[str, tuple[str, Range]] = {
    "water_level_m": (RIVER, Range(-10.0, 20.0)),
    "rain_mm_h": (RAIN, Range(0.0, 400.0, may_rest=True)),
}


@dataclass(frozen=True, slots=True)
class Probe:
    """A sensor whose hours are kept: what it says, and about what."""

    series: Series
    measure: str
    about: Facets
    limits: Range


class AirKeeper:
    """The chore; works out again what late records changed, and writes only that."""

    def __init__(
        self,
        *,
        database: Database,
        telemetry: Callable[[Session], TelemetryStore],
        now: Callable[[], datetime],
    ) -> None:
        """Take collaborators."""
        self._database = database
        self._telemetry = telemetry
        self._now = now
        self._index_until: datetime | None = None

    def __call__(self) -> None:
        """Keep the hours that are over."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """Keep the hours that are over, those of some points of the city at a step."""
        now = self._now()
        end = moment_of(begin_of(Grain.HOUR, second_of(now)))
        # With each hour there may be an index of it, also where nothing came.
        is_new_hour = end != self._index_until
        with self._database.reading() as db:
            probes = probes_of(db)
        yield
        for some in _by_site(probes):
            self._keep(some, now, is_new_hour=is_new_hour)
            yield
        self._index_until = end

    def _keep(self, probes: Sequence[Probe], now: datetime, *, is_new_hour: bool) -> None:
        with self._database.reading() as db:
            said = read_hours(self._telemetry(db), probes, now)
            fresh = {code: _new(db, code, some, now) for code, some in said.items()}
        air = {probe.about for probe in probes if probe.measure == AIR}
        if not any(fresh.values()) and not (air and is_new_hour):
            return
        with self._database.writing() as db:
            source = source_id(db, SourceKind.SENSOR, "sensor", now=now, address="/lingkungan")
            for code, some in fresh.items():
                keep(db, shipped().one(code), some, source=source)
            keep_index(db, air, now, source=source)


def _by_site(probes: Sequence[Probe]) -> Iterator[list[Probe]]:
    """Yield some probes at a time; those of one point stay together, as one may speak for the other."""
    by_site: dict[str, list[Probe]] = {}
    for probe in probes:
        by_site.setdefault(probe.about.site, []).append(probe)
    some: list[Probe] = []
    for of_site in by_site.values():
        some += of_site
        if len(some) >= _PROBES_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def probes_of(db: Session) -> list[Probe]:
    """Return the sensors in service that measure air, water or rain."""
    by_quantity = {one.quantity: one for one in parameters().values()}
    query = (
        select(Sensor.device, Sensor.id, Sensor.quantity, Site.id, Site.kelurahan)
        .join(Device, Device.id == Sensor.device)
        .join(Site, Site.id == Device.site)
        .where(Sensor.is_retired.is_(False))
        .order_by(Sensor.device, Sensor.id)
    )
    found = []
    for device, sensor, quantity, site, ward in db.execute(query):
        series = Series(device, sensor, quantity)
        if (air := by_quantity.get(quantity)) is not None:
            about = Facets(kelurahan=ward, site=site, dimension=air.code)
            found.append(Probe(series, AIR, about, Range(-1.0, air.most)))
        elif (other := _OTHERS.get(quantity)) is not None:
            found.append(Probe(series, other[0], Facets(kelurahan=ward, site=site), other[1]))
    return found


def read_hours(telemetry: TelemetryStore, probes: Sequence[Probe], now: datetime) -> dict[str, list[Said]]:
    """Return what the sensors said in the hours that are over, by measure."""
    end = moment_of(begin_of(Grain.HOUR, second_of(now)))
    hours = telemetry.hourly([probe.series for probe in probes], end - LATE, end)
    said: dict[tuple[str, Facets, datetime], Said] = {}
    for probe in probes:
        for hour, quality in trusted(hours.get(probe.series, []), probe.limits):
            # Two sensors of one kind at a point: the first that is trusted speaks for it.
            key = (probe.measure, probe.about, hour.begin)
            if key not in said or quality < said[key].quality:
                said[key] = Said(probe.about, hour.begin, _value(probe.measure, hour), quality=quality)
    found: dict[str, list[Said]] = {}
    for (measure, _about, _begin), one in said.items():
        found.setdefault(measure, []).append(one)
    return found


def _value(measure: str, hour: Hour) -> float:
    # Rain is said in mm an hour: the mean of an hour is what fell in it, in mm.
    return hour.high if measure == RIVER else hour.total / hour.samples


def _new(db: Session, code: str, said: Sequence[Said], now: datetime) -> list[Said]:
    held = kept_about(db, code, {one.about for one in said}, now - LATE - _HOUR)
    return only_new(shipped().one(code), said, held)


def keep_index(db: Session, about: Iterable[Facets], now: datetime, *, source: int) -> None:
    """Work out ISPU of the last days from the points of air; keep what changed.

    Args:
        db: A writing session.
        about: What is measured where: all of a point of the city, or none.
        now: The present.
        source: Of the points.
    """
    end = moment_of(begin_of(Grain.HOUR, second_of(now)))
    first = end - LATE
    air: dict[Facets, dict[datetime, float]] = {}
    for (one, at_s), point in kept_about(db, AIR, about, first - HOURS * _HOUR).items():
        if point.quality < int(Quality.INSUFFICIENT):
            air.setdefault(one, {})[moment_of(at_s)] = point.value
    said: list[Said] = []
    for one, hours in air.items():
        said += indices_of(parameters()[one.dimension], one, hours, first, end)
    keep(db, shipped().one(INDEX), _new(db, INDEX, said, now), source=source)
    keep(db, shipped().one(GOOD), _new(db, GOOD, _good_hours(said), now), source=source)


def indices_of(
    parameter: Parameter, about: Facets, hours: Mapping[datetime, float], first: datetime, end: datetime
) -> list[Said]:
    """Return the index at the end of each hour at which the parameter is published."""
    found, begin = [], first
    while begin < end:
        if is_published(parameter, begin.astimezone(WIB).hour):
            day = [hours.get(begin - back * _HOUR) for back in range(HOURS)]
            mean = day_mean(day)
            if mean is not None:
                found.append(Said(about, begin, index_of(parameter, mean[0]), quality=mean[1]))
        begin += _HOUR
    return found


def _good_hours(indices: Sequence[Said]) -> list[Said]:
    worst: dict[tuple[Facets, datetime], float] = {}
    for one in indices:
        if one.quality < Quality.INSUFFICIENT:
            station = Facets(kelurahan=one.about.kelurahan, site=one.about.site)
            worst[station, one.at] = max(one.value, worst.get((station, one.at), 0.0))
    return [
        Said(station, at, float(category_of(index) <= Category.MODERATE))
        for (station, at), index in worst.items()
    ]
