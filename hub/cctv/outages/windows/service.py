"""Maintenance windows: asking which are open, opening one, and calling one off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.outages.models import MaintenanceWindow
from hub.errors import InputError, NotFoundError
from hub.places.models import CityCamera, Device, Site

# Longer work is several windows: nobody should forget one for a year.
LONGEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Windows:
    """Some windows, asked about places."""

    rows: tuple[MaintenanceWindow, ...]

    def of(self, site: str, device: str, camera: str) -> Iterable[MaintenanceWindow]:
        """Return those that a camera lies in."""
        for row in self.rows:
            is_device = row.device in ("", device)
            if row.site == site and is_device and row.camera in ("", camera):
                yield row

    def is_open(self, site: str, device: str, camera: str, at: datetime) -> bool:
        """Return whether a camera is being maintained."""
        return any(row.begins_at <= at < row.ends_at for row in self.of(site, device, camera))

    def newest_end(self, site: str, device: str, camera: str, now: datetime) -> datetime | None:
        """Return when the last one that is over ended."""
        return max((row.ends_at for row in self.of(site, device, camera) if row.ends_at <= now), default=None)


def read_windows(db: Session, begin: datetime, end: datetime) -> Windows:
    """Return the windows that touch a time and were not called off before they began."""
    query = (
        select(MaintenanceWindow)
        .where(MaintenanceWindow.ends_at >= begin, MaintenanceWindow.begins_at <= end)
        .order_by(MaintenanceWindow.begins_at)
    )
    return Windows(tuple(row for row in db.scalars(query) if row.begins_at < row.ends_at))


def open_window(
    db: Session,
    *,
    site: str,
    device: str,
    camera: str,
    begins_at: datetime,
    ends_at: datetime,
    why: str,
    by: str,
    now: datetime,
) -> MaintenanceWindow:
    """Say beforehand that a place may be dark.

    Args:
        db: A writing session.
        site: The point.
        device: One of its devices; empty: all.
        camera: One camera of that device; empty: all.
        begins_at: From when.
        ends_at: Until when.
        why: What is done there.
        by: Name of the account.
        now: The present.

    Raises:
        InputError: the place is not in the inventory, or the times are no times for a window.
    """
    if db.get(Site, site) is None:
        raise InputError("titik itu tidak ada; pilih dari daftar")
    if device:
        found = db.get(Device, device)
        if found is None or found.site != site:
            raise InputError("perangkat itu tidak ada di titik ini; pilih dari daftar")
    if camera and (not device or db.get(CityCamera, (device, camera)) is None):
        raise InputError("kamera itu tidak ada pada perangkat ini; pilih dari daftar")
    if ends_at <= begins_at:
        raise InputError("waktu selesai harus sesudah waktu mulai; perbaiki salah satunya")
    if ends_at <= now:
        raise InputError("waktu selesai sudah lewat; perawatan dicatat sebelum atau selama dikerjakan")
    if ends_at - begins_at > LONGEST:
        raise InputError(f"paling lama {LONGEST.days} hari; buat beberapa jadwal")
    if not why.strip():
        raise InputError("tulis pekerjaan apa yang dilakukan")
    row = MaintenanceWindow(
        site=site,
        device=device,
        camera=camera,
        begins_at=begins_at,
        ends_at=ends_at,
        why=why.strip()[:200],
        by=by,
        made_at=now,
        cancelled_at=None,
    )
    db.add(row)
    db.flush()
    return row


def is_over(row: MaintenanceWindow, now: datetime) -> bool:
    """Return whether a window has passed or was called off."""
    return row.ends_at <= now or row.cancelled_at is not None


def end_window(db: Session, number: int, now: datetime) -> MaintenanceWindow:
    """End a window now, or call it off when it has not begun.

    Raises:
        NotFoundError: there is no such window, or it is over.
    """
    row = db.get(MaintenanceWindow, number)
    if row is None or is_over(row, now):
        raise NotFoundError(f"maintenance window {number}")
    row.cancelled_at = now
    # Where it never began nothing of it is left for any reckoning.
    row.ends_at = max(now, row.begins_at)
    db.flush()
    return row


def windows_listed(db: Session, since: datetime) -> list[MaintenanceWindow]:
    """Return windows that end after ``since``, the newest first."""
    query = (
        select(MaintenanceWindow)
        .where(MaintenanceWindow.ends_at >= since)
        .order_by(MaintenanceWindow.begins_at.desc(), MaintenanceWindow.id.desc())
    )
    return list(db.scalars(query))
