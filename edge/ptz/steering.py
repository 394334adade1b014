"""Turning by hand: the newest wish of a hand is obeyed, and without a hand the camera stops.

One thread a camera, in the agent: frames and records never wait for a motor, and the motor does
not wait for a frame. Must not decide who may turn it: the hub does.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edge.ptz.port import Speed, Turning, TurningError
from edge.wire.messages import Reply, Steer

logger = logging.getLogger(__name__)

Answer = Callable[[Reply], None]

# A hand repeats its wish every 400 ms; without a repeat for so long nobody holds the key any more.
DEAD_MAN_S = 0.8
# The camera's own dead man, should this device die while it turns.
CAMERA_TIMEOUT_S = 1.0
_STANDING = Speed()


@dataclass(frozen=True, slots=True)
class _Wish:
    speed: Speed
    answer: Answer


class Steering:
    """Steers one camera."""

    def __init__(
        self,
        turning: Turning,
        *,
        name: str,
        monotonic: Callable[[], float] = time.monotonic,
        dead_man_s: float = DEAD_MAN_S,
    ) -> None:
        """Prepare; the thread begins with the first wish.

        Args:
            turning: The camera.
            name: For the log.
            monotonic: Seconds.
            dead_man_s: After this without a wish it stops.
        """
        self._turning = turning
        self._name = name
        self._monotonic = monotonic
        self._dead_man_s = dead_man_s
        self._changed = threading.Condition()
        self._wish: _Wish | None = None
        self._is_closing = False
        self._thread: threading.Thread | None = None

    def steer(self, speed: Speed, answer: Answer) -> None:
        """Take a wish; a wish that still waits is forgotten for it."""
        with self._changed:
            forgotten, self._wish = self._wish, _Wish(speed, answer)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"steering-{self._name}", daemon=True)
                self._thread.start()
            self._changed.notify()
        if forgotten is not None:
            forgotten.answer(_reply(True, "a newer wish came"))

    def close(self, timeout_s: float) -> None:
        """Stop the camera if it moves, and end."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        is_moving = False
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._wish is not None or self._is_closing,
                    self._dead_man_s if is_moving else None,
                )
                wish, self._wish = self._wish, None
                is_closing = self._is_closing
            if wish is not None:
                is_moving = self._obey(wish)
            elif is_moving:
                is_moving = False
                self._stop()
            if is_closing:
                if is_moving:
                    self._stop()
                return

    def _obey(self, wish: _Wish) -> bool:
        """Do what a hand wants and answer; return whether the camera moves now."""
        is_moving = wish.speed != _STANDING
        try:
            if is_moving:
                self._turning.move(wish.speed, timeout_s=CAMERA_TIMEOUT_S)
            else:
                self._turning.stop()
        except TurningError as error:
            wish.answer(_reply(False, str(error)[:500]))
            return is_moving  # it may have heard: the dead man stops it
        wish.answer(_reply(True))
        return is_moving

    def _stop(self) -> None:
        try:
            self._turning.stop()
        except TurningError as error:
            logger.warning("%s did not hear that it should stop: %s", self._name, error)


class SteeringDesk:
    """Steers the cameras of a device."""

    def __init__(self, cameras: Mapping[str, Turning | None]) -> None:
        """Take the cameras by id; None for one that does not turn."""
        self._steerings = {
            name: Steering(turning, name=name) for name, turning in cameras.items() if turning is not None
        }

    def take(self, command: Steer, answer: Answer) -> None:
        """Pass a wish on, or say why that cannot be."""
        steering = self._steerings.get(command.camera)
        if steering is None:
            detail = f"camera {command.camera} does not turn here; set its onvif address in edge.toml"
            answer(_reply(False, detail))
            return
        steering.steer(Speed(command.pan, command.tilt, command.zoom), answer)

    def close(self, timeout_s: float) -> None:
        """Stop what moves."""
        for steering in self._steerings.values():
            steering.close(timeout_s)


def _reply(is_done: bool, detail: str = "") -> Reply:
    return Reply(command="steer", is_done=is_done, detail=detail)
