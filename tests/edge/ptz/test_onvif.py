"""The ONVIF adapter against the simulated camera, over real HTTP."""

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
