"""What a device leaves on its disk about itself, so that after a silence it can say why.

One small file, replaced whole and flushed; a file that cannot be read counts as none.
"""

import logging
import os
from datetime import datetime
from pathlib import Path

import msgspec

logger = logging.getLogger(__name__)


class Life(msgspec.Struct, frozen=True):
    """How a device was when it last wrote this; ``uptime_s`` counts since its boot."""

    boot_id: str
    at: datetime
    uptime_s: float
    # When the hub's broker was last reached; None: never yet.
    connected_at: datetime | None = None
    connected_uptime_s: float | None = None
    is_stopped: bool = False
    has_gasped: bool = False
    is_under_voltage: bool | None = None
    is_gateway_answering: bool | None = None
    is_signal_falling: bool | None = None


class LifeFile:
    """The file."""

    def __init__(self, path: Path) -> None:
        """Use ``path``; its folder is there."""
        self._path = path
        self._has_failed = False

    def read(self) -> Life | None:
        """Return what was left, or None."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Life)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            logger.warning("%s cannot be read, so the last silence stays unexplained: %s", self._path, error)
            return None

    def write(self, life: Life) -> None:
        """Replace the file; a disk that refuses is logged once and is no error."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            with new.open("wb") as file:
                file.write(msgspec.json.encode(life))
                file.flush()
                # A power cut is what this file is for.
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                logger.warning("%s cannot be written: %s", self._path, error)
