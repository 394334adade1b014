"""The key that signs form tokens: made at the first start, readable by the hub alone."""

import os
import secrets
from pathlib import Path

from hub.errors import ConfigError

MIN_LENGTH = 32


def load_or_make_secret(path: Path) -> str:
    """Return the secret in ``path``; write a random one there if there is no such file.

    Raises:
        ConfigError: the file cannot be written or read, or holds too little.
    """
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _checked(path)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        return _checked(path)
    except OSError as error:
        raise ConfigError(f"secret_file {path}: {error.strerror}; point it at a writable place") from error


def _checked(path: Path) -> str:
    secret = path.read_text("utf-8").strip()
    if len(secret) < MIN_LENGTH:
        raise ConfigError(
            f"secret_file {path}: fewer than {MIN_LENGTH} characters; remove it and a new one is made"
        )
    return secret
