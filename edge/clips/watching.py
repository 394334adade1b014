"""The clips of one camera as its worker sees them: what is a reason for one, and what is said.

The worker's loop shows what it records; what the recorder has put on the disk becomes a record.
Must not wait for anything.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from edge.supervision.messages import Answered, FromWorker, Order, Said
from edge.wire.messages import KeepClip, Reply
from edge.wire.records.bodies import Body, CameraIntegrity, ClipKept, ClipReason

# Together with the rest of the worker's end below the agent's patience of two seconds.
_CLOSE_TIMEOUT_S = 1.0
_STOP_TIMEOUT_S = 0.3


class Recorder(Protocol):
    """What is needed of :class:`edge.clips.recorder.ClipRecorder`."""

    def want(self, reason: ClipReason) -> str:
        """Ask for a clip around now; return why there will be none, or an empty text."""

    def kept(self) -> list[ClipKept]:
        """Return what was put on the disk since the last call."""

    def close(self, timeout_s: float) -> list[ClipKept]:
        """End and return the last ones."""


class NoClips:
    """The recorder of a camera that keeps no clips; says why when it is asked."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def want(self, reason: ClipReason) -> str:
        """Refuse."""
        return self._reason

    def kept(self) -> list[ClipKept]:
        """Return nothing."""
        return []

    def close(self, timeout_s: float) -> list[ClipKept]:
        """Return nothing, at once."""
        return []


class ClipWatch:
    """Asks for clips, and says which there are."""

    def __init__(
        self,
        recorder: Recorder,
        *,
        on_motion: bool = False,
        stop_source: Callable[[float], None] | None = None,
    ) -> None:
        """Begin.

        Args:
            recorder: keeps the clips.
            on_motion: the beginning of motion is a reason, too.
            stop_source: ends the stream that is read for clips alone, within so many seconds.
        """
        self._recorder = recorder
        self._stop_source = stop_source
        self._on_motion = on_motion
        self._was_moving = False
        self._has_picture = False

    def saw(self, messages: Iterable[FromWorker], *, is_moving: bool) -> None:
        """Take what the worker says of a frame; it may be a reason."""
        bodies = [message.body for message in messages if isinstance(message, Said)]
        if self._is_change(bodies):
            self._recorder.want(ClipReason.INTEGRITY)
        elif self._on_motion and is_moving and not self._was_moving:
            self._recorder.want(ClipReason.MOTION)
        self._was_moving = is_moving

    def order(self, order: Order) -> Answered | None:
        """Obey ``keep-clip``; other orders are not ours."""
        if not isinstance(order.command, KeepClip):
            return None
        refusal = self._recorder.want(ClipReason.COMMAND)
        if order.ticket == 0:
            return None
        reply = Reply(command="keep-clip", is_done=not refusal, detail=refusal[:500])
        return Answered(ticket=order.ticket, reply=reply)

    def news(self, at: datetime, mono_ns: int) -> list[FromWorker]:
        """Return the records of clips that were kept meanwhile."""
        return [Said(body=body, at=at, mono_ns=mono_ns) for body in self._recorder.kept()]

    def close(self, at: datetime, mono_ns: int) -> list[FromWorker]:
        """End; return the last records."""
        kept = self._recorder.close(_CLOSE_TIMEOUT_S)
        if self._stop_source is not None:
            self._stop_source(_STOP_TIMEOUT_S)
        return [Said(body=body, at=at, mono_ns=mono_ns) for body in kept]

    def _is_change(self, bodies: list[Body]) -> bool:
        changes = [body for body in bodies if isinstance(body, CameraIntegrity)]
        # The first word about a picture is no change of it.
        is_first, self._has_picture = not self._has_picture, self._has_picture or bool(changes)
        return bool(changes) and not is_first
