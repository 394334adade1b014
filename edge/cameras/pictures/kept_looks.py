"""What good pictures of a camera look like, on the device's disk.

A wrong or missing file costs a minute of learning, so nothing here stops a worker.
"""

import logging
import os
from pathlib import Path

from edge.vision.health.references import MAX_BYTES

logger = logging.getLogger(__name__)


class KeptLooks:
    """One file, replaced whole.

    Args:
        path: of the file; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._has_failed = False

    def load(self) -> bytes | None:
        """Return what was kept, if anything; what cannot be read is logged and left out."""
        if self._path is None:
            return None
        try:
            with self._path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("%s: what pictures look like is learnt again: %s", self._path, error)
            return None

    def save(self, content: bytes) -> None:
        """Replace the file, or remove it when there is nothing to keep.

        A disk that refuses is logged once, and the old file stays.
        """
        if self._path is None:
            return
        try:
            if content:
                _replace(self._path, content)
            else:
                self._path.unlink(missing_ok=True)
            self._has_failed = False
        except OSError as error:
            if not self._has_failed:
                logger.warning("%s: what pictures look like cannot be kept: %s", self._path, error)
            self._has_failed = True


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
