"""Every usual file keeps the camera's contract, and no unusual one gets the better of us."""

from fractions import Fraction
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from edge.cameras.eyes import Eyes
from edge.cameras.port import CameraError
from edge.cameras.sources.replay import Recording, ReplayCamera
from edge.cameras.telling.counts import Counting
from edge.config import CameraSettings
from edge.wire.records.bodies import CameraFault, PictureState
from tests.edge.cameras.conftest import VideoMaker
from tests.edge.cameras.contract import CameraContract, take

KINDS = {"libx264": "yuv420p", "mpeg4": "yuv420p", "mjpeg": "yuvj420p"}


class TestEveryUsualFileKeepsTheContract(CameraContract):
    @pytest.fixture(params=product(KINDS, ("mp4", "avi", "mkv")), ids=lambda pair: f"{pair[0]}-{pair[1]}")
    def camera(self, request: pytest.FixtureRequest, make_video: VideoMaker) -> ReplayCamera:
        codec, ending = request.param
        path = make_video(f"clip.{ending}", codec=codec, pixels=KINDS[codec])
        return ReplayCamera(Recording(path, "max"))


def played(path: Path) -> ReplayCamera:
    camera = ReplayCamera(Recording(path, "max", is_looped=False))
    camera.open()
    return camera


def joined(make_video: VideoMaker, tmp_path: Path, **second: object) -> Path:
    """Return three recordings in one file, as a recorder writes that was switched over meanwhile."""
    parts = [make_video("a.ts", frames=30), make_video("b.ts", frames=30, **second), tmp_path / "a.ts"]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


@pytest.mark.parametrize(
    "second",
    [{}, {"width": 160, "height": 96}, {"codec": "libx265"}, {"codec": "mpeg4"}, {"codec": "mpeg2video"}],
    ids=["the clock goes back", "another size", "h265", "mpeg-4", "mpeg-2"],
)
def test_a_stream_that_changes_in_mid_run_goes_on_with_what_can_be_seen(
    make_video: VideoMaker, tmp_path: Path, second: dict[str, object]
) -> None:
    frames = take(played(joined(make_video, tmp_path, **second)), 200)
    assert len(frames) >= 55
    times = [frame.pts_s for frame in frames]
    assert times == sorted(set(times))
    assert times[-1] - times[0] < 10
    assert [frame.seq for frame in frames] == list(range(len(frames)))


def test_a_clock_that_jumps_a_day_ahead_is_no_pause(make_video: VideoMaker, tmp_path: Path) -> None:
    path = tmp_path / "jump.mkv"
    with av.open(str(make_video(frames=20, fps=10))) as even, av.open(str(path), "w") as jumping:
        stream = jumping.add_stream_from_template(even.streams.video[0])
        for number, packet in enumerate(even.demux(video=0)):
            if packet.pts is None or packet.dts is None or packet.time_base is None:
                continue
            ahead = round(86_400 / packet.time_base) if number >= 10 else 0
            packet.pts, packet.dts, packet.stream = packet.pts + ahead, packet.dts + ahead, stream
            jumping.mux(packet)
    times = [frame.pts_s for frame in take(played(path), 100)]
    assert len(times) == 20
    assert times[-1] - times[0] == pytest.approx(1.9, abs=0.3)


@pytest.mark.parametrize(("codec", "ending"), [("libx264", "mkv"), ("mpeg4", "avi"), ("mjpeg", "avi")])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_file_that_was_cut_off_shows_what_is_left_or_says_that_nothing_is(
    make_video: VideoMaker, codec: str, ending: str, share: float
) -> None:
    path = make_video(f"cut.{ending}", frames=100, codec=codec, pixels=KINDS[codec])
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * share)])
    assert 0 <= shown(path) <= 100


def shown(path: Path) -> int:
    """Return how many pictures a file shows; none when it is said to be no video."""
    try:
        return len(take(played(path), 300))
    except CameraError as error:
        return 0 if error.fault is CameraFault.NOT_VIDEO else -1


def damaged(path: Path, *, hits: int) -> Path:
    """Hurt the last two thirds of a file."""
    data = bytearray(path.read_bytes())
    first = data.index(b"00dc", data.index(b"movi")) + len(data) // 3
    last = data.rindex(b"idx1")
    for place in np.random.default_rng(20261122).integers(first, last, hits).tolist():
        data[place] ^= 0x5A
    path.write_bytes(data)
    return path


def test_damage_in_a_file_is_seen_as_damage(make_video: VideoMaker) -> None:
    path = make_video("bad.avi", frames=60, codec="mpeg4", gop=10, width=320, height=192)
    frames = take(played(damaged(path, hits=60)), 100)
    assert any(frame.is_damaged for frame in frames)
    assert not all(frame.is_damaged for frame in frames)


def test_a_torn_stream_is_called_torn_though_most_of_its_pictures_are_not_looked_at(
    make_video: VideoMaker,
) -> None:
    path = make_video("torn.avi", frames=900, fps=25, codec="mpeg4", gop=25, width=160, height=96)
    eyes = Eyes(CameraSettings(id="gate", source="replay:torn.avi", fps=5))
    pictures = [eyes.look(frame).picture for frame in played(damaged(path, hits=400)).frames()]
    assert PictureState.SMEARED in pictures
    assert PictureState.SMEARED not in pictures[:280]


@pytest.fixture(scope="module")
def large_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return eight seconds of 4K at 60 pictures a second, every one a key frame."""
    encoder = VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 3840, 2160, "yuvj420p"
    encoder.time_base = Fraction(1, 60)
    (picture,) = encoder.encode(VideoFrame(3840, 2160, "yuvj420p"))
    path = tmp_path_factory.mktemp("large") / "large.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=60)
        stream.width, stream.height, stream.pix_fmt = 3840, 2160, "yuvj420p"
        for number in range(480):
            packet = Packet(bytes(picture))
            packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 60), True
            packet.pts = packet.dts = number
            container.mux(packet)
    return path


def test_more_than_the_machine_can_take_is_skipped_and_told(
    large_film: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now_s = 100.0

    def sleep(seconds: float) -> None:
        nonlocal now_s
        now_s += seconds

    camera = ReplayCamera(Recording(large_film, is_looped=False), clock=lambda: now_s, sleep=sleep)
    camera.open()
    counting = Counting(camera="gate", lines=[])
    seen, expected = 0, 0
    for frame in camera.frames():
        counting.received(missing=frame.seq - expected)
        counting.analysed(motion_share=0.0, confidence=1.0)
        expected, seen = frame.seq + 1, seen + 1
        now_s += 0.5  # a thirtieth of what is needed
    counts = counting.close(now_s - 100.0)
    assert seen < 60
    assert expected > 440
    assert counts is not None
    assert (counts.frames, counts.skipped) == (seen, expected - seen)
    assert counts.confidence < 0.2
    assert "frames are skipped" in caplog.text
    # It fell behind by seconds, not by ever more of them.
    assert now_s - 100.0 < 8 * 4


def test_key_frames_are_exact_and_what_lies_between_is_nearly_so(make_video: VideoMaker) -> None:
    path = make_video(frames=24, gop=8)
    with av.open(str(path)) as container:
        exact = [frame.to_ndarray()[: frame.height] for frame in container.decode(video=0)]
    found = [(frame.luma.copy(), frame.is_key) for frame in played(path).frames()]
    assert len(found) == len(exact)
    for (luma, is_key), whole in zip(found, exact, strict=True):
        off = np.abs(luma.astype(int) - whole)
        assert off.mean() < (0.01 if is_key else 2.0)
