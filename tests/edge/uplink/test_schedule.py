"""What is published next, and what again: without a broker."""

import itertools
import random

import pytest

from edge.uplink.schedule import Schedule
from edge.uplink.sent import Limits
from edge.wire.messages import Ack
from edge.wire.records.bodies import Lane


class Wire:
    """Takes from a schedule what it wants to publish, at a time of our own."""

    def __init__(self, rows, limits: Limits | None = None) -> None:
        self.rows = rows
        self.now_s = 100.0
        self.schedule = Schedule(rows, chance=random.Random(3), limits=limits)
        self.out: list[tuple[int, object]] = []

    def connect(self, receive_maximum: int = 100) -> None:
        self.schedule.connect(now_s=self.now_s, receive_maximum=receive_maximum)

    def take(self, limit: int = 10_000, *, is_answered: bool = True, is_heard: bool = True) -> list:
        batches = []
        while len(batches) < limit and (found := self.schedule.next(now_s=self.now_s)) is not None:
            self.out.append(found)
            batches.append(found[1])
            if is_answered:
                self.schedule.release(found[0], now_s=self.now_s, is_heard=is_heard)
        return batches

    def ack(self, seqs) -> None:
        self.schedule.acknowledge(self.rows.forget(seqs), now_s=self.now_s)

    def wait(self) -> float:
        seconds = self.schedule.wait_s(now_s=self.now_s)
        assert seconds is not None
        self.now_s += seconds
        return seconds


@pytest.fixture
def wire(memory_rows) -> Wire:
    return Wire(memory_rows)


def seqs_of(batches) -> list[int]:
    return [seq for batch in batches for seq in batch.seqs]


def test_attendance_goes_before_events_before_telemetry(wire: Wire) -> None:
    wire.connect()
    for lane in (Lane.TELEMETRY, Lane.EVENT, Lane.ATTENDANCE):
        wire.rows.add(lane)
    assert [batch.lane for batch in wire.take()] == [Lane.ATTENDANCE, Lane.EVENT, Lane.TELEMETRY]
    assert wire.take() == []


def test_live_rows_pass_a_backlog_of_three_days(wire: Wire) -> None:
    wire.rows.add(Lane.TELEMETRY, 20_000)
    wire.connect()
    wire.take(2)
    wire.rows.add(Lane.TELEMETRY)
    (batch,) = wire.take(1)
    assert batch.seqs == (20_001,)


def test_a_backlog_drains_beside_live_rows_that_never_end(wire: Wire) -> None:
    backlog = set(wire.rows.add(Lane.EVENT, 3000))
    wire.connect()
    drained = 0
    for _ in range(40):
        wire.rows.add(Lane.TELEMETRY)
        (batch,) = wire.take(1)
        drained += bool(set(batch.seqs) & backlog)
    assert 3 <= drained <= 6


def test_every_row_is_published_once_and_then_nothing(wire: Wire) -> None:
    seqs = [wire.rows.add(lane, 700) for lane in Lane]
    wire.connect()
    batches = wire.take()
    assert sorted(seqs_of(batches)) == sorted(seq for lane in seqs for seq in lane)


def test_no_more_than_the_window_is_under_way(memory_rows) -> None:
    wire = Wire(memory_rows, Limits(window=5))
    wire.connect()
    batches = []
    for _ in range(20):
        wire.rows.add(Lane.EVENT)
        batches += wire.take(is_answered=False)
    assert len(batches) == 5
    wire.schedule.release(wire.out[0][0], now_s=wire.now_s)
    assert len(wire.take(is_answered=False)) == 1
    wire.schedule.release(999_999, now_s=wire.now_s)
    assert wire.take(is_answered=False) == []


def test_the_broker_may_want_a_smaller_window(wire: Wire) -> None:
    wire.connect(receive_maximum=2)
    for lane in Lane:
        wire.rows.add(lane)
    assert len(wire.take(is_answered=False)) == 2


def test_a_backlog_waits_for_the_broker_and_for_the_hub(memory_rows) -> None:
    memory_rows.add(Lane.TELEMETRY, 9000)
    wire = Wire(memory_rows, Limits(backlog_window=2, unacknowledged_backlog=5))
    wire.connect()
    assert len(wire.take(is_answered=False)) == 2
    for ticket, _ in wire.out:
        wire.schedule.release(ticket, now_s=wire.now_s)
    more = wire.take()
    assert len(more) == 3
    wire.ack(more[0].seqs)
    assert len(wire.take()) == 1


def test_new_rows_wait_when_too_much_is_unacknowledged(memory_rows) -> None:
    wire = Wire(memory_rows, Limits(unacknowledged=3))
    wire.connect()
    sent = []
    for _ in range(5):
        wire.rows.add(Lane.ATTENDANCE)
        sent += wire.take()
    assert len(sent) == 3
    wire.ack(sent[0].seqs)
    assert len(wire.take()) == 1


def test_a_lost_message_is_sent_again_after_two_to_three_seconds(wire: Wire) -> None:
    wire.connect()
    lost = wire.rows.add(Lane.EVENT)
    wire.take()
    assert 2 <= wire.wait() <= 3
    assert seqs_of(wire.take()) == lost
    wire.ack(lost)
    assert wire.schedule.wait_s(now_s=wire.now_s) is None
    assert wire.schedule.unacknowledged == 0


def test_only_what_the_hub_has_not_is_sent_again(wire: Wire) -> None:
    wire.connect()
    seqs = wire.rows.add(Lane.TELEMETRY, 10)
    wire.take()
    wire.ack(seqs[2:8])
    wire.wait()
    assert seqs_of(wire.take()) == [*seqs[:2], *seqs[8:]]


def test_a_message_whose_rows_are_gone_is_forgotten(wire: Wire) -> None:
    wire.connect()
    seqs = wire.rows.add(Lane.TELEMETRY, 3)
    wire.take()
    wire.rows.forget(seqs)  # thinned: the hub never acknowledged them
    wire.wait()
    assert wire.take() == []
    assert wire.schedule.unacknowledged == 0
    assert not wire.schedule.is_hub_silent


def test_a_silent_hub_is_asked_ever_more_seldom_by_one_message(wire: Wire) -> None:
    wire.connect()
    for _ in range(30):
        wire.rows.add(Lane.EVENT)
        wire.take()
    waits, published = [], 0
    for _ in range(9):
        waits.append(wire.wait())
        wire.rows.add(Lane.TELEMETRY, 5)
        published += len(wire.take())
    assert published == 9
    assert wire.schedule.is_hub_silent
    assert waits[1] < waits[3] < waits[5]
    assert max(waits) <= 45


def test_while_nobody_listens_the_smallest_message_is_said_every_few_seconds(wire: Wire) -> None:
    wire.connect()
    wire.rows.add(Lane.TELEMETRY, 300)
    small = wire.rows.add(Lane.EVENT)
    wire.take(is_heard=False)
    wire.wait()
    waits = []
    for _ in range(9):
        assert seqs_of(wire.take(is_heard=False)) == small
        waits.append(wire.wait())
    assert max(waits) <= 7.5


def test_what_nobody_heard_is_said_again_as_soon_as_the_hub_is_back(wire: Wire) -> None:
    wire.connect()
    pile = wire.rows.add(Lane.TELEMETRY, 300)
    small = wire.rows.add(Lane.EVENT)
    wire.take(is_heard=False)
    wire.wait()
    wire.take()  # this one is heard
    wire.ack(small)
    assert seqs_of(wire.take()) == pile


def test_after_a_silence_live_rows_go_first_and_the_pile_is_backlog(wire: Wire) -> None:
    wire.connect()
    first = wire.rows.add(Lane.TELEMETRY)
    wire.take()
    wire.wait()
    wire.take()
    pile = wire.rows.add(Lane.TELEMETRY, 5000)
    assert wire.take() == []
    wire.ack(first)
    (backlog,) = wire.take(1)
    assert backlog.seqs[0] == pile[0]
    live = wire.rows.add(Lane.TELEMETRY)
    assert seqs_of(wire.take(1)) == live
    assert sorted(seqs_of(wire.take()) + list(backlog.seqs)) == pile


def test_the_time_out_follows_a_slow_hub(wire: Wire) -> None:
    wire.connect()
    for _ in range(30):
        seqs = wire.rows.add(Lane.EVENT)
        wire.take()
        wire.now_s += 8
        wire.take()
        wire.ack(seqs)
    wire.rows.add(Lane.EVENT)
    wire.take()
    assert wire.wait() >= 15


def test_one_message_lost_among_many_is_sent_again_with_growing_waits(wire: Wire) -> None:
    wire.connect()
    lost = wire.rows.add(Lane.ATTENDANCE)
    wire.take()
    sent_at = [wire.now_s]
    while len(sent_at) < 6:
        wire.now_s += 0.5
        answered = wire.rows.add(Lane.EVENT)
        for batch in wire.take():
            if batch.seqs == tuple(lost):
                sent_at.append(wire.now_s)
        wire.ack(answered)
    gaps = [after - before for before, after in itertools.pairwise(sent_at)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 25


def test_a_new_connection_begins_with_everything_unacknowledged(wire: Wire) -> None:
    wire.connect()
    seqs = wire.rows.add(Lane.TELEMETRY, 50)
    wire.take()
    wire.ack(seqs[:10])
    wire.now_s += 1
    wire.connect()
    assert seqs_of(wire.take()) == seqs[10:]


def test_an_acknowledgement_of_another_epoch_releases_nothing(wire: Wire) -> None:
    wire.connect()
    wire.rows.add(Lane.TELEMETRY)
    wire.take()
    wire.schedule.acknowledge(Ack(epoch="f" * 16, ranges=((1, 9),)), now_s=wire.now_s)
    assert wire.schedule.unacknowledged == 1


def test_on_a_thin_link_helpings_of_backlog_get_small_and_grow_again(wire: Wire) -> None:
    wire.rows.add(Lane.TELEMETRY, 3000)
    wire.connect()
    sizes = []
    for seconds in (3, 3, 3, 3, 3, 0.1, 0.1):
        (batch,) = wire.take(1, is_answered=False)
        sizes.append(len(batch.payload))
        wire.now_s += seconds
        wire.schedule.release(wire.out[-1][0], now_s=wire.now_s)
        wire.ack(batch.seqs)
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3]
    assert sizes[4] >= 3_000
    assert sizes[6] > sizes[5]


def test_there_is_room_for_other_things_only_beside_a_window_that_is_not_full(wire: Wire) -> None:
    assert not wire.schedule.has_room, "no connection"
    wire.connect(receive_maximum=2)
    assert wire.schedule.has_room
    for lane in Lane:
        wire.rows.add(lane)
    wire.take(is_answered=False)
    assert not wire.schedule.has_room
    wire.schedule.release(wire.out[0][0], now_s=wire.now_s)
    assert wire.schedule.has_room


def test_a_hub_that_is_silent_gets_nothing_else_either(wire: Wire) -> None:
    wire.connect()
    wire.rows.add(Lane.EVENT)
    wire.take()
    wire.wait()
    wire.take()
    assert wire.schedule.is_hub_silent
    assert not wire.schedule.has_room
