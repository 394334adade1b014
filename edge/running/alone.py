"""Keeps a second agent off the outbox of one that runs: two writers would spoil each other's records."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.errors import EdgeError


class NotAloneError(EdgeError):
    """Another agent works on the same folder; says where and the remedy."""


@contextmanager
def alone_on(outbox: Path) -> Iterator[None]:
    """Hold the folder of an outbox for this process; it is free again however the process ends.

    The folder itself is locked, not a file in it: that works on a disk without a free byte.

    Raises:
        NotAloneError: another agent holds it.
        OSError: there is no such folder and none can be made.
    """
    outbox.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(outbox.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(folder)
        raise NotAloneError(
            f"outbox.path {outbox}: another agent runs with this folder; stop it, or name another folder"
        ) from error
    try:
        yield
    finally:
        os.close(folder)
