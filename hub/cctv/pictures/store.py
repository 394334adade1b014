"""Pictures on the disk, each under the SHA-256 of its bytes; the same picture is kept once.

Must not know why a picture is kept, nor for how long.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from hub.errors import NotFoundError

_DIGEST = re.compile(r"\A[0-9a-f]{64}\Z")


def keep(folder: Path, content: bytes) -> str:
    """Keep a JPEG and return its SHA-256 as 64 hex digits.

    Args:
        folder: Of the hub.
        content: The whole file; what is there already is not written again.

    Raises:
        OSError: the folder cannot be written.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _path(folder, digest)
    if path.is_file():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never sees half a file.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
    return digest


def find(folder: Path, digest: str) -> Path:
    """Return where a picture lies.

    Raises:
        NotFoundError: there is none: it was never kept, or its time is over.
    """
    path = _path(folder, digest) if _DIGEST.match(digest) else None
    if path is None or not path.is_file():
        raise NotFoundError(f"gambar {digest}")
    return path


def forget(folder: Path, digest: str) -> None:
    """Remove a picture; one that is gone already is no fault."""
    if _DIGEST.match(digest):
        _path(folder, digest).unlink(missing_ok=True)


def _path(folder: Path, digest: str) -> Path:
    return folder / "pictures" / digest[:2] / f"{digest}.jpg"
