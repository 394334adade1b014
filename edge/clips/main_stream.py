"""The main stream of a camera, read and never decoded: its packets go to the tap, in a thread.

Whatever happens to it, the analysis of the camera goes on: this thread says once what is wrong
and tries again.
"""

import logging
import threading
import time
from collections.abc import Callable

from av.container import InputContainer
from av.error import FFmpegError

from edge.cameras.port import CameraError
from edge.cameras.sources.decoding import Opening, open_container
from edge.clips.remux import kept_of, shape_of
from edge.clips.ring import PacketTap
from edge.errors import EdgeError
from edge.wire.records.bodies import CameraFault

logger = logging.getLogger(__name__)

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 60.0


class MainStream:
    """Reads one source for the clips of one camera."""

    def __init__(
        self,
        *,
        opening: Callable[[], Opening],
        tap: PacketTap,
        monotonic: Callable[[], float] = time.monotonic,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        """Prepare; :meth:`start` connects.

        Args:
            opening: says how to open the source, each time.
            tap: is shown the packets.
            monotonic: seconds.
            first_wait_s: before the second attempt; it doubles from then on.
        """
        self._opening = opening
        self._tap = tap
        self._monotonic = monotonic
        self._first_wait_s = first_wait_s
        self._is_stopping = threading.Event()
        self.trouble = ""
        """Why it cannot be read now; empty when it can."""
        self._thread = threading.Thread(target=self._run, name="main-stream", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End; a read that hangs is left to die with the process."""
        self._is_stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        wait_s = self._first_wait_s
        while not self._is_stopping.is_set():
            began_s = self._monotonic()
            try:
                self._read()
            except EdgeError as error:
                self._say(str(error))
            except Exception:  # the outermost loop of this thread: it must not die silently
                logger.exception("the main stream stumbled; it is opened again")
            if self._monotonic() - began_s > LONGEST_WAIT_S:
                wait_s = self._first_wait_s
            self._is_stopping.wait(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _read(self) -> None:
        opening = self._opening()
        with open_container(opening, clock=self._monotonic) as container:
            try:
                self._pass_on(container, opening.name)
            except FFmpegError as error:
                # Not "from": the cause carries the whole address, password included.
                detail = f"{opening.name} broke off: {error.strerror}"
                raise CameraError(CameraFault.ENDED, detail) from None

    def _pass_on(self, container: InputContainer, name: str) -> None:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            raise CameraError(CameraFault.NOT_VIDEO, f"{name} holds no video")
        self._tap.begins(shape_of(stream))
        self.trouble = ""
        for packet in container.demux(stream):
            kept = kept_of(packet, at_s=self._monotonic())
            if kept is not None:
                self._tap.feed(kept)
            if self._is_stopping.is_set():
                return
        raise CameraError(CameraFault.ENDED, f"{name} closed the stream")

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            logger.warning("clips: %s; the analysis goes on, and it is tried again", trouble)
