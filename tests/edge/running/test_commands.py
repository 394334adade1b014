"""What the hub asks, and what it hears back."""

from dataclasses import dataclass, field

from edge.health.selftest.checks import Check
from edge.running.commands import Commands
from edge.supervision.messages import Answered, Order, ToWorker
from edge.wire.messages import (
    CountWithMe,
    KeepClip,
    LearnScale,
    Reply,
    RunSelftest,
    SaveBackground,
    SendClip,
    SetInterval,
    ShowOverlay,
    TakeStill,
    TellSettings,
    decode_reply,
    encode,
)


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


class Asked:
    """Commands on a clock of their own, and every answer."""

    def __init__(self, *, is_running: bool = True) -> None:
        self.now_s = 0.0
        self.workers = Workers(is_running=is_running)
        self.replies: list[Reply] = []
        self.commands = Commands(
            cameras=frozenset({"gate", "roof"}),
            workers=self.workers,
            selftest=list,
            monotonic=lambda: self.now_s,
        )

    def ticket(self) -> int:
        order = self.workers.told[-1][1]
        assert isinstance(order, Order)
        return order.ticket


def test_what_has_to_be_measured_is_answered_by_the_worker_later() -> None:
    asked = Asked()
    asked.commands.take(LearnScale(camera="gate"), asked.replies.append)
    assert asked.replies == []
    reply = Reply(command="learn-scale", is_done=True, values={"scale": 0.04})
    asked.commands.answered("roof", Answered(asked.ticket(), reply))
    assert asked.replies == []
    asked.commands.answered("gate", Answered(asked.ticket(), reply))
    asked.commands.answered("gate", Answered(asked.ticket(), reply))
    assert asked.replies == [reply]


def test_a_worker_that_never_answers_is_answered_for() -> None:
    asked = Asked()
    asked.commands.take(CountWithMe(camera="gate", duration_s=60), asked.replies.append)
    asked.now_s = 70.0
    asked.commands.expire()
    assert asked.replies == []
    asked.now_s = 80.0
    asked.commands.expire()
    asked.commands.expire()
    (reply,) = asked.replies
    assert not reply.is_done
    assert "restarted meanwhile" in reply.detail


def test_an_order_that_cannot_be_handed_over_is_answered_at_once() -> None:
    asked = Asked(is_running=False)
    asked.commands.take(SaveBackground(camera="gate"), asked.replies.append)
    asked.commands.take(ShowOverlay(camera="attic"), asked.replies.append)
    asked.commands.take(TakeStill(camera="gate"), asked.replies.append)
    assert [reply.is_done for reply in asked.replies] == [False, False, False]


def test_settings_are_told_of_cameras_that_are_there() -> None:
    commands = Asked().commands
    assert "no camera attic" in commands.carry_out(TellSettings(camera="attic")).detail
    assert "nothing is known" in commands.carry_out(TellSettings(camera="gate")).detail


def test_a_clip_is_kept_by_the_worker_and_sent_by_the_device() -> None:
    workers, replies, asked = Workers(), [], []
    clip = SendClip(camera="gate", clip="20261121t001359z-0badcafe", pieces=(3,))

    def send_clip(command: SendClip) -> Reply:
        asked.append(command)
        return Reply(command="send-clip", is_done=True)

    commands = Commands(cameras=frozenset({"gate"}), workers=workers, selftest=list, send_clip=send_clip)
    commands.take(KeepClip(camera="gate"), replies.append)
    assert workers.told == [("gate", Order(KeepClip(camera="gate"), 1))]
    assert replies == [], "the worker answers"
    commands.answered("gate", Answered(1, Reply(command="keep-clip", is_done=True)))
    commands.take(clip, replies.append)
    assert asked == [clip]
    assert [reply.command for reply in replies] == ["keep-clip", "send-clip"]


def test_a_device_without_clips_and_a_camera_that_is_not_there_say_so() -> None:
    commands, clip = make(Workers()), "20261121t001359z-0badcafe"
    assert commands.carry_out(SendClip(camera="gate", clip=clip)).detail == "gate keeps no clips"
    assert "no camera roof" in commands.carry_out(SendClip(camera="roof", clip=clip)).detail
