"""What a worker's trouble looks like in the records: one when it begins or changes, one when it ends.

A camera that is unplugged for a month is restarted tens of thousands of times and recorded once.
Pure: events in, bodies out.
"""

from edge.supervision.happenings import Lost, Progressed
from edge.supervision.pipe_codec import clean_detail
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import Body, CameraFault, CameraIntegrity, DeviceIncident, PictureState

# How long a recovered camera may take to say itself what its picture is like.
OWN_WORD_S = 5.0


class Troubles:
    """Remembers what was last said of each worker."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: dict[str, CameraFault] = {}
        self._recovering: dict[str, float] = {}

    def lost(self, event: Lost) -> Body | None:
        """Return what to record of a loss, or None when it was said before."""
        self._recovering.pop(event.worker, None)
        if self._said.get(event.worker) is event.fault:
            return None
        self._said[event.worker] = event.fault
        detail = clean_detail(event.detail)
        if event.kind is WorkerKind.CAMERA:
            return CameraIntegrity(
                camera=event.worker,
                picture=PictureState.ABSENT,
                fault=event.fault,
                detail=detail,
                restarts=event.restarts,
            )
        return DeviceIncident(
            what=f"{event.kind}-lost", detail=f"{_name(event)}: {event.fault}: {detail}"[:500]
        )

    def progressed(self, event: Progressed, now_s: float) -> Body | None:
        """Return what to record of a recovery; a camera's waits for :meth:`due`."""
        if event.worker not in self._said:
            return None
        if event.kind is WorkerKind.CAMERA:
            self._recovering[event.worker] = now_s + OWN_WORD_S
            return None
        del self._said[event.worker]
        return DeviceIncident(what=f"{event.kind}-back", detail=_name(event))

    def heard(self, worker: str, body: Body) -> None:
        """Note that a camera spoke of its picture itself: then nobody speaks for it."""
        if not isinstance(body, CameraIntegrity):
            return
        self._recovering.pop(worker, None)
        if body.picture is PictureState.ABSENT:
            self._said[worker] = body.fault
        else:
            self._said.pop(worker, None)

    def due(self, now_s: float) -> list[Body]:
        """Return the recoveries of cameras that said nothing of their own in time."""
        ready = [worker for worker, due_s in self._recovering.items() if now_s >= due_s]
        for worker in ready:
            del self._recovering[worker], self._said[worker]
        return [CameraIntegrity(camera=worker, picture=PictureState.GOOD) for worker in ready]


def _name(event: Lost | Progressed) -> str:
    return "all sensors" if event.kind is WorkerKind.SENSORS else event.worker
