"""Off duty and back: what is retired keeps its history and leaves the screens. Never commits."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import NotFoundError
from hub.places.models import CityCamera, Device, Door, Sensor, Site

_SOURCES: tuple[type[Any], ...] = (CityCamera, Door, Sensor)


def retire(db: Session, model: type[Any], key: Any) -> None:
    """Take something off duty, with all that hangs on it.

    Raises:
        NotFoundError: there is no such thing.
    """
    row = db.get(model, key)
    if row is None:
        raise NotFoundError(str(key))
    row.is_retired = True
    if model is Site:
        for device in db.scalars(select(Device.id).where(Device.site == row.id)).all():
            retire(db, Device, device)
    if model is Device:
        for source in _SOURCES:
            for one in db.scalars(select(source).where(source.device == row.id)):
                one.is_retired = True
    db.flush()


def restore(db: Session, model: type[Any], key: Any) -> None:
    """Bring something back, with what it hangs on: a camera needs its device, a device its point.

    Raises:
        NotFoundError: there is no such thing.
    """
    row = db.get(model, key)
    if row is None:
        raise NotFoundError(str(key))
    row.is_retired = False
    if model is Device:
        db.get_one(Site, row.site).is_retired = False
    elif model in _SOURCES:
        restore(db, Device, row.device)
    db.flush()
