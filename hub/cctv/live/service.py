"""Noting who watches: begun before the first picture, ended when the stream is."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.live.models import CameraView
from hub.errors import NotFoundError
from hub.live.streams import CameraKey
from hub.places.purposes import Purpose

# Whoever asks again and again ends with each time he asked; each of that would be a write.
_NOTED_EVERY = timedelta(seconds=10)


def note_view(db: Session, key: CameraKey, *, account_id: int, purpose: Purpose, now: datetime) -> CameraView:
    """Write that somebody is about to watch."""
    view = CameraView(
        device=key.device,
        camera=key.camera,
        account_id=account_id,
        purpose=purpose.value,
        began_at=now,
    )
    db.add(view)
    db.flush()
    return view


def own_view(db: Session, number: int, *, account_id: int, key: CameraKey) -> CameraView:
    """Return a view that this account began, of this camera.

    Raises:
        NotFoundError: there is none.
    """
    view = db.scalars(
        select(CameraView).where(
            CameraView.id == number,
            CameraView.account_id == account_id,
            CameraView.device == key.device,
            CameraView.camera == key.camera,
        )
    ).one_or_none()
    if view is None:
        raise NotFoundError(f"view {number}")
    return view


def is_note_due(view: CameraView, now: datetime) -> bool:
    """Tell whether a view of somebody who asks again and again should be written to last until now."""
    return view.ended_at is None or now - view.ended_at >= _NOTED_EVERY


def end_view(db: Session, number: int, *, now: datetime) -> None:
    """Write that it is over; a player that lost its stream for a moment goes on in the same view."""
    view = db.get(CameraView, number)
    if view is not None:
        view.ended_at = now
