"""What has to be done about clips from time to time: asking again, giving up, making room."""

import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.config import ClipStore
from hub.ingest.models import Clip, DeviceCommand, DevicePresence
from hub.ingest.pictures.clips import (
    ASKED,
    GONE,
    HERE,
    KEPT,
    clip_path,
    forget_parts,
    missing_pieces,
    send_command,
)

log = logging.getLogger(__name__)

# A device that sends has a piece through in seconds, even on a thin link.
ASK_AGAIN_AFTER = timedelta(seconds=30)
MOST_ASKS = 6
# For a device that is away; its person has long gone elsewhere.
GIVE_UP_AFTER = timedelta(hours=1)
MOST_A_TURN = 100
_MIB = 1024 * 1024


def look_after_asked(session: Session, folder: Path, *, now: datetime, token: Callable[[], str]) -> None:
    """Ask for what is missing of clips that do not come, or give them up.

    Args:
        session: A writing session; not committed here.
        folder: Of the hub.
        now: The present.
        token: Gives the correlation of a command, 32 hexadecimal digits.
    """
    asked = session.scalars(select(Clip).where(Clip.state == ASKED).limit(MOST_A_TURN)).all()
    for clip in asked:
        if _is_gone(session, clip):
            clip.state = GONE
            forget_parts(folder, clip)
        elif now - (clip.touched_at or clip.heard_at) >= ASK_AGAIN_AFTER:
            _ask_again(session, folder, clip, now=now, token=token)


def _ask_again(
    session: Session, folder: Path, clip: Clip, *, now: datetime, token: Callable[[], str]
) -> None:
    if clip.asks >= MOST_ASKS or now - (clip.asked_at or clip.heard_at) >= GIVE_UP_AFTER:
        clip.state = KEPT
        forget_parts(folder, clip)
        return
    presence = session.get(DevicePresence, clip.device)
    if presence is not None and presence.is_online:
        send_command(session, clip, missing_pieces(folder, clip), now=now, correlation=token())


def _is_gone(session: Session, clip: Clip) -> bool:
    command = session.scalars(
        select(DeviceCommand).where(DeviceCommand.correlation == clip.correlation)
    ).one_or_none()
    if command is None or command.is_done is not False:
        return False
    return msgspec.json.decode(command.values_json, type=dict[str, object]).get("is_gone") is True


def make_room(session: Session, folder: Path, limits: ClipStore, *, now: datetime) -> None:
    """Forget clips that are too old, and the oldest files until the rest fits.

    Args:
        session: A writing session; not committed here.
        folder: Of the hub.
        limits: How much and how long.
        now: The present.
    """
    before = now - timedelta(days=limits.keep_days)
    for clip in session.scalars(select(Clip).where(Clip.heard_at < before, Clip.state.in_((HERE, ASKED)))):
        _forget_file(folder, clip)
    session.execute(delete(Clip).where(Clip.heard_at < before))
    left_bytes = limits.max_mib * _MIB
    for clip in session.scalars(select(Clip).where(Clip.state == HERE).order_by(Clip.asked_at.desc())):
        left_bytes -= clip.bytes
        if left_bytes < 0:
            _forget_file(folder, clip)
            clip.state = KEPT
    _sweep_parts(session, folder)


def _forget_file(folder: Path, clip: Clip) -> None:
    clip_path(folder, clip.device, clip.camera, clip.clip).unlink(missing_ok=True)
    forget_parts(folder, clip)


def _sweep_parts(session: Session, folder: Path) -> None:
    """Remove pieces that belong to no clip that is being fetched."""
    for parts in (folder / "clips").glob("*/*/*.parts"):
        row = session.get(Clip, (parts.parent.parent.name, parts.parent.name, parts.stem))
        if row is None or row.state != ASKED:
            shutil.rmtree(parts, ignore_errors=True)
