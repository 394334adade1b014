"""The recorder: what came before an event and after it, whole, and trouble that stays its own."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from edge.clips.recorder import ClipRecorder
from edge.clips.remux import PLAYABLE, fragmented_mp4
from edge.clips.ring import KeptPacket, StreamShape
from edge.clips.shelf import ShelfError
from edge.config import ClipLengths
from edge.wire.records.bodies import ClipKept, ClipReason
from tests.edge.clips.film import FPS, decoded, film, packets_of

NOW = datetime(2026, 11, 21, 0, 14, 0, tzinfo=UTC)
SHAPE, PACKETS = packets_of(film(seconds=20))


class Memory:
    """A shelf that is a list, or refuses."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, bytes]] = []
        self.refusal = ""

    def keep(self, camera: str, clip: str, data: bytes) -> None:
        if self.refusal:
            raise ShelfError(self.refusal)
        self.kept.append((camera, clip, data))


class Rig:
    """A recorder whose clock stands at the newest packet."""

    def __init__(self, **lengths: float) -> None:
        self.shelf = Memory()
        self.now_s = 0.0
        self.recorder = ClipRecorder(
            camera="utara",
            lengths=ClipLengths(**({"enabled": True, "pre_roll_s": 3, "post_roll_s": 2} | lengths)),
            keeper=self.shelf,
            file_of=fragmented_mp4,
            playable=PLAYABLE,
            monotonic=lambda: self.now_s,
            now=lambda: NOW + timedelta(seconds=self.now_s),
            token=lambda: "0badcafe",
        )
        self.recorder.start()

    def film(self, from_s: float, to_s: float, packets: list[KeptPacket] = PACKETS) -> None:
        for packet in packets:
            if from_s <= packet.at_s < to_s:
                self.now_s = packet.at_s
                self.recorder.feed(packet)
        self.now_s = to_s

    def kept(self) -> ClipKept:
        deadline_s = time.monotonic() + 240
        while not (kept := self.recorder.kept()):
            assert time.monotonic() < deadline_s, "no clip was kept"
            time.sleep(0.01)
        return kept[0]


@pytest.fixture
def make_rig() -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(**lengths: float) -> Rig:
        rigs.append(Rig(**lengths))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.recorder.close(5)


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    rig = make_rig()
    rig.recorder.begins(SHAPE)
    return rig


def test_a_clip_has_what_came_before_and_after_and_plays(rig: Rig) -> None:
    rig.film(0, 10)
    assert rig.recorder.want(ClipReason.INTEGRITY) == ""
    rig.film(10, 12)
    kept = rig.kept()
    ((camera, clip, data),) = rig.shelf.kept
    frames = decoded(data)
    assert (camera, clip, kept.bytes) == ("utara", kept.clip, len(data))
    assert frames[0].key_frame
    assert kept.started_at == NOW + timedelta(seconds=7), "three seconds before, at a key frame"
    assert kept.clip == "20261121t001407z-0badcafe"
    assert kept.duration_s == pytest.approx(5 - 1 / FPS)
    assert len(frames) == 5 * FPS
    assert kept.reason is ClipReason.INTEGRITY


def test_what_happens_within_a_clip_begins_no_second_one(rig: Rig) -> None:
    rig.film(0, 5)
    rig.recorder.want(ClipReason.INTEGRITY)
    rig.film(5, 6)
    rig.recorder.want(ClipReason.MOTION)
    rig.film(6, 8)
    assert rig.kept().reason is ClipReason.INTEGRITY
    rig.film(8, 20)
    assert rig.recorder.close(5) == []
    assert len(rig.shelf.kept) == 1


def test_a_clip_that_was_begun_is_kept_as_far_as_it_came_when_the_worker_ends(rig: Rig) -> None:
    rig.film(0, 5)
    rig.recorder.want(ClipReason.COMMAND)
    rig.film(5, 5.5)
    (kept,) = rig.recorder.close(10)
    assert kept.duration_s == pytest.approx(3.5 - 1 / FPS)


def test_without_packets_the_answer_says_so(rig: Rig) -> None:
    assert rig.recorder.want(ClipReason.COMMAND) == "no packets have come yet"


def test_a_codec_that_browsers_cannot_play_is_refused_once(
    make_rig: Callable[..., Rig], caplog: pytest.LogCaptureFixture
) -> None:
    rig = make_rig()
    shape, packets = packets_of(film(seconds=1, codec="mjpeg"))
    rig.recorder.begins(shape)
    rig.recorder.begins(shape)
    rig.film(0, 1, packets)
    assert "the stream is mjpeg" in rig.recorder.want(ClipReason.COMMAND)
    assert len(caplog.records) == 1


def test_a_shelf_that_refuses_is_said_once_and_the_next_clip_is_tried(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.shelf.refusal = "the disk is full"
    for begin in (0, 4, 8):
        rig.film(begin, begin + 2)
        rig.recorder.want(ClipReason.MOTION)
        rig.film(begin + 2, begin + 4)
        wait_for(lambda: rig.recorder._wanted is None)
    rig.shelf.refusal = ""
    rig.film(12, 14)
    rig.recorder.want(ClipReason.MOTION)
    rig.film(14, 16)
    rig.kept()
    assert [record.getMessage() for record in caplog.records] == ["utara: no clip: the disk is full"]


def test_with_too_many_bytes_the_clip_is_short_and_has_the_event(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(pre_roll_s=10, post_roll_s=60, ram_mib=1)
    rig.recorder.begins(SHAPE)
    heavy = [
        KeptPacket(bytes(20_000), at_s=number / FPS, is_key=number % FPS == 0, pts=number, dts=number)
        for number in range(20 * FPS)
    ]
    rig.film(0, 3, heavy)
    rig.recorder.want(ClipReason.MOTION)
    stop = threading.Event()
    for at_s in range(3, 20):
        rig.film(at_s, at_s + 1, heavy)
        if stop.wait(0.4) or rig.shelf.kept:
            break
    kept = rig.kept()
    assert kept.started_at <= NOW + timedelta(seconds=3)
    assert kept.bytes < 2**20


def test_a_stream_that_begins_anew_with_another_shape_forgets_the_old_packets(rig: Rig) -> None:
    rig.film(0, 5)
    other, packets = packets_of(film(seconds=5, width=320, height=192), began_s=5.0)
    rig.recorder.begins(other)
    assert rig.recorder.want(ClipReason.COMMAND) == "no packets have come yet"
    rig.film(5, 8, packets)
    rig.recorder.want(ClipReason.COMMAND)
    rig.film(8, 10, packets)
    rig.kept()
    assert {(frame.width, frame.height) for frame in decoded(rig.shelf.kept[0][2])} == {(320, 192)}


def test_packets_before_any_shape_are_passed_over(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.film(0, 2)
    assert rig.recorder.want(ClipReason.COMMAND)


def test_a_shape_that_makes_no_file_is_said(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.recorder.begins(StreamShape("h264", 1 / 90_000, b"rubbish"))
    rig.film(0, 3)
    rig.recorder.want(ClipReason.COMMAND)
    rig.film(3, 6)
    wait_for(lambda: "no clip: h264" in caplog.text)
    assert rig.recorder.kept() == []


def wait_for(is_true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 240
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
