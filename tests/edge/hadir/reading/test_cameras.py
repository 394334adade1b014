"""Several cameras of a door: one that fails is tried again while the others go on."""

import numpy as np
import pytest

from edge.cameras.port import CameraError
from edge.hadir.reading.cameras import (
    BACK,
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    LOST,
    PROVEN_AFTER_S,
    SILENT_AFTER_S,
    DoorCameras,
)
from edge.hadir.reading.grabbing import Grabbed
from edge.wire.records.bodies import CameraFault

BROKEN = CameraError(CameraFault.REFUSED, "connection\nrefused")


class Played:
    """A grabber that the test speaks for."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.error: CameraError | None = None
        self.has_frame = False
        self.is_stopped = False

    def take(self) -> Grabbed | None:
        if self.error is not None:
            raise self.error
        if not self.has_frame:
            return None
        return Grabbed(self.number, np.zeros((4, 4), np.uint8), 0.0, 0)

    def stop(self, timeout_s: float = 2.0) -> None:
        self.is_stopped = True


class Entrance:
    """Two cameras and a clock."""

    def __init__(self, cameras: int = 2) -> None:
        self.made: list[list[Played]] = [[] for _ in range(cameras)]
        self.now_s = 100.0
        self.cameras = DoorCameras(
            door="pintu",
            start=[lambda number=number: self._make(number) for number in range(cameras)],  # type: ignore[misc,list-item]  # a default binds the number; it is played
        )
        self.cameras.begin(self.now_s)

    def _make(self, number: int) -> Played:
        self.made[number].append(Played(number))
        return self.made[number][-1]

    def of(self, number: int) -> Played:
        return self.made[number][-1]

    def pass_s(self, seconds: float) -> list[int]:
        self.now_s += seconds
        return [grabbed.camera for grabbed in self.cameras.take(self.now_s)]

    def whats(self) -> list[str]:
        return [incident.what for incident in self.cameras.news()]


def test_frames_of_all_cameras_are_taken() -> None:
    entrance = Entrance()
    entrance.of(0).has_frame = entrance.of(1).has_frame = True
    assert entrance.pass_s(0.1) == [0, 1]
    assert entrance.whats() == []


def test_one_that_fails_is_told_once_and_tried_again_ever_more_seldom() -> None:
    entrance = Entrance()
    entrance.of(0).has_frame = True
    entrance.of(1).error = BROKEN
    assert entrance.pass_s(0.5) == [0]
    (incident,) = entrance.cameras.news()
    assert (incident.what, incident.detail) == (LOST, "pintu kamera 2: refused: connection refused")
    assert entrance.of(1).is_stopped
    pauses, since_s = [], entrance.now_s
    while entrance.now_s < 500:
        entrance.pass_s(0.5)
        if len(entrance.made[1]) > len(pauses) + 1:
            pauses.append(entrance.now_s - since_s)
            entrance.of(1).error = BROKEN
            entrance.pass_s(0.0)
            since_s = entrance.now_s
    assert pauses[:5] == [FIRST_PAUSE_S, 4, 8, 16, 32]
    assert max(pauses) == LONGEST_PAUSE_S
    assert entrance.whats() == []


def test_one_that_gives_frames_for_a_while_is_back() -> None:
    entrance = Entrance()
    entrance.of(0).has_frame = True
    entrance.of(1).error = BROKEN
    entrance.pass_s(0.1)
    entrance.pass_s(FIRST_PAUSE_S)
    entrance.of(1).has_frame = True
    assert entrance.pass_s(0.1) == [0, 1]
    assert entrance.whats() == [LOST]
    entrance.pass_s(PROVEN_AFTER_S)
    assert entrance.whats() == [BACK]
    entrance.of(1).error = BROKEN
    entrance.pass_s(0.1)
    assert entrance.whats() == [LOST]


def test_one_that_says_nothing_at_all_is_lost_too() -> None:
    entrance = Entrance()
    entrance.of(0).has_frame = True
    for _ in range(4):
        entrance.pass_s(SILENT_AFTER_S / 3)
    (incident,) = entrance.cameras.news()
    assert incident.detail == "pintu kamera 2: silent: no frame for 30 s"


def test_the_door_gives_up_when_none_is_left() -> None:
    entrance = Entrance()
    entrance.of(1).error = BROKEN
    entrance.pass_s(0.1)
    entrance.of(0).error = CameraError(CameraFault.ENDED, "over")
    with pytest.raises(CameraError, match="over"):
        entrance.pass_s(0.1)
    entrance.cameras.stop()
    assert entrance.of(0).is_stopped


def test_a_single_camera_is_left_to_the_agent() -> None:
    entrance = Entrance(cameras=1)
    entrance.of(0).error = BROKEN
    with pytest.raises(CameraError):
        entrance.pass_s(0.1)


def test_a_last_camera_that_is_silent_is_left_to_the_agent() -> None:
    entrance = Entrance(cameras=1)
    assert entrance.pass_s(2 * SILENT_AFTER_S) == []
    assert entrance.whats() == []
