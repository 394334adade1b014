"""Acknowledgements: all of what is committed, in few messages."""

from edge.wire.messages import decode_ack
from hub.ingest.saying.acks import MAX_RANGES, Acknowledger
from hub.ingest.taking.link import MemoryLink
from tests.hub.ingest.rig import DEVICE, EPOCH


def acks(link: MemoryLink) -> list[tuple[tuple[int, int], ...]]:
    return [decode_ack(publish.payload).ranges for publish in link.said]


def test_a_device_is_told_at_once_when_nothing_waits_and_once_a_second_when_something_does() -> None:
    link = MemoryLink()
    acknowledger = Acknowledger(link=link)
    acknowledger.add((DEVICE, EPOCH), [1, 2])
    acknowledger.tell(now_s=0, is_busy=False)
    acknowledger.add((DEVICE, EPOCH), [3])
    acknowledger.tell(now_s=0.5, is_busy=True)
    acknowledger.add((DEVICE, EPOCH), [9])
    assert acknowledger.has_pending()
    assert acks(link) == [((1, 2),)]
    acknowledger.tell(now_s=1.0, is_busy=True)
    assert acks(link) == [((1, 2),), ((3, 3), (9, 9))]
    assert not acknowledger.has_pending()


def test_devices_and_epochs_are_told_apart() -> None:
    link = MemoryLink()
    acknowledger = Acknowledger(link=link)
    acknowledger.add((DEVICE, EPOCH), [1])
    acknowledger.add((DEVICE, "f" * 16), [2])
    acknowledger.add(("pi-02", EPOCH), [3])
    acknowledger.tell(now_s=0, is_busy=True)
    told = {
        (publish.topic.split("/")[3], decode_ack(publish.payload).epoch): ranges
        for publish, ranges in zip(link.said, acks(link), strict=True)
    }
    assert told == {(DEVICE, EPOCH): ((1, 1),), (DEVICE, "f" * 16): ((2, 2),), ("pi-02", EPOCH): ((3, 3),)}


def test_what_cannot_be_told_now_is_told_later() -> None:
    link = MemoryLink()
    link.is_connected = False
    acknowledger = Acknowledger(link=link)
    acknowledger.add((DEVICE, EPOCH), [1])
    acknowledger.tell(now_s=0, is_busy=False)
    assert acknowledger.has_pending()
    link.is_connected = True
    acknowledger.tell(now_s=0.01, is_busy=False)
    assert acks(link) == [((1, 1),)]


def test_very_many_holes_go_in_several_messages() -> None:
    link = MemoryLink()
    acknowledger = Acknowledger(link=link)
    acknowledger.add((DEVICE, EPOCH), range(1, 2 * MAX_RANGES + 10, 2))
    acknowledger.tell(now_s=0, is_busy=False)
    assert [len(ranges) for ranges in acks(link)] == [MAX_RANGES, 5]
