"""Where kept files lie: by the digest of what is in them, under the hub's folder, whole or not at all.

Must not see a name that somebody typed.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

from hub.cases.attachments.kept import SUFFIXES

# A form may be left open over a day; what nobody referred to after two belongs to nobody.
UNCLAIMED_FOR = timedelta(hours=48)
_DIGEST = re.compile(r"\A[0-9a-f]{64}\Z")
_ASK_AT_ONCE = 500


def folder_of(hub_folder: str) -> Path:
    """Return where the files of cases lie, below the hub's folder."""
    return Path(hub_folder) / "case-files"


def put(folder: Path, content: bytes, media_type: str) -> str:
    """Keep a file and return the digest of its content; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(folder, digest, media_type)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Also over one that is there: it may be about to be swept, and is young again now.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    finally:
        # After a full disk the draft is still there.
        Path(draft).unlink(missing_ok=True)
    return digest


def find(folder: Path, digest: str, media_type: str) -> Path | None:
    """Return the file of a digest, if it is there."""
    if not _DIGEST.match(digest) or media_type not in SUFFIXES:
        return None
    path = _path(folder, digest, media_type)
    return path if path.is_file() else None


def free_bytes(folder: Path) -> int:
    """Return how much room the disk of the store has left."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    return shutil.disk_usage(there).free


def sweep(folder: Path, referenced: Callable[[Collection[str]], Collection[str]], now: datetime) -> int:
    """Delete what nobody refers to and nobody touched for :data:`UNCLAIMED_FOR`.

    Args:
        folder: The store.
        referenced: Of these digests, those that a row somewhere names; asked with some hundred at once.
        now: The present.

    Returns:
        How many files are gone.
    """
    oldest_s = (now - UNCLAIMED_FOR).timestamp()
    old = [path for path in folder.glob("*/*") if _is_older(path, oldest_s)]
    gone = 0
    for start in range(0, len(old), _ASK_AT_ONCE):
        some = old[start : start + _ASK_AT_ONCE]
        kept = referenced([path.stem for path in some])
        for path in some:
            # Looked at again: somebody may have handed in the same content since the rows were asked.
            if path.stem not in kept and _is_older(path, oldest_s):
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _is_older(path: Path, oldest_s: float) -> bool:
    return path.is_file() and path.stat().st_mtime < oldest_s


def _path(folder: Path, digest: str, media_type: str) -> Path:
    return folder / digest[:2] / (digest + SUFFIXES[media_type])
