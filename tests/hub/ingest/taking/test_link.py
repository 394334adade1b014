"""What one batch may hold."""

from collections import deque

from hub.ingest.taking.link import (
    BACKLOG_BYTES,
    ENOUGH_MESSAGES,
    MOST_BYTES,
    MOST_MESSAGES,
    Message,
    is_enough,
    take_batch,
)


def message(size_bytes: int = 1) -> Message:
    return Message(topic="t", payload=bytes(size_bytes), received_at_s=0.0)


def test_a_batch_is_bounded_in_messages() -> None:
    inbox = deque(message() for _ in range(MOST_MESSAGES + 5))
    assert len(take_batch(inbox)) == MOST_MESSAGES
    assert len(take_batch(inbox)) == 5
    assert take_batch(inbox) == []


def test_a_batch_is_bounded_in_bytes_but_takes_one_message_whatever_its_size() -> None:
    inbox = deque([message(MOST_BYTES * 2), message(), message()])
    assert len(take_batch(inbox)) == 1
    assert len(take_batch(inbox)) == 2


def test_live_records_wait_for_each_other_and_a_backlog_waits_for_nobody() -> None:
    live = Message(topic="t", payload=bytes(300), received_at_s=0.0)
    backlog = Message(topic="t", payload=bytes(BACKLOG_BYTES), received_at_s=0.0)
    assert not is_enough(deque())
    assert not is_enough(deque([live] * (ENOUGH_MESSAGES - 1)))
    assert is_enough(deque([live] * ENOUGH_MESSAGES))
    assert is_enough(deque([live, backlog]))
