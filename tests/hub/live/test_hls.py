"""Low-latency HLS of the pieces: parts of a fifth of a second, segments from key to key, bounded."""

import re
import threading

import pytest

from edge.live.fragmenting import Fragmenter
from edge.wire.live import LiveKind, LivePiece
from hub.live.hls import MOST_SEGMENT_BYTES, MOST_SEGMENTS, HlsWindow
from hub.live.mp4 import Mp4Error, frame_ticks, ticks_per_s
from hub.live.streams import CameraKey, StreamKey
from tests.edge.clips.film import decoded, film, packets_of

STREAM = StreamKey(CameraKey("pi-jawi", "utara"))


def pieces(seconds: float = 6) -> list[LivePiece]:
    shape, packets = packets_of(film(seconds=seconds), began_s=100.0)
    fragmenter = Fragmenter(shape, stream=1)
    return [piece for packet in packets for piece in fragmenter.feed(packet)]


PIECES = pieces()


def window_of(some: list[LivePiece] = PIECES) -> HlsWindow:
    window = HlsWindow(STREAM)
    for piece in some:
        window.put(piece)
    return window


def test_parts_and_segments_hold_every_picture_once() -> None:
    window = window_of()
    lines = window.playlist().splitlines()
    parts = [re.findall(r'DURATION=([0-9.]+),URI="(\d+)\.(\d+)\.m4s"', line) for line in lines]
    found = [(float(d), int(s), int(p)) for each in parts for d, s, p in each]
    assert all(duration <= 0.2 + 1e-3 for duration, _, _ in found)
    wholes = [int(line[:-4]) for line in lines if re.fullmatch(r"\d+\.m4s", line)]
    assert wholes == sorted(wholes)
    data = b"".join(window.segment(number) or b"" for number in wholes)
    newest = max(segment for _, segment, _ in found)
    data += b"".join(window.part(newest, part) or b"" for _, segment, part in found if segment == newest)
    held = sum(float(line[8:-1]) for line in lines if line.startswith("#EXTINF"))
    held += sum(duration for duration, segment, _ in found if segment == newest)
    frames = decoded((window.init() or b"") + data)
    assert len(frames) == round(held * 10), "ten pictures a second, none doubled and none lost"


def test_what_a_player_reads_first() -> None:
    text = window_of().playlist()
    assert "CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.600" in text
    assert '#EXT-X-MAP:URI="awal.mp4"' in text
    assert "INDEPENDENT=YES" in text
    hint = re.search(r'PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)\.m4s"', text)
    assert hint is not None
    window = window_of()
    assert window.part(int(hint[1]), int(hint[2])) is None, "it is announced, not there"


def test_a_part_is_waited_for_and_no_longer_than_asked() -> None:
    window = window_of(PIECES[:4])
    assert not window.await_part(0, 5, 0)
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(window.await_part(0, 3, 20)))
    waiting.start()
    for piece in PIECES[4:12]:
        window.put(piece)
    waiting.join(240)
    assert answers == [True]
    assert window.is_far_off(9)
    assert not window.is_far_off(1)


def test_what_is_kept_is_bounded() -> None:
    window = window_of(pieces(20))
    text = window.playlist()
    first = int(re.search(r"MEDIA-SEQUENCE:(\d+)", text)[1])  # type: ignore[index]  # it is in every list
    assert first > 0
    assert window.segment(first - 1) is None
    assert len(re.findall(r"^\d+\.m4s$", text, re.M)) <= MOST_SEGMENTS
    assert window.await_part(0, 0, 0), "what is gone is not waited for"


def test_a_camera_whose_key_frames_stop_ends_the_window() -> None:
    window = window_of(PIECES[:3])
    fragment = PIECES[2].data
    for number in range(MOST_SEGMENT_BYTES // len(fragment) + 10):
        window.put(LivePiece(LiveKind.DELTA, 1, 3 + number, fragment))
        if window.is_over:
            break
    assert window.is_over


def test_rubbish_ends_it_and_an_end_wakes_who_waits() -> None:
    assert window_of([LivePiece(LiveKind.INIT, 1, 0, b"rubbish")]).is_over
    assert window_of([PIECES[0], LivePiece(LiveKind.KEY, 1, 1, bytes(40))]).is_over
    early = window_of([PIECES[1], PIECES[2]])
    assert (early.is_over, early.init()) == (False, None)
    assert window_of([PIECES[0], PIECES[2]]).playlist().count("PART:") == 0, "nothing before a key frame"
    window = window_of(PIECES[:2])
    waiting = threading.Thread(target=lambda: window.await_part(5, 0, 20))
    waiting.start()
    window.end()
    waiting.join(240)
    assert not waiting.is_alive()


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x07moof", bytes(64), PIECES[1].data[:30]])
def test_boxes_without_the_number_are_an_error(data: bytes) -> None:
    with pytest.raises(Mp4Error):
        frame_ticks(data)
    with pytest.raises(Mp4Error):
        ticks_per_s(data)


def test_a_long_head_is_read_too() -> None:
    body = b"\x01" + bytes(19) + (90_000).to_bytes(4, "big")
    assert ticks_per_s((8 + len(body)).to_bytes(4, "big") + b"mdhd" + body) == 90_000
    tfhd = b"\0\0\0\x0b" + bytes(4) + bytes(8) + bytes(4) + (4500).to_bytes(4, "big")
    assert frame_ticks((8 + len(tfhd)).to_bytes(4, "big") + b"tfhd" + tfhd) == 4500
