"""Motion JPEG over HTTP, against a real server on loopback."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import av
import pytest

from edge.cameras.port import CameraError
from edge.cameras.sources import decoding
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.mjpeg import mjpeg_camera
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.conftest import VideoMaker
from tests.edge.cameras.contract import CameraContract, take


class Handler(BaseHTTPRequestHandler):
    pictures: ClassVar[list[bytes]] = []
    frames: ClassVar[int] = 200
    stays_silent: ClassVar[threading.Event | None] = None
    status: ClassVar[tuple[int, dict[str, str]]] = (200, {})

    def do_GET(self) -> None:
        status, headers = self.status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        if status != 200:
            return
        try:
            self._show()
        except (BrokenPipeError, ConnectionResetError):
            return  # the client went away

    def _show(self) -> None:
        for number in range(self.frames):
            picture = self.pictures[number % len(self.pictures)]
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            self.wfile.write(head.encode() + picture + b"\r\n")
        if self.stays_silent is not None:
            self.stays_silent.wait(timeout=30)

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients that went away


@pytest.fixture
def pictures(make_video: VideoMaker) -> list[bytes]:
    with av.open(str(make_video("a.mkv", codec="mjpeg", pixels="yuvj420p"))) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


Serve = Callable[..., "contextmanager[str]"]


@contextmanager
def serving(pictures: list[bytes], **attributes: object) -> Iterator[str]:
    handler = type("ThisHandler", (Handler,), {"pictures": pictures, **attributes})
    server = Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/video"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestMjpegKeepsTheContract(CameraContract):
    @pytest.fixture
    def camera(self, pictures: list[bytes]) -> Iterator[ContainerCamera]:
        with serving(pictures) as address:
            camera = mjpeg_camera(address)
            yield camera
            camera.close()


def fault_of(camera: ContainerCamera) -> CameraFault:
    with pytest.raises(CameraError) as caught:  # noqa: PT012 - either step may find it
        camera.open()
        take(camera, 1000)
    camera.close()
    return caught.value.fault


def test_a_server_that_closes_has_ended(pictures: list[bytes]) -> None:
    with serving(pictures, frames=20) as address:
        assert fault_of(mjpeg_camera(address)) is CameraFault.ENDED


def test_a_server_that_falls_silent_is_silent(pictures: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "READ_TIMEOUT_S", 1.0)
    over = threading.Event()
    with serving(pictures, frames=30, stays_silent=over) as address:
        assert fault_of(mjpeg_camera(address)) is CameraFault.SILENT
        over.set()


@pytest.mark.parametrize(
    ("status", "fault"),
    [(401, CameraFault.UNAUTHORISED), (403, CameraFault.UNAUTHORISED), (404, CameraFault.NOT_FOUND)],
)
def test_a_refusal_is_told_by_its_fault(pictures: list[bytes], status: int, fault: CameraFault) -> None:
    with serving(pictures, status=(status, {})) as address:
        assert fault_of(mjpeg_camera(address)) is fault


@pytest.mark.parametrize("place", ["file:///etc/hostname", "http://127.0.0.1:1/other"])
def test_it_is_not_led_elsewhere(pictures: list[bytes], place: str) -> None:
    with serving(pictures, status=(302, {"Location": place})) as address:
        assert fault_of(mjpeg_camera(address)) is not CameraFault.NONE


def test_a_web_page_is_no_video(pictures: list[bytes]) -> None:
    with serving([b"<html>hello</html>" * 200]) as address:
        assert fault_of(mjpeg_camera(address)) is CameraFault.NOT_VIDEO
