"""Orders of the hub to a camera that turns: which presets it has, and go there.

Carried out in a thread, one at a time: frames never wait for a camera's motor. Must not decide who
may turn it: the hub does.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from edge.ptz.port import Turning, TurningError
from edge.supervision.messages import Answered, Order
from edge.wire.messages import GoToPreset, Reply, TellPresets

# They travel as one text of the answer, and a person chooses from them.
_MOST_PRESETS = 64
_NO_ONVIF = "this camera has no ONVIF address; set onvif of the camera in edge.toml"


class TurnOrders:
    """Takes orders and has their answers later.

    Args:
        turning: the camera; None for one without ONVIF, which says so.
    """

    def __init__(self, turning: Turning | None) -> None:
        self._turning = turning
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="turning")
        self._under_way: list[tuple[int, Future[Reply]]] = []

    def order(self, order: Order) -> Answered | None:
        """Take an order; return the answer if it is known at once. Others than ours are left to others."""
        command = order.command
        if not isinstance(command, TellPresets | GoToPreset):
            return None
        name = str(type(command).__struct_config__.tag)
        if self._turning is None:
            return Answered(order.ticket, Reply(command=name, is_done=False, detail=_NO_ONVIF))
        turning = self._turning
        if isinstance(command, GoToPreset):
            token = command.token
            work = self._pool.submit(_done, name, lambda: _go(turning, token))
        else:
            work = self._pool.submit(_done, name, lambda: _told(turning))
        self._under_way.append((order.ticket, work))
        return None

    def answers(self) -> list[Answered]:
        """Return the answers that are ready now."""
        ready = [each for each in self._under_way if each[1].done()]
        self._under_way = [each for each in self._under_way if each not in ready]
        return [Answered(ticket, work.result()) for ticket, work in ready]

    def close(self) -> None:
        """Take no more; waits for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _done(name: str, act: Callable[[], dict[str, float | str | bool]]) -> Reply:
    try:
        return Reply(command=name, is_done=True, values=act())
    except TurningError as error:
        return Reply(command=name, is_done=False, detail=str(error)[:500])


def _go(turning: Turning, token: str) -> dict[str, float | str | bool]:
    turning.go_to(token)
    return {"token": token}


def _told(turning: Turning) -> dict[str, float | str | bool]:
    known = turning.presets()[:_MOST_PRESETS]
    shown = [
        {"token": each.token, "name": each.name, "has_position": each.position is not None} for each in known
    ]
    return {"presets": msgspec.json.encode(shown).decode()}
