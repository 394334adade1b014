"""The outbox: queued once, tried again, given up at last, and never lost on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hub.db import Database
from hub.notify.channels.port import MemoryChannel, SendError
from hub.notify.models import OutboxMessage
from hub.notify.sender import CLAIMED_FOR, Background, Sender
from hub.notify.service import KEPT_FOR, Channel, Recipient, State, queue, revive
from tests.hub.screens import START, FakeClock

OKI = Recipient(Channel.EMAIL, "oki@pontianak.go.id", 1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def memory() -> MemoryChannel:
    return MemoryChannel()


@pytest.fixture
def sender(database: Database, memory: MemoryChannel, clock: FakeClock) -> Sender:
    return sender_with(database, memory, clock)


def sender_with(
    database: Database, memory: MemoryChannel, clock: FakeClock, address: str = "https://p.id"
) -> Sender:
    return Sender(
        database=database,
        channels={Channel.EMAIL: memory},
        address=address,
        most_tries=3,
        now=clock,
        chance=lambda: 1.0,
    )


def put(database: Database, subject: str = "Titik padam", to: Recipient = OKI, **more: object) -> bool:
    with database.writing() as db:
        return queue(db, to=to, subject=subject, text="isi", link="/alarm/1", now=START, **more)  # type: ignore[arg-type]  # a test's shorthand


def row(database: Database) -> OutboxMessage:
    with database.reading() as db:
        return db.scalars(select(OutboxMessage)).one()


def test_a_message_is_sent_once_with_its_link(
    database: Database, memory: MemoryChannel, sender: Sender
) -> None:
    put(database)
    assert (sender(), sender()) == (1, 0)
    (sent,) = memory.sent
    assert (sent.address, sent.whole_text) == (OKI.address, "isi\n\nhttps://p.id/alarm/1")
    assert (row(database).state, row(database).sent_at) == (State.SENT, START)


def test_a_hub_without_an_address_sends_no_links(
    database: Database, memory: MemoryChannel, clock: FakeClock
) -> None:
    put(database)
    sender_with(database, memory, clock, address="")()
    assert memory.sent[0].whole_text == "isi"


def test_the_same_thing_is_told_an_address_once(database: Database) -> None:
    assert put(database)
    assert not put(database)
    assert put(database, subject="lain")
    assert put(database, to=Recipient(Channel.TELEGRAM, "12345"))
    assert put(database, subject="a", about="alarm:1:1")
    assert not put(database, subject="b", about="alarm:1:1")


def test_personal_numbers_do_not_leave(database: Database, memory: MemoryChannel, sender: Sender) -> None:
    put(database, subject="pindai 6171051234560001\r\nX: y")
    sender()
    assert memory.sent[0].subject == "pindai [nomor disembunyikan] X: y"


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(
    database: Database, memory: MemoryChannel, sender: Sender, clock: FakeClock
) -> None:
    memory.refusal = SendError("server penuh")
    put(database)
    pauses = []
    while row(database).state == State.WAITING:
        assert sender() == 1
        assert sender() == 0
        pauses.append((row(database).next_at - clock()).total_seconds())
        clock.at = row(database).next_at
    assert pauses == [30, 60, 0]
    assert (row(database).state, row(database).tries, row(database).error) == (State.DEAD, 3, "server penuh")


def test_what_can_never_be_sent_is_given_up_at_once(
    database: Database, memory: MemoryChannel, sender: Sender
) -> None:
    memory.refusal = SendError("ditolak", is_final=True)
    put(database)
    sender()
    assert (row(database).state, row(database).tries) == (State.DEAD, 1)


def test_a_channel_that_is_not_set_up_is_said_with_its_remedy(database: Database, sender: Sender) -> None:
    put(database, to=Recipient(Channel.TELEGRAM, "12345"))
    sender()
    assert "belum diatur di [notify]" in row(database).error


def test_what_was_given_up_can_be_tried_again_by_hand(
    database: Database, memory: MemoryChannel, sender: Sender, clock: FakeClock
) -> None:
    memory.refusal = SendError("ditolak", is_final=True)
    put(database)
    with database.writing() as db:
        assert not revive(db, 1, now=clock())
    sender()
    memory.refusal = None
    with database.writing() as db:
        assert revive(db, 1, now=clock())
        assert not revive(db, 99, now=clock())
    sender()
    assert row(database).state == State.SENT


def test_who_dies_while_sending_is_followed_by_the_next(
    database: Database, memory: MemoryChannel, clock: FakeClock
) -> None:
    class Dying(MemoryChannel):
        def send(self, message: object) -> None:
            raise KeyboardInterrupt

    put(database)
    with pytest.raises(KeyboardInterrupt):
        sender_with(database, Dying(), clock)()
    again = sender_with(database, memory, clock)
    assert again() == 0
    clock.at += CLAIMED_FOR
    assert again() == 1
    assert len(memory.sent) == 1


def test_a_message_for_later_waits(
    database: Database, memory: MemoryChannel, sender: Sender, clock: FakeClock
) -> None:
    put(database, not_before=START + timedelta(hours=6))
    assert sender() == 0
    clock.advance(hours=6)
    assert sender() == 1


def test_old_messages_are_forgotten_and_those_that_wait_are_not(
    database: Database, sender: Sender, clock: FakeClock
) -> None:
    put(database)
    put(database, subject="lain", not_before=START + timedelta(days=999))
    sender()
    clock.at += KEPT_FOR + timedelta(days=1)
    sender.forget()
    assert row(database).state == State.WAITING


def test_one_run_at_a_time_and_a_failure_is_said(caplog: pytest.LogCaptureFixture) -> None:
    from threading import Event

    began, go, runs = Event(), Event(), []

    def act() -> None:
        runs.append(1)
        began.set()
        assert go.wait(240)
        raise RuntimeError("aduh")

    background = Background("uji", act)
    background.wait()
    background()
    assert began.wait(240)
    background()
    go.set()
    background.wait()
    assert len(runs) == 1
    assert "uji stumbled" in caplog.text
    background()
    background.wait()
    assert len(runs) == 2


def test_two_senders_do_not_send_one_message_twice(
    database: Database, memory: MemoryChannel, sender: Sender, clock: FakeClock
) -> None:
    other = sender_with(database, memory, clock)
    sent_by_other = []

    class Slow(MemoryChannel):
        def send(self, message: object) -> None:
            sent_by_other.append(other())

    put(database)
    sender_with(database, Slow(), clock)()
    assert sent_by_other == [0]
    with database.writing() as db:
        db.execute(update(OutboxMessage).values(next_at=START))
    assert other() == 0
