"""Live video from one device to many browsers: joined in the middle, bounded, nobody delays anybody."""

import pytest

from edge.wire.live import LiveKind, LivePiece, pack_live
from hub.live.streams import MOST_WAITING, CameraKey, LiveStreams, StreamKey

KEY = CameraKey("pi-jawi", "utara")
INIT, KEYED, DELTA = LiveKind.INIT, LiveKind.KEY, LiveKind.DELTA


def payload(kind: LiveKind, number: int, *, stream: int = 1, data: bytes = b"") -> bytes:
    return pack_live(LivePiece(kind, stream, number, data or f"<{stream}.{number}>".encode()))


@pytest.fixture
def streams() -> LiveStreams:
    return LiveStreams()


def begin(streams: LiveStreams, *, stream: int = 1) -> None:
    for number, kind in enumerate([INIT, KEYED, DELTA, DELTA, KEYED, DELTA]):
        streams.arrived(KEY, payload(kind, number, stream=stream))


def test_everybody_sees_everything_from_when_he_came(streams: LiveStreams) -> None:
    first = streams.watch(KEY)
    begin(streams)
    assert first.take(0) == b"<1.0><1.1><1.2><1.3><1.4><1.5>"
    late = streams.watch(KEY)
    assert late.take(0) == b"<1.0><1.4><1.5>", "the beginning, and the pictures since the newest key"
    streams.arrived(KEY, payload(DELTA, 6))
    assert first.take(0) == late.take(0) == b"<1.6>"
    assert streams.viewers_of(KEY) == 2


def test_what_nobody_watches_is_not_kept(streams: LiveStreams) -> None:
    begin(streams)
    viewer = streams.watch(KEY)
    assert viewer.take(0) == b""
    assert streams.watched() == {StreamKey(KEY): 0}
    streams.leave(viewer)
    streams.leave(viewer)
    assert streams.watched() == {}
    assert streams.viewers_of(KEY) == 0


def test_a_new_stream_ends_the_old_one_for_its_viewers(streams: LiveStreams) -> None:
    viewer = streams.watch(KEY)
    begin(streams)
    viewer.take(0)
    begin(streams, stream=2)
    assert viewer.take(0) is None
    assert streams.watch(KEY).take(0) == b"<2.0><2.4><2.5>"
    assert streams.watched() == {StreamKey(KEY): 2}


def test_pieces_of_a_stream_whose_beginning_was_missed_are_asked_for_anew(streams: LiveStreams) -> None:
    viewer = streams.watch(KEY)
    streams.arrived(KEY, payload(KEYED, 7, stream=3))
    assert viewer.take(0) == b""
    assert streams.watched() == {StreamKey(KEY): 0}
    begin(streams)
    assert streams.watched() == {StreamKey(KEY): 1}
    streams.arrived(KEY, payload(DELTA, 9, stream=3))
    assert streams.watched() == {StreamKey(KEY): 0}


def test_a_slow_viewer_loses_pictures_up_to_a_key_and_delays_nobody(streams: LiveStreams) -> None:
    slow, quick = streams.watch(KEY), streams.watch(KEY)
    begin(streams)
    for number in range(6, 6 + MOST_WAITING):
        streams.arrived(KEY, payload(DELTA, number))
        assert quick.take(0)
    assert slow.dropped > 0
    assert slow.take(0) == b""
    streams.arrived(KEY, payload(KEYED, 900))
    streams.arrived(KEY, payload(DELTA, 901))
    assert slow.take(0) == b"<1.900><1.901>"


def test_rubbish_changes_nothing(streams: LiveStreams) -> None:
    viewer = streams.watch(KEY)
    streams.arrived(KEY, b"rubbish")
    streams.arrived(CameraKey("pi-tugu", "gerbang"), payload(INIT, 0))
    assert viewer.take(0) == b""


def test_a_camera_without_key_frames_takes_no_memory(streams: LiveStreams) -> None:
    viewer = streams.watch(KEY)
    begin(streams)
    for number in range(6, 60):
        streams.arrived(KEY, payload(DELTA, number, data=bytes(100_000)))
        viewer.take(0)
    assert streams.watch(KEY).take(0) == b"", "what was kept of it was let go"


def test_silence_is_measured() -> None:
    now_s = [10.0]
    streams = LiveStreams(monotonic=lambda: now_s[0])
    assert streams.silence_s(KEY) is None
    viewer = streams.watch(KEY)
    assert streams.silence_s(KEY) is None
    begin(streams)
    now_s[0] += 4
    assert streams.silence_s(KEY) == 4
    streams.leave(viewer)
