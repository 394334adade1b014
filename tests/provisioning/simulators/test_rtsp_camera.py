"""The simulated camera, seen by FFmpeg itself."""

import socket
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from av.error import FFmpegError

from provisioning.simulators.film import Film, street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from provisioning.simulators.rtsp_protocol import Login

ROOT = Path(__file__).parents[3]
TIMEOUT_S = 240.0


@pytest.fixture(scope="module")
def film() -> Film:
    return street_film(width=160, height=96, fps=25, seconds=2)


def watched(address: str, frames: int) -> list[np.ndarray]:
    seen: list[np.ndarray] = []
    options = {"rtsp_transport": "tcp", "analyzeduration": "100000"}
    with av.open(address, options=options, timeout=TIMEOUT_S) as container:
        for frame in container.decode(video=0):
            seen.append(frame.to_ndarray(format="gray"))
            if len(seen) == frames:
                break
    return seen


def test_a_player_sees_the_street_move(film: Film) -> None:
    with running(RtspCameraSimulator(film=film)) as camera:
        seen = watched(camera.address, 30)
    assert len(seen) == 30
    assert seen[0].shape == (96, 160)
    assert not np.array_equal(seen[10], seen[20])


def test_clients_are_counted_and_forgotten(film: Film) -> None:
    with running(RtspCameraSimulator(film=film)) as camera:
        assert camera.clients == 0
        with socket.create_connection((camera.host, camera.port)) as first:
            first.sendall(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")
            assert b"200 OK" in first.recv(1000)
            assert camera.clients == 1
            first.sendall(b"nonsense\r\n\r\n")
            assert first.recv(1000) == b""
        watched(camera.address, 2)


def test_reports_of_the_player_are_passed_over(film: Film) -> None:
    with (
        running(RtspCameraSimulator(film=film)) as camera,
        socket.create_connection((camera.host, camera.port)) as client,
    ):
        client.sendall(b"$\x01\x00\x04abcdOPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n")
        assert b"CSeq: 9" in client.recv(1000)


def test_a_request_without_end_is_refused(film: Film) -> None:
    with (
        running(RtspCameraSimulator(film=film)) as camera,
        socket.create_connection((camera.host, camera.port)) as client,
    ):
        client.settimeout(TIMEOUT_S)
        client.sendall(b"OPTIONS * RTSP/1.0\r\nX: " + b"x" * 9000 + b"\r\n\r\n")
        assert client.recv(1000) == b""


def test_the_fault_begins_when_it_is_told_to(film: Film) -> None:
    with running(RtspCameraSimulator(film=film, fault=Fault.BLACK, after_s=0.4)) as camera:
        seen = watched(camera.address, 40)
    assert seen[0].mean() > 50
    assert seen[-1].mean() < 20


def test_a_fault_can_be_switched_on_while_it_runs(film: Film) -> None:
    with running(RtspCameraSimulator(film=film)) as camera:
        assert watched(camera.address, 2)
        camera.fault = Fault.WRONG_PASSWORD
        with pytest.raises(FFmpegError, match="401 Unauthorized"):
            watched(camera.address, 2)


def test_the_login_is_asked_for(film: Film) -> None:
    with running(RtspCameraSimulator(film=film, login=Login("admin", "pw"))) as camera:
        assert camera.address.startswith("rtsp://admin@")
        assert len(watched(camera.address.replace("admin@", "admin:pw@"), 3)) == 3
        with pytest.raises(FFmpegError):
            watched(camera.address, 3)


def test_the_port_must_be_free(film: Film) -> None:
    with running(RtspCameraSimulator(film=film)) as camera:
        second = RtspCameraSimulator(film=film, port=camera.port)
        with pytest.raises(OSError, match="in use"), running(second):
            pass


def test_it_runs_as_a_program() -> None:
    program = Path(sys.executable).with_name("pontive-provision")
    command = [str(program), "simulate", "camera", "--port", "0", "--fault", "black"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "fault: black" in line
            assert watched(line.split()[0], 5)[-1].mean() < 20
        finally:
            process.terminate()
