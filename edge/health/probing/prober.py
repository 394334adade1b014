"""The one thread that asks the surroundings, so that the agent's loop never waits for them.

A slow round for the point, a quick one for the supply, and looks at single cameras on request,
one after another. What it finds is handed over as plain values.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from edge.health.probing.looking import Look
from edge.health.probing.surroundings import NOTHING_KNOWN, CameraFindings, Surroundings

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A supply that reports "low" leaves a minute or so.
_POWER_EVERY_S = 5.0


class Prober:
    """Asks in the background; all methods are for the agent's loop."""

    def __init__(
        self, *, look: Look, round_every_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            look: Asks; used by the thread only.
            round_every_s: Between two looks around.
            monotonic: Seconds that never go back.
        """
        self._look = look
        self._round_every_s = round_every_s
        self._monotonic = monotonic
        self._requests: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._findings: queue.SimpleQueue[CameraFindings] = queue.SimpleQueue()
        self._surroundings = NOTHING_KNOWN
        self._is_stopping = threading.Event()
        self._has_stumbled = False
        self._thread = threading.Thread(target=self._run, name="prober", daemon=True)

    @property
    def surroundings(self) -> Surroundings:
        """The newest that is known of the point."""
        return self._surroundings

    def start(self) -> None:
        """Begin with a look around."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; a question under way dies with the process."""
        self._is_stopping.set()
        self._requests.put(None)

    def ask(self, camera: str) -> None:
        """Have a camera looked at; its findings come by :meth:`take`."""
        self._requests.put(camera)

    def take(self) -> list[CameraFindings]:
        """Return what was found since the last call."""
        found: list[CameraFindings] = []
        while True:
            try:
                found.append(self._findings.get_nowait())
            except queue.Empty:
                return found

    def _run(self) -> None:
        round_at_s = power_at_s = self._monotonic()
        while not self._is_stopping.is_set():
            now_s = self._monotonic()
            if now_s >= round_at_s:
                self._try(self._look_around)
                round_at_s = self._monotonic() + self._round_every_s
            elif now_s >= power_at_s:
                self._try(self._look_at_power)
                power_at_s = self._monotonic() + _POWER_EVERY_S
            camera = self._next_request(min(round_at_s, power_at_s) - self._monotonic())
            if camera is not None:
                found = self._try(partial(self._look.at, camera))
                self._findings.put(found or CameraFindings(camera))

    def _next_request(self, wait_s: float) -> str | None:
        try:
            return self._requests.get(timeout=max(wait_s, 0.01))
        except queue.Empty:
            return None

    def _look_around(self) -> None:
        self._surroundings = self._look.around()

    def _look_at_power(self) -> None:
        ups, is_under_voltage = self._look.power()
        self._surroundings = replace(self._surroundings, ups=ups, is_under_voltage=is_under_voltage)

    def _try(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except Exception:  # the outermost loop of this thread: a probe must not end all probing
            if not self._has_stumbled:
                self._has_stumbled = True
                logger.exception("a probe stumbled; the device goes on without its answer")
            return None
