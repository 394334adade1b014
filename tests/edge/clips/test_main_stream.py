"""The main stream: read and not decoded, and its trouble stays its own."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from edge.cameras.sources.rtsp import rtsp_opening
from edge.clips.main_stream import MainStream
from edge.clips.ring import KeptPacket, StreamShape
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from tests.mosquitto import free_port


class Noted:
    """A tap that only notes."""

    def __init__(self) -> None:
        self.shapes: list[StreamShape] = []
        self.packets: list[KeptPacket] = []
        self.fails = False

    def begins(self, shape: StreamShape) -> None:
        self.shapes.append(shape)

    def feed(self, packet: KeptPacket) -> None:
        if self.fails:
            raise RuntimeError("a tap that stumbles")
        self.packets.append(packet)


def wait_for(is_true: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + 240
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


@pytest.fixture
def tap() -> Noted:
    return Noted()


@pytest.fixture
def read(tap: Noted) -> Iterator[Callable[[str], MainStream]]:
    streams: list[MainStream] = []

    def start(address: str) -> MainStream:
        streams.append(MainStream(opening=rtsp_opening(address), tap=tap, first_wait_s=0.1))
        streams[-1].start()
        return streams[-1]

    yield start
    for stream in streams:
        stream.stop(10)


def test_packets_come_as_they_are_sent(tap: Noted, read: Callable[[str], MainStream]) -> None:
    camera = RtspCameraSimulator(film=street_film(width=160, height=96))
    with running(camera):
        stream = read(camera.address)
        wait_for(lambda: len(tap.packets) > 25)
        stream.stop(10)
        assert "main-stream" not in {thread.name for thread in threading.enumerate()}
    assert [shape.codec for shape in tap.shapes] == ["h264"]
    assert tap.packets[0].is_key
    assert sum(packet.is_key for packet in tap.packets) >= 2
    assert all(later.at_s >= earlier.at_s for earlier, later in itertools.pairwise(tap.packets))


def test_a_camera_that_closes_is_opened_again_and_said_once(
    tap: Noted, read: Callable[[str], MainStream], caplog: pytest.LogCaptureFixture
) -> None:
    camera = RtspCameraSimulator(film=street_film(width=160, height=96), fault=Fault.DROP, after_s=0.5)
    with running(camera):
        read(camera.address)
        wait_for(lambda: len(tap.shapes) >= 2)
    assert "the analysis goes on" in caplog.text


def test_a_camera_that_is_not_there_is_said_once(
    tap: Noted, read: Callable[[str], MainStream], caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[float] = []
    address = f"rtsp://user:secret@127.0.0.1:{free_port()}/main"
    opening = rtsp_opening(address)

    def counted() -> object:
        attempts.append(time.monotonic())
        return opening()

    stream = MainStream(opening=counted, tap=tap, first_wait_s=0.05)  # type: ignore[arg-type]  # counts too
    stream.start()
    wait_for(lambda: len(attempts) >= 3)
    stream.stop(10)
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


def test_an_error_of_our_own_ends_no_thread(
    tap: Noted, read: Callable[[str], MainStream], caplog: pytest.LogCaptureFixture
) -> None:
    tap.fails = True
    camera = RtspCameraSimulator(film=street_film(width=160, height=96))
    with running(camera):
        read(camera.address)
        wait_for(lambda: "the main stream stumbled" in caplog.text)
        tap.fails = False
        wait_for(lambda: tap.packets)
