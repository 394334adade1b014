"""What the hub asks, and what it hears back."""

from dataclasses import dataclass, field

from edge.commands import Commands
from edge.health.selftest import Check
from edge.wire.messages import RunSelftest, SetInterval, TakeStill, decode_reply, encode
from edge.workers import Order, ToWorker


@dataclass
class Workers:
    is_running: bool = True
    told: list[tuple[str, ToWorker]] = field(default_factory=list)

    def send(self, worker: str, message: ToWorker) -> bool:
        self.told.append((worker, message))
        return self.is_running


def make(workers: Workers, checks: list[Check] | None = None) -> Commands:
    return Commands(cameras=frozenset({"gate"}), workers=workers, selftest=lambda: checks or [])


def test_orders_for_a_camera_go_to_its_worker() -> None:
    workers = Workers()
    commands = make(workers)
    for command in (TakeStill(camera="gate"), SetInterval(camera="gate", still_every_s=2)):
        assert commands.carry_out(command).is_done
    assert [message for _, message in workers.told] == [
        Order(TakeStill(camera="gate")),
        Order(SetInterval(camera="gate", still_every_s=2)),
    ]


def test_a_camera_that_is_not_there_is_named_with_those_that_are() -> None:
    workers = Workers()
    reply = make(workers).carry_out(TakeStill(camera="roof"))
    assert not reply.is_done
    assert "no camera roof" in reply.detail
    assert "gate" in reply.detail
    assert workers.told == []


def test_a_camera_that_is_restarting_is_an_honest_answer() -> None:
    reply = make(Workers(is_running=False)).carry_out(TakeStill(camera="gate"))
    assert not reply.is_done
    assert "ask again" in reply.detail


def test_a_selftest_answers_with_values_and_what_failed() -> None:
    checks = [Check("disk", True, "fine"), Check("clock", False, "1970; let NTP through")]
    reply = make(Workers(), checks).carry_out(RunSelftest())
    assert reply.is_done
    assert reply.values == {"disk": True, "clock": False}
    assert reply.detail == "clock: 1970; let NTP through"
    assert decode_reply(encode(reply)) == reply


def test_a_selftest_without_findings_says_so() -> None:
    assert make(Workers(), [Check("disk", True, "")]).carry_out(RunSelftest()).detail == "all well"
