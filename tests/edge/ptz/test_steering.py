"""A hand on a camera: the newest wish counts, and a hand that is gone stops it."""

import threading
import time
from collections.abc import Callable

from edge.ptz.port import Speed, TurningError
from edge.ptz.steering import Steering, SteeringDesk
from edge.wire.messages import Reply, Steer


def until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 240
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Motor:
    """A camera that notes what it was told; it may be slow, or deaf."""

    def __init__(self) -> None:
        self.told: list[Speed | str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.is_deaf = False

    def move(self, speed: Speed, *, timeout_s: float) -> None:
        self.gate.wait(240)
        self.told.append(speed)
        if self.is_deaf:
            raise TurningError("the camera does not answer; check its network")

    def stop(self) -> None:
        self.told.append("stop")
        if self.is_deaf:
            raise TurningError("the camera does not answer; check its network")


LEFT, RIGHT = Speed(pan=-0.5), Speed(pan=0.5)


def test_a_wish_moves_and_no_further_wish_stops() -> None:
    motor, replies = Motor(), []
    steering = Steering(motor, name="utara", dead_man_s=0.1)
    steering.steer(LEFT, replies.append)
    until(lambda: motor.told == [LEFT, "stop"])
    assert [reply.is_done for reply in replies] == [True]
    # Standing still, nobody is asked again.
    time.sleep(0.3)
    assert motor.told == [LEFT, "stop"]
    steering.close(5)


def test_letting_go_stops_at_once_and_once() -> None:
    motor, replies = Motor(), []
    steering = Steering(motor, name="utara", dead_man_s=30)
    steering.steer(LEFT, replies.append)
    until(lambda: len(replies) == 1)
    steering.steer(Speed(), replies.append)
    until(lambda: len(replies) == 2)
    assert motor.told == [LEFT, "stop"]
    steering.close(5)
    assert motor.told == [LEFT, "stop"]


def test_while_the_motor_is_slow_the_newest_wish_counts_and_all_are_answered() -> None:
    motor, replies = Motor(), []
    motor.gate.clear()
    steering = Steering(motor, name="utara", dead_man_s=30)
    steering.steer(LEFT, replies.append)
    time.sleep(0.05)
    for _ in range(5):
        steering.steer(RIGHT, replies.append)
    motor.gate.set()
    until(lambda: len(replies) == 6)
    assert motor.told == [LEFT, RIGHT]
    steering.close(5)
    assert motor.told[-1] == "stop", "a device that ends leaves no camera turning"


def test_a_deaf_camera_is_told_in_words_and_stopped_all_the_same() -> None:
    motor, replies = Motor(), []
    motor.is_deaf = True
    steering = Steering(motor, name="utara", dead_man_s=0.05)
    steering.steer(LEFT, replies.append)
    until(lambda: motor.told == [LEFT, "stop"])
    assert not replies[0].is_done
    assert "check its network" in replies[0].detail
    steering.close(5)


def test_a_desk_knows_which_camera_turns() -> None:
    motor, replies = Motor(), []
    desk = SteeringDesk({"utara": motor, "selatan": None})
    desk.take(Steer(camera="selatan", pan=1), replies.append)
    desk.take(Steer(camera="hantu"), replies.append)
    assert [reply.is_done for reply in replies] == [False, False]
    assert "set its onvif address" in replies[0].detail
    desk.take(Steer(camera="utara", zoom=1), replies.append)
    until(lambda: len(replies) == 3)
    assert motor.told == [Speed(zoom=1)]
    desk.close(5)
    assert replies[2] == Reply(command="steer", is_done=True)
