"""The cameras of one door: one that fails is tried again by itself while the others go on.

Only when none is left does the door give up, so that the agent starts it anew. Must not read codes.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from edge.cameras.port import CameraError
from edge.hadir.reading.grabbing import Grabbed, Grabber
from edge.supervision.pipe_codec import clean_detail
from edge.wire.records.bodies import CameraFault, DeviceIncident

_LOG = logging.getLogger(__name__)

LOST, BACK = "door-camera-lost", "door-camera-back"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
# A camera that never says anything is as bad as one that says why; opening may take this long too.
SILENT_AFTER_S = 30.0
# One that gives a few frames and dies again is not back.
PROVEN_AFTER_S = 10.0


@dataclass(slots=True)
class _Place:
    """One camera: its grabber, or since when and until when it is left alone; monotonic seconds."""

    start: Callable[[], Grabber]
    grabber: Grabber | None = None
    heard_s: float = 0.0
    working_since_s: float | None = None
    retry_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    is_told: bool = field(default=False)


class DoorCameras:
    """Takes frames from whichever cameras give some."""

    def __init__(self, *, door: str, start: Sequence[Callable[[], Grabber]]) -> None:
        """Set up.

        Args:
            door: Its id.
            start: For each camera, what opens it anew and returns its started grabber.
        """
        self._door = door
        self._places = [_Place(one) for one in start]
        self._news: list[DeviceIncident] = []

    def begin(self, now_s: float) -> None:
        """Start all cameras (monotonic seconds)."""
        for place in self._places:
            self._start(place, now_s)

    def take(self, now_s: float) -> list[Grabbed]:
        """Return the newest frames that nobody took yet; start again what is due.

        Raises:
            CameraError: the last camera at work gave up too.
        """
        taken: list[Grabbed] = []
        for number, place in enumerate(self._places):
            if place.grabber is None:
                if now_s >= place.retry_s:
                    self._start(place, now_s)
                continue
            try:
                grabbed = place.grabber.take()
                if grabbed is not None:
                    taken.append(grabbed)
                    self._works(number, place, now_s)
                elif now_s - place.heard_s > SILENT_AFTER_S and not self._is_last(place):
                    # A last camera that is silent is the agent's to judge, like any worker's.
                    raise CameraError(CameraFault.SILENT, f"no frame for {SILENT_AFTER_S:.0f} s")
            except CameraError as error:
                self._fail(number, place, error, now_s)
        return taken

    def news(self) -> list[DeviceIncident]:
        """Return what the hub should know of cameras that went or came back, once."""
        news, self._news = self._news, []
        return news

    def stop(self) -> None:
        """End all of them."""
        for place in self._places:
            if place.grabber is not None:
                place.grabber.stop()

    def _start(self, place: _Place, now_s: float) -> None:
        place.grabber, place.heard_s, place.working_since_s = place.start(), now_s, None

    def _works(self, number: int, place: _Place, now_s: float) -> None:
        place.heard_s = now_s
        if place.working_since_s is None:
            place.working_since_s = now_s
        if place.is_told and now_s - place.working_since_s >= PROVEN_AFTER_S:
            place.is_told, place.pause_s = False, FIRST_PAUSE_S
            self._tell(BACK, number, "")

    def _fail(self, number: int, place: _Place, error: CameraError, now_s: float) -> None:
        if self._is_last(place):
            raise error
        assert place.grabber is not None, "only a camera that runs can fail"
        # A thread that hangs in its driver is left behind: waiting for it would hold up the others.
        place.grabber.stop(timeout_s=0.0)
        place.grabber, place.retry_s = None, now_s + place.pause_s
        place.pause_s = min(2 * place.pause_s, LONGEST_PAUSE_S)
        if not place.is_told:
            place.is_told = True
            self._tell(LOST, number, f": {error.fault}: {error}")

    def _is_last(self, place: _Place) -> bool:
        return all(other is place or other.grabber is None for other in self._places)

    def _tell(self, what: str, number: int, detail: str) -> None:
        line = clean_detail(f"{self._door} kamera {number + 1}{detail}")
        _LOG.warning("%s: %s", what, line)
        self._news.append(DeviceIncident(what=what, detail=line))
