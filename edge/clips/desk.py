"""The agent's part of clips: what the hub asks for is sent, what is too old or too much goes."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from edge.clips.shelf import ClipShelf
from edge.config import ClipSettings
from edge.uplink.pieces import OutgoingClip, outgoing_clip
from edge.wire.messages import Reply, SendClip

logger = logging.getLogger(__name__)

_MIB = 1024 * 1024
_NAME = "send-clip"


class ClipDesk:
    """The shelf of a device as the hub sees it."""

    def __init__(
        self,
        *,
        settings: ClipSettings,
        send: Callable[[OutgoingClip], bool],
        now: Callable[[], datetime],
    ) -> None:
        """Take the parts.

        Args:
            settings: where clips lie and how many may.
            send: queues a clip; False when there is no room.
            now: UTC.
        """
        self._shelf = ClipShelf(Path(settings.folder))
        self._max_bytes = settings.max_mib * _MIB
        self._keep = timedelta(days=settings.keep_days)
        self._send = send
        self._now = now
        self._is_failing = False

    def send_clip(self, command: SendClip) -> Reply:
        """Queue the pieces the hub asks for; the answer says whether they will come."""
        path = self._shelf.find(command.camera, command.clip)
        if path is None:
            detail = f"clip {command.clip} of {command.camera} is no longer on the device"
            return Reply(command=_NAME, is_done=False, detail=detail, values={"is_gone": True})
        try:
            clip = outgoing_clip(command.camera, path, command.pieces)
        except (OSError, ValueError) as error:
            return Reply(command=_NAME, is_done=False, detail=f"clip {command.clip}: {error}"[:500])
        if not self._send(clip):
            return Reply(command=_NAME, is_done=False, detail="other clips are being sent; ask again later")
        return Reply(command=_NAME, is_done=True, values={"pieces": float(len(clip.pieces))})

    def tidy(self) -> None:
        """Delete what is too old or too much; a disk that refuses is said once."""
        try:
            gone = self._shelf.tidy(now=self._now(), max_bytes=self._max_bytes, keep=self._keep)
        except OSError as error:
            if not self._is_failing:
                logger.warning("clips cannot be deleted: %s", error)
            self._is_failing = True
            return
        self._is_failing = False
        if gone:
            logger.debug("%d clips made room for others", gone)
