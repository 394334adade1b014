"""The hub's key of workplace codes: made once, readable by the hub alone, shared by its processes.

Whoever has it can make the codes of every site; a device gets only the key derived for it.
"""

import os
import secrets
from pathlib import Path

from hub.errors import ConfigError

KEY_BYTES = 32


def load_or_make_key(path: Path) -> bytes:
    """Return the 32 bytes in ``path``; random ones are written there if there is no such file.

    Raises:
        ConfigError: the file cannot be written or read, or holds something else.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"workplace.key {path}: {error.strerror}; point it at a writable place") from error
    if len(key) != KEY_BYTES:
        raise ConfigError(
            f"workplace.key {path}: {len(key)} bytes instead of {KEY_BYTES}; bring back the file"
        )
    return key


def _make(path: Path) -> None:
    # Ingest and web may start together: a file appears whole under its name, and only once.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
