"""Files of a device's identity: written whole or not at all, private from their first moment on.

A power cut between any two writes leaves a device that either works or goes on where it was.
"""

import os
import shutil
from pathlib import Path

PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o644
PRIVATE_FOLDER_MODE = 0o700


def write_whole(path: Path, content: bytes, *, mode: int = PUBLIC_MODE) -> None:
    """Replace a file, and wait until the disk has it.

    Raises:
        OSError: the folder cannot be written; the old file is untouched.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, if it is there, and wait for the disk."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Without this the new name itself may be lost with the power.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
