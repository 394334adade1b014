"""Chores: each in its time, and none of them stops the rest."""

from functools import partial

import pytest

from hub.ingest.chores import LONGEST_TURN_S, LONGEST_WAIT_S, MOST_SHARE, Chore, Chores


def test_a_chore_is_done_at_its_interval_or_again_at_once_when_it_has_more() -> None:
    done: list[float] = []
    more = [True, False, False]

    def act() -> bool:
        done.append(now_s)
        return more.pop(0)

    chores = Chores([Chore("sealing", every_s=10, act=act)])
    for now_s in (0.0, 1.0, 2.0, 10.9, 11.0):
        chores.turn(now_s=now_s, is_idle=True)
    assert done == [0.0, 1.0, 11.0]


def test_a_chore_for_idle_hours_waits_for_them() -> None:
    done: list[str] = []
    chores = Chores([Chore("sealing", every_s=0, act=lambda: done.append("x"), is_for_idle=True)])
    chores.turn(now_s=0, is_idle=False)
    assert done == []
    chores.turn(now_s=1, is_idle=True)
    assert done == ["x"]


def test_a_hub_that_is_never_idle_does_them_a_step_at_a_time() -> None:
    done: list[float] = []

    def act() -> bool:
        done.append(now_s)
        return True

    chores = Chores([Chore("sealing", every_s=60, act=act, is_for_idle=True)])
    for now_s in (100.0, 100 + LONGEST_WAIT_S - 1, 100 + LONGEST_WAIT_S, 111.0, 111 + LONGEST_WAIT_S):
        chores.turn(now_s=now_s, is_idle=False)
    assert done == [100 + LONGEST_WAIT_S, 111 + LONGEST_WAIT_S]
    now_s = 122.0
    chores.turn(now_s=now_s, is_idle=True)
    assert done[-1] == now_s


def test_a_chore_that_fails_is_said_once_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    is_broken, done = True, []

    def act() -> None:
        if is_broken:
            raise RuntimeError("no")

    chores = Chores([Chore("a", every_s=1, act=act), Chore("b", every_s=1, act=lambda: done.append(1))])
    for now_s in range(3):
        chores.turn(now_s=now_s, is_idle=True)
    is_broken = False
    chores.turn(now_s=9, is_idle=True)
    assert len(done) == 4
    assert [record.getMessage() for record in caplog.records] == [
        "a fails; it will be tried again",
        "a works again",
    ]


def test_what_only_the_leader_does_waits_for_leading_and_ends_with_it() -> None:
    done: list[str] = []
    leads = [False]

    def lose() -> None:
        done.append("city")
        leads[0] = False

    chores = Chores(
        [Chore("own", every_s=0, act=lambda: done.append("own"))],
        leading=[
            Chore("city", every_s=0, act=lose),
            Chore("after", every_s=0, act=lambda: done.append("after")),
        ],
        is_leading=lambda: leads[0],
    )
    chores.turn(now_s=0, is_idle=True)
    leads[0] = True
    chores.turn(now_s=1, is_idle=True)
    assert done == ["own", "own", "city"], "asked before each"


class Slow:
    """Chores of the city that take time, on a clock of their own."""

    def __init__(self, *names: str, takes_s: float, every_s: float = 0.0) -> None:
        self.now_s = 100.0
        self.done: list[str] = []
        self._takes_s = takes_s
        leading = [Chore(name, every_s=every_s, act=partial(self._act, name)) for name in names]
        own = [Chore("own", every_s=0, act=partial(self.done.append, "own"))]
        self._chores = Chores(own, leading=leading, monotonic_s=lambda: self.now_s)

    def _act(self, name: str) -> None:
        self.now_s += self._takes_s
        self.done.append(name)

    def turn(self) -> list[str]:
        """Return what was done in a turn."""
        self.done.clear()
        self._chores.turn(now_s=self.now_s, is_idle=True)
        return list(self.done)


def test_chores_of_the_city_stop_for_records_and_go_on_where_they_stopped() -> None:
    slow = Slow("a", "b", "c", takes_s=LONGEST_TURN_S * 0.6)
    assert slow.turn() == ["own", "a", "b"]
    assert slow.turn() == ["own", "c"], "a and b had their share of the time"
    slow.now_s += 60.0
    assert slow.turn() == ["own", "a", "b"]


def test_a_chore_that_takes_long_comes_less_often() -> None:
    slow = Slow("a", takes_s=2.0, every_s=1.0)
    began_s = slow.now_s
    assert slow.turn() == ["own", "a"]
    slow.now_s = began_s + 2.0 / MOST_SHARE - 0.1
    assert slow.turn() == ["own"]
    slow.now_s = began_s + 2.0 / MOST_SHARE
    assert slow.turn() == ["own", "a"]
