"""Lets cameras go that are back, and closes outages whose cameras stayed back."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hub.cctv.outages.folding import CameraKey
from hub.cctv.outages.keeping.holding import Holding
from hub.cctv.outages.keeping.looking import CityLook
from hub.cctv.outages.keeping.telling import close_words
from hub.cctv.outages.models import OutageCamera
from hub.cctv.rules import DARK_STATES, CameraState

# Back for less is no return.
STEADY_AFTER = timedelta(seconds=30)


def end_rows(db: Session, holding: Holding, city: CityLook, unknown: set[CameraKey]) -> None:
    """End the rows of cameras that are live again, or no longer in the inventory.

    Args:
        db: A writing session.
        holding: What is open; changed.
        city: What is seen.
        unknown: Cameras of which nothing can be said now; they stay as they are.
    """
    for key, row in list(holding.rows.items()):
        camera = city.cameras.get(key)
        if camera is None:
            holding.end_row(row, city.now)
        elif key not in unknown and not _is_bad(camera.state):
            holding.end_row(row, _back_at(row, city, key))


def _is_bad(state: CameraState) -> bool:
    return state in DARK_STATES or state is CameraState.DISTURBED


def _back_at(row: OutageCamera, city: CityLook, key: CameraKey) -> datetime:
    """Return when a camera came back: with its device, or with its picture, whichever was later."""
    camera, device = city.cameras[key], city.devices[key[0]]
    moments = [device.since, camera.picture_since]
    later = [at for at in moments if at is not None and row.began_at < at <= city.now]
    return max(later, default=city.now)


def close_what_is_over(db: Session, holding: Holding, city: CityLook) -> None:
    """Close outages that hold nobody any more, once that has lasted."""
    for outage in holding.outages.values():
        if outage.ended_at is not None or outage.folded_into is not None or holding.open_rows(outage):
            continue
        back = holding.last_return(outage) or city.now
        # A clock that was put back must not keep an outage open for hours.
        if not timedelta() <= city.now - back < STEADY_AFTER:
            outage.ended_at = max(back, outage.began_at)
            close_words(db, outage, city.now)
