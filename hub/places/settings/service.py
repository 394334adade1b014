"""Versions of camera settings: saving, going back, and what a device should have.

What was saved last is what the city wants; what a device really uses is in its presence.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from edge.wire.camera_settings import ConfigDocument, Line, RemoteCamera, SettingsError, decode_camera
from hub.errors import InputError, NotFoundError
from hub.ingest.models import DevicePresence
from hub.places.models import CameraLine, CameraSettingsVersion, CityCamera

MAX_NOTE = 200


def newest_of(db: Session, device: str, camera: str) -> CameraSettingsVersion | None:
    """Return what was saved last for a camera, if anything was."""
    return next(iter(history_of(db, device, camera, limit=1)), None)


def history_of(db: Session, device: str, camera: str, *, limit: int = 50) -> Sequence[CameraSettingsVersion]:
    """Return the versions of a camera, newest first."""
    return db.scalars(
        select(CameraSettingsVersion)
        .where(CameraSettingsVersion.device == device, CameraSettingsVersion.camera == camera)
        .order_by(CameraSettingsVersion.version.desc())
        .limit(limit)
    ).all()


def document_for(db: Session, device: str) -> ConfigDocument | None:
    """Return the newest settings of all cameras of a device; ``None`` when nothing was ever saved."""
    newest = (
        select(func.max(CameraSettingsVersion.version))
        .where(CameraSettingsVersion.device == device)
        .group_by(CameraSettingsVersion.camera)
    )
    rows = db.scalars(
        select(CameraSettingsVersion)
        .join(
            CityCamera,
            (CityCamera.device == CameraSettingsVersion.device)
            & (CityCamera.id == CameraSettingsVersion.camera),
        )
        .where(
            CameraSettingsVersion.device == device,
            CameraSettingsVersion.version.in_(newest),
            CityCamera.is_retired.is_(False),
        )
    ).all()
    if not rows:
        return None
    return ConfigDocument(
        version=max(row.version for row in rows),
        cameras={row.camera: decode_camera(row.body) for row in rows},
    )


def save_version(
    db: Session,
    *,
    device: str,
    camera: str,
    settings: str,
    based_on: int,
    author: str,
    note: str,
    now: datetime,
) -> CameraSettingsVersion:
    """Save what somebody drew as the next version of the device.

    Args:
        db: A writing session; not committed here.
        device: Its id.
        camera: Its id on the device.
        settings: JSON of :class:`RemoteCamera`.
        based_on: The version the author saw, 0 for none.
        author: Name of the account.
        note: Why; may be empty.
        now: The present.

    Raises:
        InputError: the settings cannot be used, or somebody saved meanwhile.
        NotFoundError: no such camera.
    """
    if db.get(CityCamera, (device, camera)) is None:
        raise NotFoundError(f"{device}/{camera}")
    parsed = _parsed(settings)
    newest = newest_of(db, device, camera)
    if newest is not None and newest.version != based_on:
        raise InputError(f"{newest.author} sudah menyimpan versi {newest.version}; muat ulang halaman ini")
    row = CameraSettingsVersion(
        device=device,
        version=_next_version(db, device),
        camera=camera,
        body=msgspec.json.encode(parsed).decode(),
        author=author,
        note=note.strip()[:MAX_NOTE],
        at=now,
    )
    db.add(row)
    if parsed.lines is not None:
        _name_lines(db, device, camera, parsed.lines)
    db.flush()
    return row


def return_to(
    db: Session, *, device: str, camera: str, version: int, author: str, now: datetime
) -> CameraSettingsVersion:
    """Save the settings of an old version again, as the newest one.

    Raises:
        NotFoundError: the camera has no such version.
    """
    old = db.get(CameraSettingsVersion, (device, version))
    newest = newest_of(db, device, camera)
    if old is None or newest is None or old.camera != camera:
        raise NotFoundError(f"{device}/{camera} version {version}")
    return save_version(
        db,
        device=device,
        camera=camera,
        settings=old.body,
        based_on=newest.version,
        author=author,
        note=f"kembali ke versi {version}",
        now=now,
    )


def decides_lines(db: Session, device: str, camera: str) -> bool:
    """Return whether the lines of a camera were drawn here, and not taken from the inventory."""
    newest = newest_of(db, device, camera)
    return newest is not None and decode_camera(newest.body).lines is not None


def _parsed(settings: str) -> RemoteCamera:
    try:
        return decode_camera(settings)
    except SettingsError as error:
        raise InputError(f"Setelan tidak dapat dipakai. Periksa {error}") from error


def _next_version(db: Session, device: str) -> int:
    saved = db.scalar(
        select(func.max(CameraSettingsVersion.version)).where(CameraSettingsVersion.device == device)
    )
    presence = db.get(DevicePresence, device)
    # A hub that was restored from a backup must not fall behind what a device has.
    return max(saved or 0, 0 if presence is None else presence.config_version) + 1


def _name_lines(db: Session, device: str, camera: str, lines: Sequence[Line]) -> None:
    """Give screens the lines as they are drawn now; a line that is known keeps its name."""
    known = {
        line.id: line
        for line in db.scalars(
            select(CameraLine).where(CameraLine.device == device, CameraLine.camera == camera)
        )
    }
    gone = set(known) - {line.id for line in lines}
    is_of_camera = (CameraLine.device == device, CameraLine.camera == camera)
    db.execute(delete(CameraLine).where(*is_of_camera, CameraLine.id.in_(gone)))
    for line in lines:
        row = known.get(line.id)
        if row is None:
            row = CameraLine(device=device, camera=camera, id=line.id, name=line.id)
            db.add(row)
        row.forward, row.backward = line.forward, line.backward
