"""RTSP stages against the simulated camera and against servers that lie."""

import socket
from collections.abc import Iterator

import pytest

from edge.health.probing.rtsp_stages import RtspStage, RtspTarget, rtsp_stage
from provisioning.simulators.film import Film, street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from provisioning.simulators.rtsp_protocol import Login
from tests.edge.health.twins import talker


@pytest.fixture(scope="module")
def film() -> Film:
    return street_film(width=64, height=48, fps=5)


@pytest.fixture
def camera(film: Film) -> Iterator[RtspCameraSimulator]:
    with running(RtspCameraSimulator(film=film, login=Login("admin", "rahasia"))) as one:
        yield one


def stage(port: int, password: str = "", user: str = "admin", *, timeout_s: float = 60.0) -> RtspStage:
    return rtsp_stage(RtspTarget("127.0.0.1", port, "/live", user, password), timeout_s=timeout_s)


def test_a_healthy_camera_describes_its_stream(camera: RtspCameraSimulator) -> None:
    assert stage(camera.port, "rahasia") is RtspStage.DESCRIBES


@pytest.mark.parametrize(("user", "password"), [("admin", "salah"), ("", "")])
def test_a_wrong_or_missing_password_is_unauthorised(
    camera: RtspCameraSimulator, user: str, password: str
) -> None:
    assert stage(camera.port, password, user) is RtspStage.UNAUTHORISED


def test_a_mute_camera_takes_the_connection_and_says_nothing(film: Film) -> None:
    with running(RtspCameraSimulator(film=film, fault=Fault.MUTE)) as camera:
        assert stage(camera.port, timeout_s=1.0) is RtspStage.MUTE


def test_a_closed_port_is_refused_and_the_host_alive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert stage(port) is RtspStage.REFUSED
    assert RtspStage.REFUSED.is_host_alive
    assert not RtspStage.UNREACHABLE.is_host_alive


def test_an_address_that_cannot_be_had_is_unreachable() -> None:
    assert rtsp_stage(RtspTarget("256.0.0.1", 554, "/"), timeout_s=0.2) is RtspStage.UNREACHABLE


OK = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
BASIC = b'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
SDP = b"RTSP/1.0 200 OK\r\nContent-Length: 21\r\n\r\nv=0\r\nm=video 0 RTP/A"
SOUND = b"RTSP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nm=audio 0 RT"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((OK, SDP + b"V"), RtspStage.DESCRIBES),
        ((OK, BASIC, SDP + b"V"), RtspStage.DESCRIBES),
        ((OK, SOUND), RtspStage.NO_STREAM),
        ((OK, b"RTSP/1.0 404 Not Found\r\n\r\n"), RtspStage.NO_STREAM),
        ((OK, b"RTSP/1.0 403 Forbidden\r\n\r\n"), RtspStage.UNAUTHORISED),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), RtspStage.NOT_RTSP),
        ((OK, b"RTSP/1.0 what\r\n\r\n"), RtspStage.NOT_RTSP),
        ((b"RTSP/1.0\r\n\r\n",), RtspStage.NOT_RTSP),
        ((OK, SDP[:-4]), RtspStage.MUTE),
        ((b"RTSP/1.0 200 OK\r\nX: " + b"y" * 100_000,), RtspStage.MUTE),
        ((OK, b"RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n"), RtspStage.NO_STREAM),
    ],
)
def test_a_server_that_lies_is_named(answers: tuple[bytes, ...], expected: RtspStage) -> None:
    with talker(*answers) as port:
        assert stage(port, "x") is expected


def test_a_password_is_in_no_representation() -> None:
    assert "rahasia" not in repr(RtspTarget("h", 554, "/", "admin", "rahasia"))
