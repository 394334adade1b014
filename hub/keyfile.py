"""Keys of 32 random bytes in files: made once, readable by the hub alone, shared by its processes.

What is sealed with a key that is lost is lost: a file that is no key is never replaced.
"""

import os
import secrets
import tempfile
from pathlib import Path

from hub.errors import ConfigError

KEY_BYTES = 32


def load_or_make_key(path: Path, *, setting: str) -> bytes:
    """Return the key in ``path``; a random one is written there if there is no such file.

    Args:
        path: Of the file.
        setting: What names the file, for messages.

    Raises:
        ConfigError: the file cannot be written or read, or holds something else.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{setting} {path}: {error.strerror}; point it at a writable place") from error
    if len(key) != KEY_BYTES:
        raise ConfigError(
            f"{setting} {path}: {len(key)} bytes instead of {KEY_BYTES}; restore the file from a backup"
        )
    return key


def _make(path: Path) -> None:
    """Write a random key, whole or not at all: web and ingest may both begin for the first time."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # for its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # the other one was first, and its key is as good
    finally:
        Path(draft).unlink()
