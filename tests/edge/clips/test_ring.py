"""The ring: whole groups, the newest seconds, never more bytes than it may."""

from hypothesis import given
from hypothesis import strategies as st

from edge.clips.ring import KeptPacket, PacketRing

packets = st.lists(
    st.tuples(st.floats(0, 3), st.booleans(), st.integers(1, 400)), max_size=200
)  # seconds since the one before, key frame, bytes


def fed(ring: PacketRing, steps: list[tuple[float, bool, int]], max_bytes: int) -> list[KeptPacket]:
    at_s, sent = 100.0, []
    for step_s, is_key, size in steps:
        at_s += step_s
        sent.append(KeptPacket(data=bytes(size), at_s=at_s, is_key=is_key, pts=len(sent)))
        ring.add(sent[-1])
        assert ring.size_bytes == sum(len(each.data) for each in ring.since(0)) <= max_bytes
    return sent


@given(packets, st.integers(1, 3_000), st.floats(0, 30))
def test_it_holds_the_end_of_what_came_beginning_with_a_key_frame(
    steps: list[tuple[float, bool, int]], max_bytes: int, keep_s: float
) -> None:
    ring = PacketRing(keep_s=keep_s, max_bytes=max_bytes)
    sent = fed(ring, steps, max_bytes)
    held = ring.since(0)
    assert held == sent[len(sent) - len(held) :] or not held
    assert not held or held[0].is_key


@given(packets, st.floats(0, 30))
def test_with_room_enough_nothing_younger_than_asked_is_forgotten(
    steps: list[tuple[float, bool, int]], keep_s: float
) -> None:
    ring = PacketRing(keep_s=keep_s, max_bytes=10**9)
    sent = fed(ring, steps, 10**9)
    first_key = next((number for number, each in enumerate(sent) if each.is_key), len(sent))
    young = [each for each in sent[first_key:] if each.at_s > sent[-1].at_s - keep_s]
    assert ring.since(0)[-len(young) :] == young or not young
    keys = [each.at_s for each in ring.since(0) if each.is_key]
    # No more than one whole group lies before the time that was asked for.
    assert sum(sent[-1].at_s - at_s >= keep_s for at_s in keys) <= 1


@given(packets, st.floats(90, 300))
def test_a_cut_begins_with_the_last_key_frame_before_its_time(
    steps: list[tuple[float, bool, int]], from_s: float
) -> None:
    ring = PacketRing(keep_s=1_000, max_bytes=10**9)
    fed(ring, steps, 10**9)
    cut = ring.since(from_s)
    whole = ring.since(0)
    assert cut == whole[len(whole) - len(cut) :]
    if cut:
        assert cut[0].is_key
        later_keys = [each for each in cut[1:] if each.is_key and each.at_s <= from_s]
        assert not later_keys
        assert cut[0].at_s <= from_s or cut == whole


def test_a_stream_without_further_key_frames_takes_no_more_than_its_bytes() -> None:
    ring = PacketRing(keep_s=60, max_bytes=1_000)
    ring.add(KeptPacket(bytes(300), 0.0, is_key=True))
    for number in range(100):
        ring.add(KeptPacket(bytes(300), number / 10, is_key=False))
    assert ring.since(0) == []
    ring.add(KeptPacket(bytes(300), 20.0, is_key=True))
    assert len(ring.since(0)) == 1, "the next key frame begins anew"


def test_it_says_up_to_when_pictures_would_be_lost() -> None:
    ring = PacketRing(keep_s=60, max_bytes=1_000)
    assert (ring.safe_until_s, ring.is_nearly_full) == (None, False)
    for at_s in (1.0, 2.0, 3.0):
        ring.add(KeptPacket(bytes(300), at_s, is_key=True))
    assert (ring.safe_until_s, ring.is_nearly_full) == (2.0, True)
    ring.clear()
    assert (ring.since(0), ring.size_bytes) == ([], 0)
