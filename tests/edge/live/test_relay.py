"""A camera's live pictures: only while leased, a picture at once, never without bound."""

import itertools
from dataclasses import replace

from edge.clips.ring import KeptPacket
from edge.live.relay import NO_KEY_AFTER_S, LiveRelay
from edge.wire.live import LiveKind
from tests.edge.clips.film import GROUP, decoded, film, packets_of


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def relay_of(clock: Clock) -> LiveRelay:
    numbers = itertools.count(1)
    return LiveRelay(camera="utara", monotonic=clock, new_stream=lambda: next(numbers))


SHAPE, PACKETS = packets_of(film(seconds=4), began_s=100.0)


def test_nobody_watches_nothing_is_sent() -> None:
    relay = relay_of(Clock())
    relay.begins(SHAPE)
    for packet in PACKETS:
        relay.feed(packet)
    assert relay.take() == []
    assert not relay.is_leased


def test_who_asks_in_the_middle_of_a_group_sees_it_from_its_key() -> None:
    clock = Clock()
    relay = relay_of(clock)
    relay.begins(SHAPE)
    for packet in PACKETS[: GROUP + 5]:
        relay.feed(packet)
    clock.now_s = PACKETS[GROUP + 4].at_s
    assert relay.lease(30) == ""
    pieces = relay.take()
    assert [piece.kind for piece in pieces] == [LiveKind.INIT, LiveKind.KEY, *[LiveKind.DELTA] * 3]
    relay.feed(PACKETS[GROUP + 5])
    (newest,) = relay.take()
    assert len(decoded(b"".join(piece.data for piece in [*pieces, newest]))) == 5


def test_a_lease_ends_by_itself_and_by_word() -> None:
    clock = Clock()
    relay = relay_of(clock)
    relay.begins(SHAPE)
    relay.feed(PACKETS[0])
    relay.lease(5)
    assert relay.is_leased
    clock.now_s += 5
    assert not relay.is_leased
    relay.lease(5)
    relay.lease(0)
    relay.feed(PACKETS[1])
    assert relay.take() == []


def test_renewing_goes_on_with_the_stream_the_hub_knows_and_begins_anew_otherwise() -> None:
    relay = relay_of(Clock())
    relay.begins(SHAPE)
    for packet in PACKETS[:3]:
        relay.feed(packet)
    relay.lease(30)
    first = relay.take()[0].stream
    relay.lease(30, known_stream=first)
    assert relay.take() == []
    relay.lease(30, known_stream=0)
    again = relay.take()
    assert again[0].kind is LiveKind.INIT
    assert again[0].stream != first


def test_a_camera_that_is_opened_anew_begins_a_new_stream_with_its_first_key() -> None:
    relay = relay_of(Clock())
    assert relay.lease(30) == "", "the camera may still be opening"
    relay.begins(SHAPE)
    for packet in PACKETS[:4]:
        relay.feed(packet)
    before = relay.take()
    relay.begins(SHAPE)
    for packet in PACKETS[GROUP : GROUP + 3]:
        relay.feed(packet)
    after = relay.take()
    assert [piece.kind for piece in after] == [LiveKind.INIT, LiveKind.KEY, LiveKind.DELTA]
    assert after[0].stream != before[0].stream


def test_a_codec_that_cannot_be_watched_is_refused_in_words_and_costs_nothing() -> None:
    shape, packets = packets_of(film(seconds=1, codec="mjpeg"), began_s=100.0)
    relay = relay_of(Clock())
    relay.begins(shape)
    relay.feed(packets[0])
    assert "browsers need H.264" in relay.lease(30)
    assert not relay.is_leased


def test_packets_without_key_frames_are_told_with_the_setting_to_change() -> None:
    clock = Clock()
    relay = relay_of(clock)
    relay.begins(SHAPE)
    for packet in PACKETS[1:GROUP]:
        relay.feed(packet)
    assert relay.lease(30) == "", "a key frame may still come"
    clock.now_s = PACKETS[1].at_s + NO_KEY_AFTER_S + 1
    relay.lease(0)
    assert "key-frame interval (GOP) to one second" in relay.lease(30)
    assert not relay.is_leased
    relay.feed(replace(PACKETS[0], at_s=clock.now_s))
    assert relay.lease(30) == ""


def test_pieces_that_nobody_fetches_are_dropped_up_to_a_key() -> None:
    relay = relay_of(Clock())
    relay.begins(SHAPE)
    relay.lease(10_000)
    for _ in range(12):  # of 40 packets each: more than may wait
        for packet in PACKETS:
            relay.feed(packet)
    pieces = relay.take()
    assert 0 < len(pieces) <= 300
    assert pieces[0].kind is not LiveKind.DELTA


def test_a_packet_that_cannot_be_muxed_begins_anew_and_is_no_end() -> None:
    relay = relay_of(Clock())
    relay.begins(SHAPE)
    relay.lease(30)
    relay.feed(PACKETS[0])
    relay.feed(KeptPacket(b"", 101.0, False))
    for packet in PACKETS[GROUP : GROUP + 3]:
        relay.feed(packet)
    assert any(piece.kind is LiveKind.KEY for piece in relay.take())
