"""One camera in a thread: only its newest frame waits."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from edge.cameras.port import Bgr, CameraError, Frame
from edge.hadir.reading.grabbing import Grabber
from edge.wire.records.bodies import CameraFault


class Played:
    """A camera that plays frames when the test lets it."""

    def __init__(self, steps: Sequence[int | Exception], go: threading.Semaphore) -> None:
        self.steps = steps
        self.go = go
        self.is_closed = False

    def open(self) -> None:
        return

    def frames(self) -> Iterator[Frame]:
        shared = np.zeros((4, 4), np.uint8)  # a buffer that the next frame overwrites
        for seq, step in enumerate(self.steps):
            self.go.acquire()
            if isinstance(step, Exception):
                raise step
            shared[:] = step
            yield Frame(shared, seq / 15, seq, is_key=True)

    def picture(self) -> Bgr:
        raise NotImplementedError

    def close(self) -> None:
        self.is_closed = True


def wait_until(is_done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 240
    while not is_done():
        assert time.monotonic() < deadline_s, "nothing happened for 30 s"
        time.sleep(0.002)


def grabber_of(*steps: int | Exception) -> tuple[Grabber, Played, threading.Semaphore, list[str]]:
    go, wakes = threading.Semaphore(0), list[str]()
    camera = Played(steps, go)
    grabber = Grabber(number=0, camera=camera, wake=lambda: wakes.append("wake"))
    grabber.start()
    return grabber, camera, go, wakes


def test_a_frame_is_given_once_and_is_ours_to_keep() -> None:
    grabber, _, go, wakes = grabber_of(1, 2, 3)
    go.release()
    wait_until(lambda: len(wakes) == 1)
    first = grabber.take()
    assert first is not None
    assert grabber.take() is None
    go.release()
    wait_until(lambda: len(wakes) == 2)
    assert first.luma[0, 0] == 1, "the camera overwrote its buffer, not our frame"
    go.release(2)
    grabber.stop()


def test_a_slow_reader_gets_the_newest_frame_and_one_wake() -> None:
    grabber, camera, go, wakes = grabber_of(1, 2, 3, CameraError(CameraFault.SILENT, "silent"))
    go.release(3)
    wait_until(lambda: grabber._newest is not None and grabber._newest.seq == 2)
    assert wakes == ["wake"]
    newest = grabber.take()
    assert newest is not None
    assert (newest.luma[0, 0], newest.seq) == (3, 2)
    go.release()
    wait_until(lambda: camera.is_closed)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([CameraError(CameraFault.SILENT, "silent")], CameraFault.SILENT),
        ([RuntimeError("driver")], CameraFault.FAILED),
        ([], CameraFault.ENDED),
    ],
)
def test_why_a_camera_gave_up_is_told_on_the_next_look(steps: list[Exception], fault: CameraFault) -> None:
    grabber, camera, go, wakes = grabber_of(*steps)
    go.release()
    wait_until(lambda: bool(wakes))
    with pytest.raises(CameraError) as given_up:
        grabber.take()
    assert given_up.value.fault is fault
    wait_until(lambda: camera.is_closed)


def test_a_stopped_grabber_closes_its_camera() -> None:
    grabber, camera, go, wakes = grabber_of(1, 2)
    go.release()
    wait_until(lambda: bool(wakes))
    go.release()
    grabber.stop()
    assert camera.is_closed
