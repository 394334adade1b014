"""The process that reads all sensors of a device and says their values.

One sensor that cannot be read never keeps another from being read. Must stay light: neither
numpy nor OpenCV is loaded here.
"""

import heapq
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from edge.config import SensorSettings
from edge.sensors.port import Sensor, SensorError
from edge.sensors.simulated import open_sensor
from edge.supervision.messages import Beat, Faulted, Said, Stop
from edge.wire.records.bodies import CameraFault, SensorReading

logger = logging.getLogger(__name__)

_BEAT_EVERY_S = 1.0


def run(settings: tuple[SensorSettings, ...], pipe: Connection) -> None:
    """Read sensors until told to stop; the entry point of the process."""
    try:
        sensors = [open_sensor(sensor.source) for sensor in settings]
    except SensorError as error:
        pipe.send(Faulted(CameraFault.NOT_FOUND, str(error)))
        return
    Readings(settings=settings, sensors=sensors, pipe=pipe).run()


class Readings:
    """Takes each sensor's value when it is due."""

    def __init__(
        self,
        *,
        settings: tuple[SensorSettings, ...],
        sensors: list[Sensor],
        pipe: Connection,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read ``sensors[i]`` as ``settings[i]`` says, and speak through ``pipe``."""
        self._settings = settings
        self._sensors = sensors
        self._pipe = pipe
        self._monotonic = monotonic
        self._now = now
        start_s = monotonic()
        self._due = [(start_s, number) for number in range(len(settings))]
        self._dumb: set[int] = set()
        self._taken = 0
        self._beat_at_s = -math.inf

    def run(self) -> None:
        """Go on until :class:`Stop` comes."""
        while not self._is_told_to_stop(self.step()):
            pass

    def step(self) -> float:
        """Read what is due, beat if it is time, and return the seconds until the next step."""
        now_s = self._monotonic()
        while self._due and self._due[0][0] <= now_s:
            due_s, number = heapq.heappop(self._due)
            self._take(number)
            every_s = self._settings[number].every_s
            # After a pause (a suspended machine, a full pipe) missed readings are not made up for.
            following_s = due_s + every_s if due_s + every_s > now_s - every_s else now_s + every_s
            heapq.heappush(self._due, (following_s, number))
        if now_s - self._beat_at_s >= _BEAT_EVERY_S:
            self._beat_at_s = now_s
            self._pipe.send(Beat(frames=self._taken, pts_s=now_s))
        wait_s = min(self._beat_at_s + _BEAT_EVERY_S, self._due[0][0] if self._due else math.inf)
        return max(0.0, wait_s - self._monotonic())

    def _take(self, number: int) -> None:
        sensor, at = self._settings[number], self._now()
        try:
            value = self._sensors[number].read(at)
        except SensorError as error:
            if number not in self._dumb:
                self._dumb.add(number)
                logger.warning("sensor %s cannot be read: %s", sensor.id, error)
            return
        if number in self._dumb:
            self._dumb.discard(number)
            logger.info("sensor %s can be read again", sensor.id)
        self._taken += 1
        body = SensorReading(sensor=sensor.id, quantity=sensor.quantity, value=value)
        self._pipe.send(Said(body=body, at=at, mono_ns=time.monotonic_ns()))

    def _is_told_to_stop(self, timeout_s: float) -> bool:
        return self._pipe.poll(timeout_s) and isinstance(self._pipe.recv(), Stop)
