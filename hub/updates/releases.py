"""Releases: the list, and the bundles in a folder, each under its checksum. Must not open a bundle."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.updates import MAX_BUNDLE_BYTES
from hub.errors import InputError
from hub.people import audit
from hub.updates.models import Release

_PIECE_BYTES = 1024 * 1024


def add_release(
    db: Session,
    source: Path,
    *,
    folder: Path,
    board: str,
    number: int,
    name: str,
    notes: str,
    actor: str,
    now: datetime,
) -> Release:
    """Keep a bundle and list it as a release.

    Args:
        db: Writing session.
        source: The bundle.
        folder: Where bundles lie.
        board: Which devices it is for.
        number: Rises with every release of a board.
        name: The version, for people.
        notes: What is new, for people.
        actor: Who adds it.
        now: The time.

    Raises:
        InputError: the file cannot be read or kept, or the number is not higher than all of the board.
    """
    newest = newest_number(db, board)
    if number <= newest:
        raise InputError(
            f"number {number} is not higher than {newest} of board {board}; take {newest + 1} or more"
        )
    sha256, size_bytes = keep_bundle(source, folder)
    row = Release(
        board=board,
        number=number,
        name=name,
        sha256=sha256,
        size_bytes=size_bytes,
        notes=notes[:500],
        added_at=now,
        added_by=actor,
    )
    db.add(row)
    db.flush()
    detail = f"{name} {sha256}"
    audit.append(
        db, at=now, actor=actor, action="release.add", target=f"release:{board}-{number}", detail=detail
    )
    return row


def keep_bundle(source: Path, folder: Path) -> tuple[str, int]:
    """Copy a bundle to its place; return checksum and size.

    Raises:
        InputError: it cannot be read or kept, is empty, or larger than a device takes.
    """
    try:
        with source.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size_bytes = source.stat().st_size
        if not 0 < size_bytes <= MAX_BUNDLE_BYTES:
            raise InputError(f"{source}: {size_bytes} bytes is no bundle")
        folder.mkdir(parents=True, exist_ok=True)
        kept = bundle_path(folder, sha256)
        if not kept.exists():
            part = kept.with_suffix(".part")
            with source.open("rb") as old, part.open("wb") as new:
                shutil.copyfileobj(old, new, _PIECE_BYTES)
                new.flush()
                os.fsync(new.fileno())
            part.replace(kept)
    except OSError as error:
        raise InputError(
            f"{error.filename or source}: {error.strerror}; free the disk or name a file"
        ) from error
    return sha256, size_bytes


def bundle_path(folder: Path, sha256: str) -> Path:
    """Return where a bundle lies; ``sha256`` is one, not what somebody typed."""
    return folder / f"{sha256}.bundle"


def list_releases(db: Session) -> Sequence[Release]:
    """Return all releases, the newest first."""
    return db.scalars(select(Release).order_by(Release.added_at.desc(), Release.id.desc())).all()


def find_release(db: Session, *, board: str, number: int) -> Release:
    """Return a release.

    Raises:
        InputError: there is none.
    """
    row = db.scalars(select(Release).where(Release.board == board, Release.number == number)).first()
    if row is None:
        raise InputError(f"there is no release {number} of board {board}; see pontive-hub release list")
    return row


def newest_number(db: Session, board: str) -> int:
    """Return the highest number of a board; 0 when it has none."""
    newest = select(Release.number).where(Release.board == board).order_by(Release.number.desc())
    return db.scalars(newest).first() or 0
