"""What is known of an update, kept and told: on the disk first, then in memory, then to the hub.

Must not decide what follows; :mod:`edge.update.life.machine` does.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from edge.update.life.progress import Progress, ProgressFile
from edge.update.life.reviewing import Refusal
from edge.update.port import SystemStatus, Voice
from edge.wire.updates import SETTLED, ReleaseDocument, UpdateFault, UpdateReport, UpdateState

logger = logging.getLogger(__name__)

# Beside these, what cannot be remembered is not begun.
_GOES_ON_WITHOUT_DISK = SETTLED | {UpdateState.TRYING, UpdateState.COMMITTING, UpdateState.RETURNING}


class UpdateLedger:
    """The progress of one device's update."""

    def __init__(self, *, folder: Path, voice: Voice, now: Callable[[], datetime]) -> None:
        """Take the parts; nothing is read yet.

        Args:
            folder: On the data partition; progress and the bundle lie there.
            voice: The way to the hub.
            now: The time, UTC.
        """
        self._folder = folder
        self._voice = voice
        self._now = now
        self._file = ProgressFile(folder)
        self.progress = Progress()
        self.status: SystemStatus | None = None

    def read(self) -> Progress:
        """Return what was kept."""
        return self._file.read()

    def go(self, state: UpdateState, **changes: Any) -> float:
        """Enter a state with changed facts; return 0: act in it at once."""
        changes = {"tries": 0, **changes, "state": state}
        return self.enter(replace(self.progress, **changes))

    def enter(self, progress: Progress) -> float:
        """Take a progress as it is: on the disk, then said; return 0."""
        self.keep(replace(progress, at=self._now()))
        logger.info("update %s: %s", self.progress.state, self.progress.fault or "on its way")
        self._report()
        return 0.0

    def settle(self, refusal: Refusal) -> float:
        """End the update as a refusal says; the bundle is not needed any more."""
        self.sweep()
        return self.go(refusal.state, fault=refusal.fault, detail=refusal.detail[:500])

    def note(self, fault: UpdateFault, detail: str) -> None:
        """Say a trouble that passes, once."""
        if self.progress.fault is not fault:
            self.keep(replace(self.progress, fault=fault, detail=detail[:500]))
            self._report()

    def keep(self, progress: Progress) -> None:
        """Write progress; a disk that refuses ends what has not touched the slots' order yet."""
        try:
            self._file.write(progress)
        except OSError as error:
            logger.error("the progress of an update cannot be kept: %s", error)
            if progress.state not in _GOES_ON_WITHOUT_DISK:
                changes = {"fault": UpdateFault.DISK, "detail": f"{error.strerror}"}
                progress = replace(progress, state=UpdateState.FAILED, **changes)
        self.progress = progress

    def sweep(self, keep: Path | None = None) -> None:
        """Remove bundles that nobody needs."""
        for path in self._folder.glob("*.bundle"):
            if path != keep:
                self.remove(path)

    def remove(self, path: Path) -> None:
        """Remove a bundle; one that stays only takes room."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("%s cannot be removed: %s", path, error)

    @property
    def running(self) -> SystemStatus:
        """What runs."""
        assert self.status is not None, "begin() comes first"
        return self.status

    @property
    def document(self) -> ReleaseDocument:
        """What the hub wants, in a state that works on it."""
        assert self.progress.document is not None, "a state that works has a document"
        return self.progress.document

    @property
    def bundle(self) -> Path:
        """Where the bundle of the document is."""
        return self._folder / f"{self.document.sha256}.bundle"

    def _report(self) -> None:
        running, progress, document = self.running, self.progress, self.progress.document
        self._voice.say(
            UpdateReport(
                state=progress.state,
                order="" if document is None else document.order,
                number=0 if document is None else document.number,
                name="" if document is None else document.name,
                running_number=running.number,
                running_name=running.name,
                board=running.board,
                slot=running.slot,
                floor=progress.floor,
                fault=progress.fault,
                detail=progress.detail,
            )
        )
