"""The ONVIF adapter against the simulated camera, over real HTTP."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from edge.ptz.onvif import OnvifTurning
from edge.ptz.port import CameraPreset, Position, TurningError
from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.ptz.soap import Login
from tests.edge.ptz.contract import Clock, TurningContract

LOGIN = Login("operator", "kapal & layar")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[OnvifServer]:
    one = OnvifServer(SimulatedOnvif(Head(clock), now, user=LOGIN.user, password=LOGIN.password))
    yield one
    one.close()


@pytest.fixture
def camera(server: OnvifServer) -> OnvifTurning:
    return OnvifTurning(server.address, LOGIN)


class TestOnvif(TurningContract):
    """The real adapter."""


def test_presets_have_names_and_places(camera: OnvifTurning) -> None:
    presets = camera.presets()
    assert [each.name for each in presets] == ["Jalan", "Trotoar kanan", "Jauh"]
    assert presets[1] == CameraPreset("2", "Trotoar kanan", Position(0.7, -0.2, 0.3))


@pytest.mark.parametrize("ahead_s", [-86_400 * 9000, 3_600])
def test_a_camera_with_a_wrong_clock_accepts_the_digest(server: OnvifServer, ahead_s: int) -> None:
    server.service.clock_ahead = timedelta(seconds=ahead_s)
    assert OnvifTurning(server.address, LOGIN).pose().position == Position(0, 0, 0)


@pytest.mark.parametrize("login", [Login("operator", "salah"), Login("x", LOGIN.password), Login()])
def test_a_wrong_login_is_refused_with_its_remedy(server: OnvifServer, login: Login) -> None:
    with pytest.raises(TurningError, match="password_file"):
        OnvifTurning(server.address, login).pose()


def test_a_camera_that_does_not_say_whether_it_moves_is_believed_by_its_position(server: OnvifServer) -> None:
    server.service.says_moving = False
    assert OnvifTurning(server.address, LOGIN).pose().is_moving is None


def test_a_camera_that_names_no_positions_has_presets_without(server: OnvifServer) -> None:
    server.service.names_positions = False
    assert [p.position for p in OnvifTurning(server.address, LOGIN).presets()] == [None] * 3


def test_a_camera_that_does_not_turn_is_named(server: OnvifServer) -> None:
    server.service.profile = ""
    with pytest.raises(TurningError, match="no profile that turns"):
        OnvifTurning(server.address, LOGIN).pose()


def test_a_camera_that_was_set_up_anew_is_asked_from_the_beginning(
    server: OnvifServer, camera: OnvifTurning
) -> None:
    camera.pose()
    server.service.clock_ahead = timedelta(hours=7)
    with pytest.raises(TurningError):
        camera.pose()
    assert camera.pose().position is not None


class Odd(SimulatedOnvif):
    """A camera that words its answers in another way."""

    was, now_is = b"", b""

    def answer(self, payload: bytes) -> tuple[int, bytes]:
        status, body = super().answer(payload)
        return status, re.sub(self.was, self.now_is, body) if self.was else body


@pytest.fixture
def odd(clock: Clock) -> Iterator[OnvifServer]:
    one = OnvifServer(Odd(Head(clock), now))
    yield one
    one.close()


@pytest.mark.parametrize(
    ("was", "now_is", "words"),
    [
        (b"PTZStatus", b"Other", "gives no PTZ status"),
        (b"<t:PTZ>.*</t:PTZ>", b"", "offers no PTZ service"),
        (b"http://192.0.2.1/onvif/ptz_service", b"http://[::1", "offers no PTZ service"),
        (b"/onvif/media_service", b"", "offers no Media service"),
    ],
)
def test_an_answer_without_what_is_needed_is_named(
    odd: OnvifServer, was: bytes, now_is: bytes, words: str
) -> None:
    assert isinstance(odd.service, Odd)
    odd.service.was, odd.service.now_is = was, now_is
    with pytest.raises(TurningError, match=words):
        OnvifTurning(odd.address, Login()).pose()


@pytest.mark.parametrize(
    ("was", "now_is"), [(b"UTCDateTime", b"Local"), (b"<t:Year>[0-9]*", b"<t:Year>soon")]
)
def test_a_camera_that_does_not_know_the_time_is_believed_to_have_ours(
    odd: OnvifServer, was: bytes, now_is: bytes
) -> None:
    assert isinstance(odd.service, Odd)
    odd.service.was, odd.service.now_is = was, now_is
    assert OnvifTurning(odd.address, Login()).pose().position == Position(0, 0, 0)


@pytest.mark.parametrize(
    ("was", "now_is", "position"),
    [
        (rb"<t:PanTilt x[^>]*>", b"", None),
        (rb'<t:PanTilt x="[^"]*"', b'<t:PanTilt x="left"', None),
        (rb'<t:PanTilt x="[^"]*"', b'<t:PanTilt x="NaN"', None),
        (b"<t:Position>.*</t:Position>", b"", None),
        (rb"<t:Zoom x[^>]*>", b"", Position(0, 0, 0)),
    ],
)
def test_a_position_that_is_none_is_none(
    odd: OnvifServer, was: bytes, now_is: bytes, position: Position | None
) -> None:
    assert isinstance(odd.service, Odd)
    odd.service.was, odd.service.now_is = was, now_is
    assert OnvifTurning(odd.address, Login()).pose().position == position
