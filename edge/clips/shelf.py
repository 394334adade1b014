"""The clips of a device on its disk: one file each, and the folder itself is the index.

A file gets its name when it is whole and on the disk, so a power cut leaves a clip or nothing but
a ``.part`` that the next start removes. Nothing but this module knows where a clip lies.
"""

import logging
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.clips.retention import ShelfEntry, to_forget
from edge.errors import EdgeError
from edge.wire.clips import MAX_CLIP_BYTES, is_clip_id
from edge.wire.topics import TopicError, check_source_id

logger = logging.getLogger(__name__)

# Clips leave this much to the outbox, the logs and updates.
RESERVE_BYTES = 256 * 1024 * 1024


class ShelfError(EdgeError):
    """A clip cannot be kept; says why and what to do."""


class ClipShelf:
    """The folder ``clips`` of a device; several processes may hold one, each writes its own camera."""

    def __init__(self, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        """Name the folder; nothing is touched yet.

        Args:
            folder: with one folder a camera.
            reserve_bytes: of the disk that are left free.
        """
        self._folder = folder
        self._reserve_bytes = reserve_bytes

    def keep(self, camera: str, clip: str, data: bytes) -> None:
        """Put a clip on the disk, whole.

        Raises:
            ShelfError: the disk is full or refuses; nothing is left behind.
        """
        path = self._path(camera, clip)
        part = path.with_suffix(".part")
        try:
            if len(data) > MAX_CLIP_BYTES:
                raise ShelfError(f"clip of {len(data)} bytes, more than {MAX_CLIP_BYTES}")
            path.parent.mkdir(parents=True, exist_ok=True)
            free_bytes = shutil.disk_usage(path.parent).free
            if free_bytes < self._reserve_bytes + len(data):
                raise ShelfError(
                    f"{free_bytes // 2**20} MiB are free below {self._folder}, clips leave"
                    f" {self._reserve_bytes // 2**20} to the rest: free the disk or lower clips.max_mib"
                )
            _write_to_disk(part, data)
            part.replace(path)
            _settle(path.parent)
        except OSError as error:
            with suppress(OSError):  # the disk may refuse this too; then the next start tidies
                part.unlink(missing_ok=True)
            raise ShelfError(f"clips cannot be written below {self._folder}: {error.strerror}") from error

    def find(self, camera: str, clip: str) -> Path | None:
        """Return the file of a clip; ``None`` when it is not, or no longer, there."""
        try:
            path = self._path(check_source_id(camera), clip)
        except (TopicError, ShelfError):
            return None
        return path if path.is_file() else None

    def entries(self) -> list[ShelfEntry]:
        """Return what is on the disk, in no order."""
        found = []
        for path in self._folder.glob("*/*.mp4"):
            with suppress(FileNotFoundError):  # the agent and a worker may tidy at the same time
                facts = path.stat()
                at = datetime.fromtimestamp(facts.st_mtime, UTC)
                found.append(ShelfEntry(path.parent.name, path.stem, facts.st_size, at))
        return found

    def tidy(self, *, now: datetime, max_bytes: int, keep: timedelta) -> int:
        """Delete what is too old or too much; return how many clips went.

        Raises:
            OSError: the disk refuses; what it does not refuse is gone all the same.
        """
        gone = to_forget(self.entries(), now=now, max_bytes=max_bytes, keep=keep)
        refusal: OSError | None = None
        for entry in gone:
            try:
                (self._folder / entry.camera / f"{entry.clip}.mp4").unlink(missing_ok=True)
            except OSError as error:
                refusal = error
        if refusal is not None:
            raise refusal
        return len(gone)

    def sweep(self, camera: str) -> None:
        """Remove what a crash or a power cut left half written of one camera."""
        for part in (self._folder / camera).glob("*.part"):
            part.unlink(missing_ok=True)

    def forget_camera(self, camera: str) -> int:
        """Delete all clips of a camera; return how many there were."""
        files = list((self._folder / camera).glob("*.mp4"))
        for path in files:
            path.unlink(missing_ok=True)
        return len(files)

    def _path(self, camera: str, clip: str) -> Path:
        if not is_clip_id(clip):
            raise ShelfError(f"{clip[:40]!r} is no id of a clip")
        return self._folder / camera / f"{clip}.mp4"


def _write_to_disk(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
