"""The inventory in the database: loading an inventory file."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec
from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from hub.db import Base
from hub.errors import InputError
from hub.places.areas import load_areas
from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, mistakes_in
from hub.places.models import (
    CameraLine,
    CityCamera,
    Device,
    Door,
    Kelurahan,
    Sensor,
    Site,
)
from hub.places.owning.service import set_owner
from hub.places.settings.service import decides_lines

Said = TypeVar("Said")


@dataclass(slots=True)
class LoadReport:
    """What loading changed, for the operator to read."""

    added: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0

    def __str__(self) -> str:
        """Return the numbers in words."""
        told = f"{self.added} added, {self.changed} changed, {self.same} the same"
        return f"{told}, {self.retired} retired" if self.retired else told


def load_inventory(db: Session, inventory: Inventory, today: date) -> LoadReport:
    """Add or change what the file names; what it does not name stays as it is.

    Args:
        db: A writing session.
        inventory: What was read.
        today: From when a new owner counts, where the file does not say.

    Raises:
        InputError: all mistakes of the file, one a line; nothing was written.
    """
    load_areas(db)
    mistakes = mistakes_in(
        inventory,
        kelurahan=db.scalars(select(Kelurahan.code)),
        known_sites=db.scalars(select(Site.id)),
    )
    if mistakes:
        raise InputError("\n".join(mistakes))
    report = LoadReport()
    for site in inventory.sites:
        put(
            db,
            report,
            Site(
                id=site.id,
                name=site.name,
                kelurahan=site.kelurahan,
                latitude=site.lat,
                longitude=site.lon,
                is_retired=False,
            ),
        )
    for device in inventory.devices:
        put(db, report, Device(id=device.id, site=device.site, name=device.name, is_retired=False))
        _put_sources(db, report, device, today)
    return report


def retire_others(db: Session, inventory: Inventory, report: LoadReport) -> None:
    """Take devices, cameras, doors and sensors that the file does not name off the screens.

    Their history stays, and naming them again brings them back.
    """
    devices = {device.id for device in inventory.devices}
    named = {
        (device.id, name)
        for device in inventory.devices
        for names in (
            (camera.id for camera in device.cameras),
            (door.id for door in device.doors),
            (sensor.id for sensor in device.sensors),
        )
        for name in names
    }
    for device in db.scalars(select(Device).where(Device.is_retired.is_(False))):
        if device.id not in devices:
            device.is_retired = True
            report.retired += 1
    sources = [
        *db.scalars(select(CityCamera).where(CityCamera.is_retired.is_(False))),
        *db.scalars(select(Door).where(Door.is_retired.is_(False))),
        *db.scalars(select(Sensor).where(Sensor.is_retired.is_(False))),
    ]
    for source in sources:
        if (source.device, source.id) not in named:
            source.is_retired = True
            report.retired += 1


def _put_sources(db: Session, report: LoadReport, device: DeviceEntry, today: date) -> None:
    for camera in device.cameras:
        _put_camera(db, report, device.id, camera, today)
    for door in device.doors:
        entry = Door(device=device.id, id=door.id, name=door.name, direction=door.direction, is_retired=False)
        put(db, report, entry)
    for sensor in device.sensors:
        put(
            db,
            report,
            Sensor(
                device=device.id,
                id=sensor.id,
                name=sensor.name,
                quantity=sensor.quantity,
                is_retired=False,
            ),
        )


def _put_camera(db: Session, report: LoadReport, device: str, camera: CameraEntry, today: date) -> None:
    known = db.get(CityCamera, (device, camera.id))
    row = CityCamera(
        device=device,
        id=camera.id,
        name=camera.name,
        kind=camera.kind,
        medium=camera.medium,
        is_retired=False,
        heading_deg=_said(camera.heading_deg, known.heading_deg if known else None),
        field_of_view_deg=_said(camera.field_of_view_deg, known.field_of_view_deg if known else None),
        view_range_m=_said(camera.view_range_m, known.view_range_m if known else None),
        purposes=_said(_purposes_of(camera), known.purposes if known else ""),
        is_public=_said(camera.is_public, known.is_public if known else False),
        network_switch=_said(camera.network_switch, known.network_switch if known else ""),
    )
    put(db, report, row)
    if not decides_lines(db, device, camera.id):
        _put_lines(db, report, device, camera)
    _put_owner(db, device, camera, today)


def _said(said: Said | msgspec.UnsetType, known: Said) -> Said:
    return known if isinstance(said, msgspec.UnsetType) else said


def _purposes_of(camera: CameraEntry) -> str | msgspec.UnsetType:
    return msgspec.UNSET if isinstance(camera.purposes, msgspec.UnsetType) else " ".join(camera.purposes)


def _put_lines(db: Session, report: LoadReport, device: str, camera: CameraEntry) -> None:
    is_of_camera = (CameraLine.device == device, CameraLine.camera == camera.id)
    kept = {line.id for line in camera.lines}
    db.execute(delete(CameraLine).where(*is_of_camera, CameraLine.id.not_in(kept)))
    for line in camera.lines:
        put(
            db,
            report,
            CameraLine(
                device=device,
                camera=camera.id,
                id=line.id,
                name=line.name,
                forward=line.forward,
                backward=line.backward,
            ),
        )


def _put_owner(db: Session, device: str, camera: CameraEntry, today: date) -> None:
    set_owner(db, (device, camera.id), camera.owner, camera.owner_since or today)


def put(db: Session, report: LoadReport, row: Base) -> None:
    """Add a row, or change the one with its key to be the same; count which."""
    mapper = inspect(type(row))
    key = tuple(getattr(row, column.name) for column in mapper.primary_key)
    found = db.get(type(row), key)
    if found is None:
        db.add(row)
        db.flush()
        report.added += 1
        return
    names = [column.key for column in mapper.column_attrs]
    is_same = all(getattr(found, name) == getattr(row, name) for name in names)
    for name in names:
        setattr(found, name, getattr(row, name))
    db.flush()
    if is_same:
        report.same += 1
    else:
        report.changed += 1
