"""Remuxed clips really play: from a key frame, with every picture, at the right time."""

import io
import itertools

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.clips.remux import PLAYABLE, RemuxError, fragmented_mp4, kept_of, retimed, shape_of
from edge.clips.ring import KeptPacket, StreamShape
from tests.edge.clips.film import FPS, GROUP, decoded, film, packets_of


def test_a_clip_from_the_middle_plays_from_its_key_frame_to_its_end() -> None:
    shape, packets = packets_of(film(seconds=5))
    keys = [number for number, packet in enumerate(packets) if packet.is_key]
    clip = fragmented_mp4(shape, packets[keys[2] :])
    frames = decoded(clip)
    assert len(frames) == len(packets) - keys[2] == 3 * GROUP
    assert frames[0].key_frame
    steps_s = [later.time - earlier.time for earlier, later in itertools.pairwise(frames)]
    assert steps_s == pytest.approx([1 / FPS] * len(steps_s), abs=1e-3)
    assert b"moof" in clip, "fragmented: it plays while it comes"
    assert shape.codec in PLAYABLE


def test_it_outlives_the_connection_and_plays_the_same_pictures() -> None:
    data = film(seconds=2)
    shape, packets = packets_of(data)
    before, after = decoded(data), decoded(fragmented_mp4(shape, packets))
    assert [frame.to_ndarray().tobytes() for frame in before] == [
        frame.to_ndarray().tobytes() for frame in after
    ]


def test_a_shape_that_is_none_is_named() -> None:
    with pytest.raises(RemuxError, match="h264"):
        fragmented_mp4(StreamShape("h264", 1 / 90_000, b"rubbish"), [KeptPacket(b"x", 0.0, is_key=True)])


def test_a_stream_of_another_codec_has_a_shape_too() -> None:
    shape, packets = packets_of(film(seconds=1, codec="mjpeg"))
    assert shape.codec == "mjpeg"
    assert shape.codec not in PLAYABLE
    assert packets


def test_the_end_of_a_stream_is_no_packet() -> None:
    with av.open(io.BytesIO(film(seconds=1))) as container:
        stream = container.streams.video[0]
        *_, last = container.demux(stream)
        assert kept_of(last, at_s=0.0) is None
        assert shape_of(stream).tick_s == float(stream.time_base)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-(2**40), 2**40), st.none() | st.integers(-(2**40), 2**40)),
        min_size=1,
        max_size=60,
    )
)
def test_times_always_rise_whatever_the_source_says(told: list[tuple[int | None, int | None]]) -> None:
    packets = [KeptPacket(b"x", 0.0, is_key=True, pts=pts, dts=dts) for pts, dts in told]
    times = retimed(packets, 1 / 90_000)
    assert times[0][1] == 0
    assert all(later[1] > earlier[1] for earlier, later in itertools.pairwise(times))
    assert all(dts <= pts <= dts + 5 * 90_000 for pts, dts in times)
    assert times[-1][1] <= len(times) * 5 * 90_000


def test_a_clock_that_jumps_leaves_no_hole() -> None:
    ticks = [0, 9_000, 18_000, 324_018_000, 324_027_000, 0, 9_000]
    packets = [KeptPacket(b"x", 0.0, is_key=True, pts=tick, dts=tick) for tick in ticks]
    assert [dts for _, dts in retimed(packets, 1 / 90_000)] == [9_000 * place for place in range(7)]
