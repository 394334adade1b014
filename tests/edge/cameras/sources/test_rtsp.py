"""RTSP cameras, against a real server on loopback with every fault it has."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av.logging
import numpy as np
import pytest

from edge.cameras.port import CameraError
from edge.cameras.sources import decoding
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.rtsp import rtsp_camera
from edge.wire.records.bodies import CameraFault
from provisioning.simulators.film import Film, street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from provisioning.simulators.rtsp_protocol import Login
from tests.edge.cameras.contract import CameraContract, take

PASSWORD = "s3cret/canary"
# Far more than any of these needs; a hang would otherwise last for ever.
DEADLINE_S = 240.0


@pytest.fixture(scope="module")
def film() -> Film:
    return street_film(width=160, height=96, fps=25, seconds=2)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPEN_TIMEOUT_S", "READ_TIMEOUT_S", "NO_PICTURE_S"):
        monkeypatch.setattr(decoding, name, 1.0)


@contextmanager
def watching(film: Film, fault: Fault = Fault.NONE, *, after_s: float = 0.5) -> Iterator[ContainerCamera]:
    with running(RtspCameraSimulator(film=film, fault=fault, after_s=after_s)) as simulator:
        camera = rtsp_camera(simulator.address)
        try:
            yield camera
        finally:
            camera.close()


def fault_of(camera: ContainerCamera, frames: int = 500) -> CameraFault:
    began_s = time.monotonic()
    with pytest.raises(CameraError) as caught:  # noqa: PT012 - either step may find it
        camera.open()
        take(camera, frames)
    assert time.monotonic() - began_s < DEADLINE_S
    return caught.value.fault


class TestRtspKeepsTheContract(CameraContract):
    @pytest.fixture
    def camera(self, film: Film) -> Iterator[ContainerCamera]:
        with watching(film) as camera:
            yield camera


def test_the_timeouts_are_set_and_short() -> None:
    assert 0 < decoding.OPEN_TIMEOUT_S <= 5
    assert 0 < decoding.READ_TIMEOUT_S <= 5


def test_several_clients_watch_at_the_same_time(film: Film) -> None:
    with running(RtspCameraSimulator(film=film)) as simulator:
        cameras = [rtsp_camera(simulator.address) for _ in range(3)]
        for camera in cameras:
            camera.open()
        assert [len(take(camera, 5)) for camera in cameras] == [5, 5, 5]
        for camera in cameras:
            camera.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.SILENCE, CameraFault.SILENT),
        (Fault.DRIBBLE, CameraFault.SILENT),
        (Fault.MUTE, CameraFault.SILENT),
        (Fault.DROP, CameraFault.ENDED),
        (Fault.NO_KEY_FRAMES, CameraFault.NOT_VIDEO),
        (Fault.NOISE, CameraFault.NOT_VIDEO),
        (Fault.OTHER_CODEC, CameraFault.NOT_VIDEO),
        (Fault.GARBAGE, CameraFault.SILENT),
        (Fault.WRONG_PASSWORD, CameraFault.UNAUTHORISED),
    ],
)
def test_a_broken_camera_is_told_by_its_fault(film: Film, fault: Fault, expected: CameraFault) -> None:
    with watching(film, fault) as camera:
        assert fault_of(camera) is expected


def test_nobody_on_the_port_is_refused() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        camera = rtsp_camera(f"rtsp://127.0.0.1:{unused.getsockname()[1]}/live")
        assert fault_of(camera) is CameraFault.REFUSED


def test_a_host_that_does_not_exist_is_not_found() -> None:
    assert fault_of(rtsp_camera("rtsp://no-such-camera.invalid/live")) is CameraFault.NOT_FOUND


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 2000000000\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n" * 50,
        b"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\n"
        b"Content-Length: 9\r\n\r\nv=0\r\nm=??",
        b"\x00" * 4000,
    ],
    ids=["http", "endless body", "hollow", "leads to a file", "bad description", "zeros"],
)
def test_a_server_that_lies_is_a_fault_in_bounded_time(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        camera = rtsp_camera(f"rtsp://127.0.0.1:{server.getsockname()[1]}/live")
        with _answering(server, answer):
            assert fault_of(camera) is not CameraFault.NONE


def test_a_camera_that_sends_us_to_another_machine_is_not_followed(film: Film) -> None:
    inner = RtspCameraSimulator(film=film, host="127.0.0.2")
    # The servers' own ends are in this process too and lead to 127.0.0.1, so the camera is not there.
    with running(inner), socket.create_server(("127.0.0.3", 0)) as server:
        answer = f"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: {inner.address}\r\n\r\n".encode()
        address = f"rtsp://127.0.0.3:{server.getsockname()[1]}/live"
        with _answering(server, answer):
            camera = rtsp_camera(address)
            assert fault_of(camera, 1) is CameraFault.REFUSED
            with pytest.raises(CameraError, match="another machine"):
                camera.open()


def test_a_camera_may_send_us_to_another_port_of_its_own(film: Film) -> None:
    inner = RtspCameraSimulator(film=film)
    with running(inner), socket.create_server(("127.0.0.1", 0)) as server:
        answer = f"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: {inner.address}\r\n\r\n".encode()
        with _answering(server, answer):
            camera = rtsp_camera(f"rtsp://localhost:{server.getsockname()[1]}/live")
            camera.open()
            assert len(take(camera, 2)) == 2
            camera.close()


@contextmanager
def _answering(server: socket.socket, answer: bytes) -> Iterator[None]:
    def serve() -> None:
        try:
            while True:
                client, _ = server.accept()
                with client:
                    while client.recv(4096):
                        client.sendall(answer)
        except OSError:
            return  # the test is over

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(timeout=DEADLINE_S)


def test_digest_login_with_the_password_of_a_file(film: Film, tmp_path: Path) -> None:
    password_file = tmp_path / "password"
    password_file.write_text(PASSWORD + "\n")
    with running(RtspCameraSimulator(film=film, login=Login("admin", PASSWORD))) as simulator:
        camera = rtsp_camera(simulator.address, password_file=str(password_file))
        camera.open()
        assert len(take(camera, 3)) == 3
        camera.close()


def test_the_password_is_in_no_log_error_or_attribute(
    film: Film, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    password_file = tmp_path / "password"
    password_file.write_text("wrong-canary")
    caplog.set_level(logging.DEBUG)
    av.logging.set_level(av.logging.DEBUG)
    try:
        with running(RtspCameraSimulator(film=film, login=Login("admin", PASSWORD))) as simulator:
            camera = rtsp_camera(simulator.address, password_file=str(password_file))
            with pytest.raises(CameraError) as caught:
                camera.open()
    finally:
        av.logging.set_level(None)
    assert caught.value.fault is CameraFault.UNAUTHORISED
    assert caught.value.__suppress_context__
    # FFmpeg's own words are not ours to log: what it says at debug level stays off by default.
    ours = [record for record in caplog.records if record.name.startswith("edge.")]
    told = str(caught.value) + repr(vars(camera)) + "".join(record.getMessage() for record in ours)
    assert "canary" not in told
    out, err = capfd.readouterr()
    assert "canary" not in out + err


def test_a_camera_whose_clock_is_set_back_goes_on(film: Film) -> None:
    with watching(film, Fault.CLOCK_JUMP, after_s=0.4) as camera:
        camera.open()
        frames = take(camera, 40)
    times = [frame.pts_s for frame in frames]
    assert times == sorted(set(times))
    assert times[-1] - times[0] < 10
    assert [frame.seq for frame in frames] == list(range(40))


def test_a_picture_that_changes_its_size_goes_on(film: Film) -> None:
    with watching(film, Fault.RESIZE, after_s=0.4) as camera:
        camera.open()
        shapes = [frame.luma.shape for frame in take(camera, 40)]
    assert shapes[0] == (96, 160)
    assert shapes[-1] == (48, 80)


def test_a_description_that_is_all_wrong_does_not_matter_when_the_pictures_are_right(film: Film) -> None:
    with watching(film, Fault.WRONG_DESCRIPTION) as camera:
        camera.open()
        frames = take(camera, 20)
    assert {frame.luma.shape for frame in frames} == {(96, 160)}
    assert frames[-1].pts_s - frames[0].pts_s < 5


def test_after_a_change_of_codec_the_camera_can_be_opened_again(film: Film, impatient: None) -> None:
    with running(RtspCameraSimulator(film=film, fault=Fault.OTHER_CODEC, after_s=0.2)) as simulator:
        camera = rtsp_camera(simulator.address)
        assert fault_of(camera) is CameraFault.NOT_VIDEO
        simulator.fault = Fault.NONE
        camera.open()
        assert not any(frame.is_damaged for frame in take(camera, 5))
        camera.close()


def test_damaged_pictures_say_so(film: Film) -> None:
    with watching(film, Fault.GARBLE, after_s=0.4) as camera:
        camera.open()
        damaged = [frame.is_damaged for frame in take(camera, 50)]
    assert not any(damaged[:8])
    assert any(damaged)


def test_damage_between_key_frames_does_not_end_the_stream(film: Film) -> None:
    with watching(film, Fault.GARBLE, after_s=0.0) as camera:
        camera.open()
        assert len(take(camera, 60)) == 60


@pytest.mark.parametrize(("fault", "is_dark"), [(Fault.BLACK, True), (Fault.FREEZE, False)])
def test_a_black_or_frozen_picture_is_a_picture(film: Film, fault: Fault, is_dark: bool) -> None:
    with watching(film, fault, after_s=0.0) as camera:
        camera.open()
        frames = take(camera, 30)
    assert bool(frames[-1].luma.mean() < 20) is is_dark
    if fault is Fault.FREEZE:
        assert np.array_equal(frames[-1].luma, frames[-2].luma)


def test_after_a_fault_the_same_camera_can_be_opened_again(film: Film) -> None:
    with running(RtspCameraSimulator(film=film, fault=Fault.DROP, after_s=0.2)) as simulator:
        camera = rtsp_camera(simulator.address)
        assert fault_of(camera) is CameraFault.ENDED
        simulator.fault = Fault.NONE
        camera.open()
        assert len(take(camera, 5)) == 5
        camera.close()
