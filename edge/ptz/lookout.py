"""Asks a camera where it looks, about once a second, in a thread of the worker.

A camera that does not answer is told once and asked again ever more seldom: frames never wait
for it. Must not decide what a position means.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edge.ptz.port import CameraPreset, Pose, Turning, TurningError

logger = logging.getLogger(__name__)

EVERY_S = 1.0
LONGEST_WAIT_S = 60.0
# Somebody may teach the camera other places.
_PRESETS_EVERY = 300


@dataclass(frozen=True, slots=True)
class Heard:
    """What a camera said last. ``number`` counts its answers: the next one was asked after this came."""

    pose: Pose
    presets: tuple[CameraPreset, ...]
    number: int


class Lookout:
    """Knows where one camera looks.

    Args:
        turning: the camera.
        name: for the log.
        every_s: how often it is asked.
        wait: waits so many seconds or until :meth:`stop`; returns whether that was it.
    """

    def __init__(
        self,
        turning: Turning,
        *,
        name: str,
        every_s: float = EVERY_S,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._turning = turning
        self._name = name
        self._every_s = every_s
        self._over = threading.Event()
        self._wait = wait or self._over.wait
        self._retry_s = every_s
        self._presets: Sequence[CameraPreset] = ()
        self._asked = 0
        self._thread = threading.Thread(target=self._run, name=f"lookout-{name}", daemon=True)
        self.heard: Heard | None = None
        """None until the camera answered once."""
        self.trouble = ""
        """Why the camera does not answer now; empty when it does."""

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more; does not wait for an answer that is still to come."""
        self._over.set()

    def presets(self) -> tuple[CameraPreset, ...]:
        """Return the places the camera remembers, asked now.

        Raises:
            TurningError: it does not answer.
        """
        return self._turning.presets()

    def ask(self) -> float:
        """Ask once; return how many seconds to wait until the next time."""
        try:
            if self._asked % _PRESETS_EVERY == 0:
                self._presets = self._turning.presets()
                if not any(preset.position for preset in self._presets):
                    logger.warning("%s: ONVIF names no preset with a position; teach some", self._name)
            pose = self._turning.pose()
        except TurningError as error:
            return self._failed(str(error))
        if self.trouble:
            logger.warning("%s: ONVIF answers again", self._name)
        self.trouble, self._retry_s = "", self._every_s
        self._asked += 1
        self.heard = Heard(pose, tuple(self._presets), self._asked)
        return self._every_s

    def _failed(self, trouble: str) -> float:
        if trouble != self.trouble:
            logger.warning("%s: %s", self._name, trouble)
        self.trouble = trouble
        self._retry_s = min(2 * self._retry_s, LONGEST_WAIT_S)
        return self._retry_s

    def _run(self) -> None:
        # The video is opened first: a simulated camera answers from then on.
        wait_s = self._every_s / 2
        while not self._wait(wait_s):
            wait_s = self.ask()
