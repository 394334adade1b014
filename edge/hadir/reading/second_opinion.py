"""A second decoder beside the first, in a process of its own: it may crash, hang or be late.

zbar reads some codes that zxing-cpp does not (a thumb on a corner), at ten times the cost.
"""

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Protocol

from edge.hadir.reading.passes import Luma
from edge.hadir.reading.zbar_process import ANSWER_HEAD, FRAME_HEAD

_LOG = logging.getLogger(__name__)

MAX_AGE_S = 0.5
KILL_AFTER_S = 2.0
_COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("zbar_process.py")))


class SecondOpinion(Protocol):
    """Something that may read what the first decoder could not."""

    def submit(self, luma: Luma, now_s: float) -> bool:
        """Hand a frame over unless the last one is still being looked at; never waits."""

    def poll(self, now_s: float) -> tuple[str, ...]:
        """Return what was read in the frame handed over, once, if that is still worth knowing."""

    def close(self) -> None:
        """End; allowed twice."""


class NoSecondOpinion:
    """For doors that have no processor time to spare."""

    def submit(self, luma: Luma, now_s: float) -> bool:
        """Take nothing."""
        return False

    def poll(self, now_s: float) -> tuple[str, ...]:
        """Know nothing."""
        return ()

    def close(self) -> None:
        """Nothing to end."""


class ZbarSecondOpinion:
    """Runs :mod:`edge.hadir.reading.zbar_process` and restarts it when it dies."""

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._asker: threading.Thread | None = None
        self._asked_s = 0.0
        self._answer: tuple[str, ...] = ()

    def submit(self, luma: Luma, now_s: float) -> bool:
        """Hand a frame over unless the last one is still being looked at; never waits."""
        if self._asker is not None:
            return False
        process = self._running()
        if process is None:
            return False
        height_px, width_px = luma.shape
        question = FRAME_HEAD.pack(width_px, height_px) + luma.tobytes()
        self._asked_s = now_s
        self._answer = ()
        self._asker = threading.Thread(target=self._ask, args=(process, question), daemon=True)
        self._asker.start()
        return True

    def poll(self, now_s: float) -> tuple[str, ...]:
        """Return what was read in the frame handed over, once, if it is not older than 0.5 s."""
        if self._asker is None:
            return ()
        age_s = now_s - self._asked_s
        if self._asker.is_alive():
            if age_s > KILL_AFTER_S:
                _LOG.warning("zbar took longer than %.0f s over a frame; it is started anew", KILL_AFTER_S)
                self._end()
            return ()
        self._asker = None
        return self._answer if age_s <= MAX_AGE_S else ()

    def close(self) -> None:
        """End; allowed twice."""
        self._end()

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            _LOG.warning("zbar cannot be started: %s", error)
        return self._process

    def _ask(self, process: subprocess.Popen[bytes], question: bytes) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(question)
            process.stdin.flush()
            self._answer = _read_answer(process.stdout)
        except (OSError, ValueError, EOFError) as error:
            _LOG.debug("zbar gave no answer: %r", error)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        if self._asker is not None:
            self._asker.join()
            self._asker = None
        for pipe in (self._process.stdin, self._process.stdout):
            _close(pipe)
        self._process.wait()
        self._process = None


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is None:
        return
    try:
        pipe.close()
    except BrokenPipeError:  # bytes for a process that is gone
        return


def _read_answer(source: IO[bytes]) -> tuple[str, ...]:
    texts = (_exactly(source, _number(source)) for _ in range(_number(source)))
    return tuple(text.decode("utf-8", "replace") for text in texts)


def _number(source: IO[bytes]) -> int:
    number: int = ANSWER_HEAD.unpack(_exactly(source, ANSWER_HEAD.size))[0]
    return number


def _exactly(source: IO[bytes], count: int) -> bytes:
    data = source.read(count)
    if len(data) < count:
        raise EOFError(f"{len(data)} of {count} bytes")
    return data
