"""How far an update is, on the disk: one small file, replaced whole and waited for.

Each state is written before anything is done in it, so that a device that was killed knows what it
was at. Must not decide what follows.
"""

import logging
from datetime import datetime
from pathlib import Path

import msgspec

from edge.enrolment.files import write_whole
from edge.wire.updates import ReleaseDocument, UpdateFault, UpdateState

logger = logging.getLogger(__name__)

FILE = "progress.json"


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered of updates.

    ``tries`` counts how often the present state was begun again after a kill; ``boot`` is the boot in
    which the restart was asked for, or in which the trial runs, and ``began_s`` when it began there
    (monotonic). ``floor`` is the highest number that ever ran well; ``newest`` the version of the
    newest document that was read.
    """

    state: UpdateState = UpdateState.IDLE
    document: ReleaseDocument | None = None
    tries: int = 0
    damaged: int = 0
    boot: str = ""
    began_s: float = 0.0
    fault: UpdateFault | None = None
    detail: str = ""
    floor: int = 0
    newest: int = 0
    at: datetime | None = None


class ProgressFile:
    """Keeps the progress in a folder on the data partition."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be; what cannot be made is said at the first write."""
        self._path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            logger.warning("%s cannot be made: %s", folder, error)

    def read(self) -> Progress:
        """Return what was kept; a file that cannot be read is as none, and the slots tell the rest."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Progress)
        except FileNotFoundError:
            return Progress()
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            logger.warning("%s: cannot be read, begins anew: %s", self._path, error)
            return Progress()

    def write(self, progress: Progress) -> None:
        """Replace the file, and wait until the disk has it.

        Raises:
            OSError: the disk refuses; what was kept before is still there.
        """
        write_whole(self._path, msgspec.json.encode(progress))
