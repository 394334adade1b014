"""Orders of the hub to a camera that turns."""

import json
import time

import pytest

from edge.ptz.building import Unreachable
from edge.ptz.orders import TurnOrders
from edge.ptz.simulated.head import Head
from edge.supervision.messages import Answered, Order
from edge.wire.messages import GoToPreset, TakeStill, TellPresets
from tests.edge.ptz.contract import Clock


def answer_of(orders: TurnOrders) -> Answered:
    deadline_s = time.monotonic() + 240
    while time.monotonic() < deadline_s:
        for answered in orders.answers():
            return answered
        time.sleep(0.005)
    return pytest.fail("no answer came")


def test_presets_are_told_with_their_names() -> None:
    orders = TurnOrders(Head(Clock()))
    assert orders.order(Order(TellPresets(camera="utara"), 5)) is None
    answered = answer_of(orders)
    assert (answered.ticket, answered.reply.is_done) == (5, True)
    presets = json.loads(str(answered.reply.values["presets"]))
    assert presets[1] == {"token": "2", "name": "Trotoar kanan", "has_position": True}
    assert orders.answers() == []
    orders.close()


def test_the_camera_turns_when_it_is_told() -> None:
    head = Head(Clock())
    orders = TurnOrders(head)
    orders.order(Order(GoToPreset(camera="utara", token="2"), 6))
    assert answer_of(orders).reply.values == {"token": "2"}
    assert head.pose().is_moving


@pytest.mark.parametrize("command", [GoToPreset(camera="utara", token="9"), TellPresets(camera="utara")])
def test_what_the_camera_refuses_is_answered_with_its_reason(command: GoToPreset | TellPresets) -> None:
    turning = Head(Clock()) if isinstance(command, GoToPreset) else Unreachable("ONVIF is off")
    orders = TurnOrders(turning)
    orders.order(Order(command, 7))
    reply = answer_of(orders).reply
    assert not reply.is_done
    assert "no preset" in reply.detail or "ONVIF is off" in reply.detail


def test_a_camera_without_onvif_says_so_at_once_and_other_orders_are_left_to_others() -> None:
    orders = TurnOrders(None)
    answered = orders.order(Order(TellPresets(camera="utara"), 8))
    assert answered is not None
    assert "set onvif" in answered.reply.detail
    assert orders.order(Order(TakeStill(camera="utara"))) is None
