"""Clips of cameras: which ones devices keep, and the files that were fetched, piece by piece.

A piece is a file of its own until all are there, so that a crash costs nothing and a second ingest
process may take the next one. A clip gets its name when its digest agrees. Only a clip that a
person asked for is taken, and only as large as the device's record said.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from edge.wire.clips import PieceError, PieceHead, piece_count
from edge.wire.messages import SendClip
from edge.wire.records.bodies import ClipKept
from hub.bulk import upsert
from hub.ingest.handlers import Arrival
from hub.ingest.models import Clip
from hub.ingest.saying.commands import ask_device

KEPT, ASKED, HERE, GONE = "kept", "asked", "here", "gone"


class ClipPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece as it came; device and camera are of the topic, hence of the certificate."""

    device: str
    camera: str
    head: PieceHead
    payload: bytes
    received_at: datetime


def clip_path(folder: Path, device: str, camera: str, clip: str) -> Path:
    """Return where a clip lies; all three are checked ids."""
    return folder / "clips" / device / camera / f"{clip}.mp4"


def parts_path(folder: Path, device: str, camera: str, clip: str) -> Path:
    """Return the folder of the pieces that are here already."""
    return clip_path(folder, device, camera, clip).with_suffix(".parts")


def keep_clips(session: Session, arrivals: Sequence[Arrival]) -> None:
    """Note which clips devices keep; a clip that is known already stays as it is."""
    rows = {}
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, ClipKept)
        rows[arrival.device, body.camera, body.clip] = {
            "device": arrival.device,
            "camera": body.camera,
            "clip": body.clip,
            "started_at": body.started_at,
            "duration_s": body.duration_s,
            "bytes": body.bytes,
            "reason": str(body.reason),
            "state": KEPT,
            "heard_at": arrival.received_at,
        }
    upsert(
        session,
        Clip,
        list(rows.values()),
        key=("device", "camera", "clip"),
        changes=lambda _new: {"clip": Clip.clip},
    )


def ask_for_clip(
    session: Session, clip: Clip, *, now: datetime, correlation: str, asked_by: int | None = None
) -> None:
    """Ask the device for a whole clip, unless it is here or on its way.

    Args:
        session: A writing session; not committed here.
        clip: The row.
        now: The present.
        correlation: 32 hexadecimal digits, new for each command.
        asked_by: Account number.
    """
    if clip.state in (ASKED, HERE):
        return
    clip.state, clip.asked_at, clip.asks = ASKED, now, 0
    send_command(session, clip, (), now=now, correlation=correlation, asked_by=asked_by)


def send_command(
    session: Session,
    clip: Clip,
    pieces: tuple[int, ...],
    *,
    now: datetime,
    correlation: str,
    asked_by: int | None = None,
) -> None:
    """Queue the command for ``pieces`` of a clip, none for all."""
    command = SendClip(camera=clip.camera, clip=clip.clip, pieces=pieces)
    ask_device(
        session, device=clip.device, command=command, correlation=correlation, now=now, asked_by=asked_by
    )
    clip.correlation, clip.touched_at, clip.asks = correlation, now, clip.asks + 1


def missing_pieces(folder: Path, clip: Clip) -> tuple[int, ...]:
    """Return the numbers of the pieces that have not come."""
    here = _numbers_here(parts_path(folder, clip.device, clip.camera, clip.clip))
    return tuple(number for number in range(piece_count(clip.bytes)) if number not in here)


def take_piece(session: Session, folder: Path, piece: ClipPiece, *, worker: int = 0) -> None:
    """Keep a piece; the last one makes the clip.

    Args:
        session: A writing session; other workers wait for this clip until it ends.
        folder: Of the hub.
        piece: As it came.
        worker: Of several that write; each has unnamed files of its own.

    Raises:
        PieceError: nobody asked for it, it is of another file, or the digest does not agree.
        OSError: the folder cannot be written.
    """
    row = session.get(Clip, (piece.device, piece.camera, piece.head.clip), with_for_update=True)
    if row is None or row.state not in (ASKED, HERE):
        raise PieceError("a piece of a clip that nobody asked for")
    if row.bytes != piece.head.size_bytes:
        raise PieceError(f"the clip has {row.bytes} bytes by its record, not {piece.head.size_bytes}")
    path = clip_path(folder, piece.device, piece.camera, piece.head.clip)
    # After a commit that failed the file is here and the row does not know it.
    if not path.is_file():
        row.touched_at, row.asks = piece.received_at, 0
        if not _add_part(path.with_suffix(".parts"), piece, worker):
            return
        _put_together(path, piece.head, row, worker)
    row.state = HERE


def forget_parts(folder: Path, clip: Clip) -> None:
    """Throw the pieces of a clip away."""
    shutil.rmtree(parts_path(folder, clip.device, clip.camera, clip.clip), ignore_errors=True)


def _add_part(parts: Path, piece: ClipPiece, worker: int) -> bool:
    """Put a piece beside the others; return whether all are there now."""
    parts.mkdir(parents=True, exist_ok=True)
    unnamed = parts / f"{piece.head.number}.{worker}.new"
    unnamed.write_bytes(piece.payload)
    unnamed.replace(parts / str(piece.head.number))
    return len(_numbers_here(parts)) == piece.head.count


def _put_together(path: Path, head: PieceHead, row: Clip, worker: int) -> None:
    parts, whole = path.with_suffix(".parts"), path.with_suffix(f".{worker}.new")
    digest = hashlib.sha256()
    with whole.open("wb") as file:
        for number in range(head.count):
            payload = (parts / str(number)).read_bytes()
            digest.update(payload)
            file.write(payload)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != head.sha256 or whole.stat().st_size != head.size_bytes:
        whole.unlink()
        shutil.rmtree(parts, ignore_errors=True)
        row.state = KEPT
        raise PieceError("the pieces do not make the file: their digest is another")
    whole.replace(path)
    shutil.rmtree(parts, ignore_errors=True)


def _numbers_here(parts: Path) -> set[int]:
    return {int(name) for name in os.listdir(parts) if name.isdecimal()} if parts.is_dir() else set()
