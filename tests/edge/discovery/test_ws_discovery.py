"""WS-Discovery against the simulated camera, by address and by multicast on loopback."""

import socket
from collections.abc import Iterator

import pytest

from edge.discovery.ws_discovery import GROUP, OnvifCamera, camera_of, find_onvif_cameras, probe
from provisioning.simulators.onvif_camera import OnvifCameraSimulator, running

MINE = "uuid:1"


@pytest.fixture
def camera() -> Iterator[OnvifCameraSimulator]:
    with running(OnvifCameraSimulator(name="Simpang Jawi", hardware="DS-2CD")) as one:
        yield one


EXPECTED = OnvifCamera("127.0.0.1", ("http://127.0.0.1/onvif/device_service",), "Simpang Jawi", "DS-2CD")


@pytest.mark.parametrize("host", ["127.0.0.1", GROUP])
def test_a_camera_answers_who_it_is(camera: OnvifCameraSimulator, host: str) -> None:
    found = find_onvif_cameras(wait_s=1.0, interface="127.0.0.1", destination=(host, camera.port))
    assert found == (EXPECTED,)


def test_nobody_there_is_an_empty_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        found = find_onvif_cameras(
            wait_s=0.05, interface="127.0.0.1", destination=("127.0.0.1", mute.getsockname()[1])
        )
    assert found == ()


def test_an_interface_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError):  # noqa: PT011 - the system words it
        find_onvif_cameras(wait_s=0.05, interface="192.0.2.200")


def answer() -> bytes:
    made = OnvifCameraSimulator(name="Simpang Jawi", hardware="DS-2CD").answer(probe(MINE))
    assert made is not None
    return made


def test_an_answer_is_read_and_strange_letters_are_dropped() -> None:
    assert camera_of(answer(), address="127.0.0.1", message_id=MINE) == EXPECTED
    odd = answer().replace(b"Simpang%20Jawi", b"a%00%1b%5B31mb" + b"x" * 500)
    found = camera_of(odd, address="127.0.0.1", message_id=MINE)
    assert found is not None
    assert found.name.startswith("a[31mbx")
    assert len(found.name) == 200


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<a",
        b"\xff\xfe\x00",
        b"<a/>",
        answer().replace(b"uuid:1<", b"uuid:2<"),
        answer().replace(b"ProbeMatches>", b"Other>"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + answer().partition(b"?>")[2],
        b'<?xml version="1.0" encoding="klingon"?><a/>',
    ],
)
def test_what_is_no_answer_to_us_is_passed_over(payload: bytes) -> None:
    assert camera_of(payload, address="127.0.0.1", message_id=MINE) is None


def test_the_simulator_answers_questions_for_cameras_only() -> None:
    camera = OnvifCameraSimulator()
    assert camera.answer(b"noise") is None
    assert camera.answer(probe(MINE).replace(b"NetworkVideoTransmitter", b"Printer")) is None
