"""The worst places of the city now: congestion, crowds, water, picture quality. Reads newest values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    SceneMeasures,
)
from hub.cctv.events.models import WaterMark
from hub.cctv.measures.models import CameraMeasure
from hub.cctv.models import CameraRates
from hub.places.models import CityCamera, Device, Site
from hub.places.reach import PlaceReach

MOST = 10
# Measures come each minute; what is older is shown grey, and after a day not at all.
STALE_AFTER = timedelta(seconds=150)
SHOWN_FOR = timedelta(days=1)
_FLOWS = {FlowLevel.FREE: 0, FlowLevel.SLOW: 1, FlowLevel.JAM: 2}
_CROWDS = {CrowdLevel.EMPTY: 0, CrowdLevel.FEW: 1, CrowdLevel.MANY: 2, CrowdLevel.DENSE: 3}


@dataclass(frozen=True, slots=True)
class Place:
    """One line: a zone, a gauge or a whole picture.

    ``level`` is the word's number, ``value`` what is shown beside it: cover 0..1, metres, or quality
    0..1; ``mark`` the water level from which somebody wants to know.
    """

    device: str
    camera: str
    name: str
    site: str
    what: str
    level: str
    value: float
    at: datetime
    mark: float | None = None

    def is_stale(self, now: datetime) -> bool:
        """Return whether this is too old to act on."""
        return now - self.at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Worst:
    """At most ten of each, the worst first."""

    congestion: Sequence[Place]
    crowd: Sequence[Place]
    water: Sequence[Place]
    quality: Sequence[Place]


_Key = tuple[str, str]


def worst_now(db: Session, reach: PlaceReach, now: datetime) -> Worst:
    """Return the worst places within reach; fresh ones before stale ones."""
    names = {
        (camera.device, camera.id): (camera.name, site)
        for camera, site in db.execute(
            select(CityCamera, Site.name)
            .join(Device, Device.id == CityCamera.device)
            .join(Site, Site.id == Device.site)
            .where(CityCamera.is_retired.is_(False))
        )
        if reach.holds_camera(camera.device, camera.id)
    }
    marks = {(row.device, row.camera, row.gauge): row.level_m for row in db.scalars(select(WaterMark))}
    scenes, gauges = _measures(db, now)
    zones = [(scene_at, key, zone) for key, scene, scene_at in scenes if key in names for zone in scene.zones]
    congestion = [
        (_FLOWS[zone.flow], _place(names, key, zone.zone, zone.flow, zone.cover, at))
        for at, key, zone in zones
        if zone.flow is not None and zone.flow in _FLOWS
    ]
    crowd = [
        (_CROWDS[zone.crowd], _place(names, key, zone.zone, zone.crowd, zone.cover, at))
        for at, key, zone in zones
        if zone.crowd is not None and zone.crowd in _CROWDS
    ]
    water = [_water(names, key, gauge, at, marks) for key, gauge, at in gauges if key in names]
    quality = [
        _place(names, key, "", "", counts.quality.index, at)
        for key, counts, at in _counts(db, now)
        if key in names and counts.quality is not None
    ]
    return Worst(
        congestion=_ten(now, congestion),
        crowd=_ten(now, crowd),
        # Those with a mark are judged by it; the others follow by their level.
        water=_ten(now, [(_above(one), one) for one in water if one is not None]),
        quality=_ten(now, [(-one.value, one) for one in quality]),
    )


def _above(place: Place) -> float:
    return place.value - place.mark if place.mark is not None else place.value - 1_000


def _ten(now: datetime, ranked: Iterable[tuple[float, Place]]) -> Sequence[Place]:
    ordered = sorted(
        ranked, key=lambda one: (one[1].is_stale(now), -one[0], -one[1].value, one[1].device, one[1].camera)
    )
    return [place for _rank, place in ordered[:MOST]]


def _place(
    names: Mapping[_Key, tuple[str, str]], key: _Key, what: str, level: str, value: float, at: datetime
) -> Place:
    name, site = names[key]
    return Place(key[0], key[1], name, site, what, str(level), value, at)


def _water(
    names: Mapping[_Key, tuple[str, str]],
    key: _Key,
    gauge: GaugeReading,
    at: datetime,
    marks: Mapping[tuple[str, str, str], float],
) -> Place | None:
    if gauge.state is not GaugeState.READ or gauge.level_m is None:
        return None
    name, site = names[key]
    mark = marks.get((*key, gauge.gauge))
    return Place(key[0], key[1], name, site, gauge.gauge, "", gauge.level_m, at, mark)


def _measures(
    db: Session, now: datetime
) -> tuple[list[tuple[_Key, SceneMeasures, datetime]], list[tuple[_Key, GaugeReading, datetime]]]:
    scenes, gauges = [], []
    for row in db.scalars(select(CameraMeasure).where(CameraMeasure.at > now - SHOWN_FOR)):
        body = decode_body(row.body.encode())
        if isinstance(body, SceneMeasures):
            scenes.append(((row.device, row.camera), body, row.at))
        elif isinstance(body, GaugeReading):
            gauges.append(((row.device, row.camera), body, row.at))
    return scenes, gauges


def _counts(db: Session, now: datetime) -> list[tuple[_Key, CameraCounts, datetime]]:
    found = []
    for row in db.scalars(select(CameraRates).where(CameraRates.at > now - SHOWN_FOR)):
        body = decode_body(row.body.encode())
        assert isinstance(body, CameraCounts)
        found.append(((row.device, row.camera), body, row.at))
    return found
