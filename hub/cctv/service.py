"""Everything a screen says about cameras, read in a few queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import CameraCounts, CameraFault, Cause, PictureState
from hub.cctv.models import CameraPicture, CameraRates
from hub.cctv.outages.service import outage_words
from hub.cctv.outages.windows.service import Windows, read_windows
from hub.cctv.rules import CameraState, Evidence, OutageWord, Verdict, judge
from hub.errors import NotFoundError
from hub.ingest.models import DevicePresence, Still
from hub.places.models import CameraLine, CityCamera, Device, Kelurahan, Site
from hub.places.owning.service import owners_on

Key = tuple[str, str]
# West Indonesian time has no daylight saving (Keppres 41/1987); owners change at midnight there.
_WIB = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class DirectionRate:
    """How many a minute cross a line one way; ``None`` before the first counts."""

    line: str
    line_name: str
    is_forward: bool
    direction: str
    per_minute: float | None


@dataclass(frozen=True, slots=True)
class CameraView:
    """One camera as screens show it."""

    device: str
    camera: str
    name: str
    site: str
    kelurahan: str
    kind: str
    medium: str
    owner: str
    verdict: Verdict
    detail: str
    still_version: int | None
    still_at: datetime | None
    counts_at: datetime | None
    rates: tuple[DirectionRate, ...]
    site_id: str = ""
    outage: OutageWord | None = None

    @property
    def data_at(self) -> datetime | None:
        """When the newest thing on the tile was seen."""
        return max((at for at in (self.still_at, self.counts_at) if at is not None), default=None)

    @property
    def per_minute(self) -> float | None:
        """Crossings a minute over all lines and directions; ``None`` before the first counts."""
        known = [rate.per_minute for rate in self.rates if rate.per_minute is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class _Known:
    presence: dict[str, DevicePresence]
    pictures: dict[Key, CameraPicture]
    stills: dict[Key, Still]
    rates: dict[Key, CameraRates]
    owners: dict[Key, str]
    lines: dict[Key, list[CameraLine]]
    outages: dict[Key, OutageWord]
    windows: Windows


def list_cameras(db: Session, now: datetime) -> tuple[CameraView, ...]:
    """Return every camera of the inventory, in the order of sites and names."""
    rows = db.execute(
        select(CityCamera, Site, Kelurahan)
        .join(Device, Device.id == CityCamera.device)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .where(CityCamera.is_retired.is_(False))
        .order_by(Site.name, CityCamera.name, CityCamera.device, CityCamera.id)
    ).all()
    known = _read_known(db, now)
    return tuple(_view(camera, site, ward, known, now) for camera, site, ward in rows)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of a camera: what it is, where, and its state as :class:`CameraView` says it."""

    kind: str
    medium: str
    site: str
    kelurahan: str
    state: CameraState


def list_standings(db: Session, now: datetime) -> Iterator[Standing]:
    """Yield the state of every camera of the inventory: all that is counted, and none of what is shown.

    One question and no objects of the database: :func:`list_cameras` takes seconds for 15,000 cameras.
    """
    query = (
        select(
            CityCamera.device,
            CityCamera.id,
            CityCamera.kind,
            CityCamera.medium,
            Site.id,
            Site.kelurahan,
            DevicePresence.is_online,
            DevicePresence.since,
            CameraPicture.picture,
            Still.received_at,
            CameraRates.received_at,
        )
        .join(Device, Device.id == CityCamera.device)
        .join(Site, Site.id == Device.site)
        .join(DevicePresence, DevicePresence.device == CityCamera.device, isouter=True)
        .where(CityCamera.is_retired.is_(False))
    )
    for model in (CameraPicture, Still, CameraRates):
        is_its = and_(model.device == CityCamera.device, model.camera == CityCamera.id)
        query = query.join(model, is_its, isouter=True)
    windows = read_windows(db, now, now)
    for device, camera, kind, medium, site, ward, is_online, since, picture, *seen in db.execute(query):
        verdict = judge(
            Evidence(
                now=now,
                is_device_online=is_online,
                device_since=since,
                picture=None if picture is None else PictureState(picture),
                data_at=max((at for at in seen if at is not None), default=None),
                is_maintained=windows.is_open(site, device, camera, now),
            )
        )
        yield Standing(kind, medium, site, ward, verdict.state)


def get_camera(db: Session, device: str, camera: str, now: datetime) -> CameraView:
    """Return one camera.

    Raises:
        NotFoundError: the inventory has no such camera.
    """
    for view in list_cameras(db, now):
        if (view.device, view.camera) == (device, camera):
            return view
    raise NotFoundError(f"{device}/{camera}")


def _read_known(db: Session, now: datetime) -> _Known:
    lines: dict[Key, list[CameraLine]] = defaultdict(list)
    for line in db.scalars(select(CameraLine).order_by(CameraLine.id)):
        lines[line.device, line.camera].append(line)
    return _Known(
        presence={row.device: row for row in db.scalars(select(DevicePresence))},
        pictures={(row.device, row.camera): row for row in db.scalars(select(CameraPicture))},
        stills={(row.device, row.camera): row for row in db.scalars(select(Still))},
        rates={(row.device, row.camera): row for row in db.scalars(select(CameraRates))},
        owners={key: row.owner for key, row in owners_on(db, now.astimezone(_WIB).date()).items()},
        lines=lines,
        outages=outage_words(db),
        windows=read_windows(db, now, now),
    )


def _view(camera: CityCamera, site: Site, ward: Kelurahan, known: _Known, now: datetime) -> CameraView:
    key = (camera.device, camera.id)
    still, picture, counted = known.stills.get(key), known.pictures.get(key), known.rates.get(key)
    return CameraView(
        device=camera.device,
        camera=camera.id,
        name=camera.name,
        site=site.name,
        kelurahan=ward.name,
        kind=camera.kind,
        medium=camera.medium,
        owner=known.owners.get(key, ""),
        verdict=judge(_evidence(key, site.id, known, now)),
        detail=picture.detail if picture is not None else "",
        still_version=int(still.received_at.timestamp() * 1000) if still is not None else None,
        still_at=still.taken_at if still is not None else None,
        counts_at=counted.at if counted is not None else None,
        rates=_rates(known.lines.get(key, []), counted),
        site_id=site.id,
        outage=known.outages.get(key),
    )


def _evidence(key: Key, site: str, known: _Known, now: datetime) -> Evidence:
    presence, picture = known.presence.get(key[0]), known.pictures.get(key)
    still, counted = known.stills.get(key), known.rates.get(key)
    seen = [row.received_at for row in (still, counted) if row is not None]
    return Evidence(
        now=now,
        is_device_online=presence.is_online if presence else None,
        device_since=presence.since if presence else None,
        offline_reason=presence.reason if presence else "",
        picture=PictureState(picture.picture) if picture else None,
        fault=CameraFault(picture.fault) if picture else CameraFault.NONE,
        picture_at=picture.since if picture else None,
        said_cause=Cause(picture.cause) if picture else Cause.UNKNOWN,
        confidence=picture.confidence if picture else 0.0,
        facts=tuple(picture.evidence.split()) if picture else (),
        data_at=max(seen, default=None),
        outage=known.outages.get(key),
        is_maintained=known.windows.is_open(site, *key, now),
    )


def _rates(lines: list[CameraLine], counted: CameraRates | None) -> tuple[DirectionRate, ...]:
    counts: dict[str, tuple[float, float]] = {}
    if counted is not None:
        body = decode_body(counted.body.encode())
        assert isinstance(body, CameraCounts)
        factor = 60 / body.period_s
        counts = {line.line: (line.forward * factor, line.backward * factor) for line in body.lines}
    names = {line.id: (line.name, line.forward, line.backward) for line in lines}
    for line_id in counts:
        # A line that the inventory does not name yet is shown by its id.
        names.setdefault(line_id, (line_id, "maju", "mundur"))
    rates = []
    for line_id, (name, forward, backward) in names.items():
        there, back = counts.get(line_id, (None, None))
        rates.append(DirectionRate(line_id, name, True, forward, there))
        rates.append(DirectionRate(line_id, name, False, backward, back))
    return tuple(rates)
