"""Passwords that were stolen elsewhere and published: looked up in sorted files, nobody outside is asked.

A file holds a SHA-1 a line, upper case, sorted, with or without ``:count`` behind it: what the downloader of
"Have I Been Pwned" writes, 40 GB and more, of which a look reads some forty lines. Ours, ``breached.sha1``,
are those of twelve letters and more in the list of Django 5.2 (Royce Williams, 2018; BSD-3-Clause).
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from hub.errors import ConfigError

SHIPPED = Path(__file__).with_name("breached.sha1")
_DIGITS = 40


def is_breached(password: str, files: tuple[Path, ...] = (SHIPPED,)) -> bool:
    """Return whether a password is in one of the files.

    Raises:
        ConfigError: one of them cannot be read.
    """
    # What the lists are made of; nothing is protected by it here.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    return any(_holds(path, wanted) for path in files)


def _holds(path: Path, wanted: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return _at(file, _first_from(file, wanted)) == wanted
    except OSError as error:
        remedy = "load the list, or take the setting out"
        raise ConfigError(f"sign_in.breached {path}: {error.strerror}; {remedy}") from error


def _first_from(file: BinaryIO, wanted: bytes) -> int:
    """Return a place: the first line that begins there or later is the first not below ``wanted``."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        found = _at(file, middle)
        if found and found < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def _at(file: BinaryIO, place: int) -> bytes:
    """Return the digest of the first line that begins at a place or later; empty at the end."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.readline()[:_DIGITS].upper().strip()
