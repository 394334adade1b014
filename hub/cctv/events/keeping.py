"""The chore of events: keeps the stills before and after, and forgets them when their time is over.

Also forgets pictures that somebody took out to mark a finding and then did not.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent
from hub.cctv.events.rules import still_after, still_before
from hub.cctv.findings.models import Finding, FindingStep
from hub.cctv.pictures import store
from hub.cctv.pictures.models import PictureLook
from hub.config import EventStore
from hub.ingest.pictures.recent import RecentStill, recent_stills

log = logging.getLogger(__name__)

# Stills come every few seconds, at thin links every few minutes.
WAIT_FOR_STILL = timedelta(minutes=10)
# A turn of the chore shall hold nobody up.
MOST_FORGOTTEN = 1_000
# Somebody marks a place within minutes, or never.
UNUSED_FOR = timedelta(days=1)
MOST_A_TURN = 200


def keep_stills(db: Session, folder: Path, *, now: datetime) -> None:
    """Keep the stills before and after each event that has none yet.

    Args:
        db: A writing session; not committed here.
        folder: Of the hub.
        now: The present.
    """
    wanted = db.scalars(
        select(CameraEvent)
        .where(CameraEvent.is_still_wanted.is_(True))
        .order_by(CameraEvent.id)
        .limit(MOST_A_TURN)
    )
    for event in wanted.all():
        there = {still.at: still for still in recent_stills(folder, event.device, event.camera)}
        if not event.before:
            event.before, event.before_at = _kept(folder, there, still_before(there, event.began_at))
        event.after, event.after_at = _kept(folder, there, still_after(there, event.began_at))
        if event.after or now - event.began_at > WAIT_FOR_STILL:
            event.is_still_wanted = False
    db.flush()


def forget_stills(db: Session, folder: Path, limits: EventStore, *, now: datetime) -> None:
    """Forget pictures of events that are too old or too many, and those nobody used; then old events.

    Pictures of findings stay, and so do the events that they show.
    """
    old = now - timedelta(days=limits.keep_days)
    _forget(db, folder, CameraEvent.began_at < old)
    border = db.scalars(
        select(CameraEvent.id)
        .where(or_(CameraEvent.before != "", CameraEvent.after != ""))
        .order_by(CameraEvent.id.desc())
        .offset(limits.max_events)
        .limit(1)
    ).first()
    if border is not None:
        _forget(db, folder, CameraEvent.id <= border)
    _forget_unused(db, folder, now - UNUSED_FOR)
    _forget_events(db, now - timedelta(days=limits.remember_days))


def _forget_events(db: Session, before: datetime) -> None:
    """Delete events that are over for long and have no picture left."""
    shown = select(Finding.event).where(Finding.event.is_not(None))
    old = (
        select(CameraEvent.id)
        .where(
            CameraEvent.began_at < before,
            CameraEvent.open_key.is_(None),
            CameraEvent.before == "",
            CameraEvent.after == "",
            CameraEvent.id.not_in(shown),
        )
        .order_by(CameraEvent.id)
        .limit(MOST_FORGOTTEN)
    )
    ids = list(db.scalars(old))
    db.execute(delete(CameraEvent).where(CameraEvent.id.in_(ids)))


def _forget(db: Session, folder: Path, which: ColumnElement[bool]) -> None:
    rows = db.scalars(
        select(CameraEvent).where(which, or_(CameraEvent.before != "", CameraEvent.after != ""))
    )
    for event in rows.all():
        gone = {event.before, event.after} - {""}
        event.before = event.after = ""
        event.is_still_wanted = False
        db.flush()
        for digest in gone:
            _drop(db, folder, digest)


def _forget_unused(db: Session, folder: Path, before: datetime) -> None:
    rows = db.scalars(select(PictureLook).where(PictureLook.digest != "", PictureLook.at < before))
    for look in rows.all():
        digest, look.digest = look.digest, ""
        db.flush()
        _drop(db, folder, digest)


def _drop(db: Session, folder: Path, digest: str) -> None:
    """Remove a picture unless somebody else still points at it."""
    pointers = (
        select(CameraEvent.id).where(or_(CameraEvent.before == digest, CameraEvent.after == digest)),
        select(Finding.id).where(or_(Finding.original == digest, Finding.marked == digest)),
        select(FindingStep.id).where(FindingStep.photo == digest),
        select(PictureLook.id).where(PictureLook.digest == digest),
    )
    if all(db.scalars(query.limit(1)).first() is None for query in pointers):
        store.forget(folder, digest)


def _kept(
    folder: Path, there: dict[datetime, RecentStill], at: datetime | None
) -> tuple[str, datetime | None]:
    if at is None:
        return "", None
    try:
        return store.keep(folder, there[at].path.read_bytes()), at
    except OSError as error:
        # Ingest may have taken it away a moment ago; the next turn sees what is there then.
        log.warning("a still of an event cannot be kept: %s", error)
        return "", None
