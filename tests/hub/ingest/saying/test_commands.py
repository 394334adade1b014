"""Commands: sent once, answered once, and not after they expired."""

from datetime import timedelta

import msgspec

from edge.wire.messages import Reply, RunSelftest, TakeStill, decode_command, encode
from edge.wire.topics import UpChannel, up
from hub.ingest.models import DeadLetter, DeviceCommand
from hub.ingest.saying.commands import ask_device
from tests.hub.ingest.rig import DEVICE, NOW, Rig, message_of

CORRELATION = "ab" * 16


def ask(rig: Rig, **more: object) -> int:
    arguments = {
        "command": TakeStill(camera="cam-1"),
        "correlation": CORRELATION,
        "now": rig.clock.now,
    } | more
    with rig.database.writing() as session:
        row = ask_device(session, device=DEVICE, **arguments)  # type: ignore[arg-type]
        session.flush()
        return row.id


def answer(rig: Rig, reply: Reply, *, correlation: str = CORRELATION, device: str = DEVICE) -> None:
    message = message_of(encode(reply), device=device, channel=UpChannel.REPLY)
    rig.give(msgspec.structs.replace(message, correlation=correlation.encode()))


def row(rig: Rig, number: int) -> DeviceCommand:
    with rig.database.reading() as session:
        return session.get_one(DeviceCommand, number)


def commands(rig: Rig) -> list[object]:
    return [publish for publish in rig.link.said if publish.topic.endswith("/cmd")]


def test_a_command_is_sent_once_with_where_to_answer(rig: Rig) -> None:
    number = ask(rig)
    for _ in range(10):
        rig.clock.advance(1)
        rig.turn()
    (publish,) = commands(rig)
    assert decode_command(publish.payload) == TakeStill(camera="cam-1")
    assert (publish.qos, publish.correlation) == (1, CORRELATION.encode())
    assert publish.response_topic == up(DEVICE, UpChannel.REPLY)
    assert 50 <= publish.expiry_s <= 60
    assert row(rig, number).sent_at is not None


def test_the_first_answer_counts(rig: Rig) -> None:
    number = ask(rig)
    rig.turn()
    answer(rig, Reply(command="take-still", is_done=False, detail="no camera", values={"n": 1.0}))
    answered_at = rig.clock.now
    answer(rig, Reply(command="take-still", is_done=True))
    answered = row(rig, number)
    assert (answered.is_done, answered.detail, answered.values_json) == (False, "no camera", '{"n":1.0}')
    assert answered.replied_at == answered_at


def test_an_answer_to_nothing_and_of_another_device_is_buried(rig: Rig) -> None:
    number = ask(rig)
    reply = Reply(command="take-still", is_done=True)
    answer(rig, reply, correlation="cd" * 16)
    answer(rig, reply, device="pi-02")
    answer(rig, reply, correlation="\x00é")
    assert row(rig, number).replied_at is None
    with rig.database.reading() as session:
        letters = session.query(DeadLetter).all()
    assert {letter.reason for letter in letters} == {"answers no command that was sent"}


def test_thanks_for_an_order_that_wanted_no_answer_is_no_dead_letter(rig: Rig) -> None:
    answer(rig, Reply(command="send-thumbs", is_done=True, values={"cameras": 2.0}), correlation="")
    with rig.database.reading() as session:
        assert session.query(DeadLetter).all() == []
    answer(rig, Reply(command="?", is_done=False, detail="the command is garbled"), correlation="")
    with rig.database.reading() as session:
        assert len(session.query(DeadLetter).all()) == 1


def test_without_a_connection_a_command_waits_and_then_expires(rig: Rig) -> None:
    rig.link.is_connected = False
    waiting = ask(rig, command=RunSelftest(), life=timedelta(seconds=30))
    rig.clock.advance(10)
    rig.turn()
    assert row(rig, waiting).sent_at is None
    rig.clock.advance(30)
    rig.link.is_connected = True
    rig.turn()
    assert row(rig, waiting).sent_at is None
    assert commands(rig) == []
    assert row(rig, waiting).expires_at == NOW + timedelta(seconds=30)
