"""A file in the place of a camera: formats, pace, loop, and files that are none."""

import os
from itertools import islice, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from edge.cameras.port import CameraError
from edge.cameras.sources.replay import Recording, ReplayCamera, parse_recording
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.conftest import VideoMaker, shade_of
from tests.edge.cameras.contract import CameraContract, take


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds


def once(path: Path) -> ReplayCamera:
    camera = ReplayCamera(Recording(path, "max", is_looped=False))
    camera.open()
    return camera


class TestReplayKeepsTheContract(CameraContract):
    @pytest.fixture
    def camera(self, make_video: VideoMaker) -> ReplayCamera:
        return ReplayCamera(Recording(make_video(), "max"))


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mkv", "libx264", "yuv420p"),
        ("a.avi", "libx264", "yuv420p"),
        ("a.mp4", "mpeg4", "yuv420p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.mkv", "mjpeg", "yuvj420p"),
        ("a.avi", "mjpeg", "yuvj422p"),
        ("a.mp4", "libx265", "yuv420p"),
        ("a.mkv", "libx265", "yuv420p10le"),
    ],
)
def test_each_usual_format_shows_the_pictures_in_order(
    make_video: VideoMaker, name: str, codec: str, pixels: str
) -> None:
    frames = take(once(make_video(name, codec=codec, pixels=pixels)), 100)
    assert len(frames) == 12
    greys = [float(frame.luma[:, :40].mean()) for frame in frames]
    expected = [float(shade_of(number)) for number in range(12)]
    # Video range squeezes 0..255 into 16..235, so that only the order and the steps are compared.
    assert np.corrcoef(greys, expected)[0, 1] > 0.99


def test_rows_are_cut_to_the_width_of_the_picture(make_video: VideoMaker) -> None:
    frame = take(once(make_video(width=90, height=62)), 1)[0]
    assert frame.luma.shape == (62, 90)
    assert abs(float(frame.luma[:, :40].mean()) - float(frame.luma[10, 10])) < 3


def test_key_frames_are_told_from_the_others(make_video: VideoMaker) -> None:
    frames = take(once(make_video(frames=12, gop=6)), 12)
    assert [frame.is_key for frame in frames].count(True) in (2, 3)
    assert frames[0].is_key
    assert not frames[1].is_key


def test_time_and_numbers_go_on_over_the_loop(make_video: VideoMaker) -> None:
    camera = ReplayCamera(Recording(make_video(frames=5, fps=10), "max"))
    camera.open()
    frames = take(camera, 12)
    assert [frame.seq for frame in frames] == list(range(12))
    steps = np.diff([frame.pts_s for frame in frames])
    assert steps == pytest.approx([0.1] * 11)


def test_a_file_that_is_not_looped_ends(make_video: VideoMaker) -> None:
    assert len(take(once(make_video(frames=7)), 100)) == 7


def test_real_time_waits_until_each_frame_is_due(make_video: VideoMaker) -> None:
    clock = Clock()
    camera = ReplayCamera(Recording(make_video(frames=6, fps=10)), clock=clock, sleep=clock.sleep)
    camera.open()
    at_s = [clock.now_s - 100.0 for _ in islice(camera.frames(), 6)]
    assert at_s == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])


def test_a_consumer_that_is_late_is_not_hurried(make_video: VideoMaker) -> None:
    clock = Clock()
    camera = ReplayCamera(Recording(make_video(frames=8, fps=10)), clock=clock, sleep=clock.sleep)
    camera.open()
    for frame in islice(camera.frames(), 4):
        if frame.seq == 1:
            clock.now_s += 1.2
    # The schedule slips: frames after the pause are spaced as before it.
    assert clock.slept_s[-1] == pytest.approx(0.1)


def test_frames_that_come_too_late_are_skipped_up_to_a_key_frame_and_counted(
    make_video: VideoMaker, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    path = make_video("a.mkv", frames=60, fps=10, gop=10, codec="mpeg4")
    camera = ReplayCamera(Recording(path, is_looped=False), clock=clock, sleep=clock.sleep)
    camera.open()
    seen = []
    for frame in camera.frames():
        seen.append(frame)
        clock.now_s += 0.4  # the analysis takes four times as long as a frame lasts
    numbers = [frame.seq for frame in seen]
    assert len(numbers) < 40
    assert numbers[-1] >= 49
    gaps = [(a, b) for a, b in pairwise(numbers) if b != a + 1]
    assert gaps
    assert all(frame.is_key for frame in seen if any(frame.seq == after for _, after in gaps))
    assert "behind" in caplog.text


def test_as_fast_as_it_can_skips_nothing(make_video: VideoMaker) -> None:
    clock = Clock()
    camera = ReplayCamera(Recording(make_video(frames=60, fps=10), "max", is_looped=False), clock=clock)
    camera.open()
    numbers = []
    for frame in camera.frames():
        numbers.append(frame.seq)
        clock.now_s += 1.0
    assert numbers == list(range(60))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"hello world\n" * 400, "no video"), (os.urandom(9000), "no video")],
    ids=["zero length", "text", "noise"],
)
def test_a_file_that_is_no_video_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(CameraError, match=words) as caught:
        once(path)
    assert caught.value.fault is CameraFault.NOT_VIDEO
    assert "clip.mp4" in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="does not exist") as caught:
        once(tmp_path / "nothing.mp4")
    assert caught.value.fault is CameraFault.NOT_FOUND
    with pytest.raises(CameraError, match="is a folder") as caught:
        once(tmp_path)
    assert caught.value.fault is CameraFault.NOT_VIDEO


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(make_video: VideoMaker) -> None:
    path = make_video()
    path.chmod(0)
    with pytest.raises(CameraError, match="may not be read") as caught:
        once(path)
    assert caught.value.fault is CameraFault.REFUSED


@pytest.mark.parametrize("name", ["cut.mkv", "cut.avi", "cut.ts"])
def test_a_truncated_file_shows_what_is_left_of_it(make_video: VideoMaker, name: str) -> None:
    path = make_video(name, frames=200, codec="mpeg4")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    assert 5 < len(take(once(path), 300)) < 200


def test_a_file_whose_index_was_cut_off_is_no_video(make_video: VideoMaker) -> None:
    path = make_video("cut.mp4", frames=40)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(CameraError, match="no video"):
        once(path)


def test_a_file_in_which_nothing_can_be_decoded_is_not_looped_for_ever(make_video: VideoMaker) -> None:
    path = make_video("bad.avi", frames=20, codec="mpeg4")
    data = bytearray(path.read_bytes())
    at = data.index(b"00dc", data.index(b"movi"))
    while data[at : at + 4] == b"00dc":
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        data[at + 8 : at + 8 + length] = bytes(length)
        at += 8 + length + length % 2
    path.write_bytes(data)
    camera = ReplayCamera(Recording(path, "max"))
    camera.open()
    with pytest.raises(CameraError, match="holds no picture") as caught:
        take(camera, 1)
    assert caught.value.fault is CameraFault.NOT_VIDEO


def test_sound_without_pictures_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    with pytest.raises(CameraError, match="holds no video") as caught:
        once(path)
    assert caught.value.fault is CameraFault.NOT_VIDEO


def test_a_playlist_cannot_lead_to_other_files(make_video: VideoMaker, tmp_path: Path) -> None:
    video = make_video("a.mp4")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:{video}\n#EXT-X-ENDLIST\n")
    listing = tmp_path / "list.mp4"
    listing.write_text(f"ffconcat version 1.0\nfile {video}\n")
    for path in (playlist, listing):
        with pytest.raises(CameraError) as caught:
            once(path)
        assert caught.value.fault is CameraFault.NOT_VIDEO


def test_a_picture_size_that_changes_midway_shows_in_the_frames(
    make_video: VideoMaker, tmp_path: Path
) -> None:
    small = make_video("a.h264", width=96, height=64).read_bytes()
    large = make_video("b.h264", width=128, height=96).read_bytes()
    joined = tmp_path / "joined.h264"
    joined.write_bytes(small + large)
    frames = take(once(joined), 100)
    assert [frame.luma.shape for frame in (frames[0], frames[-1])] == [(64, 96), (96, 128)]
    times = [frame.pts_s for frame in frames]
    assert times == sorted(set(times))


def test_how_a_recording_is_played_can_be_said() -> None:
    assert parse_recording("a.mp4") == Recording(Path("a.mp4"), "real", is_looped=True)
    assert parse_recording("a.mp4?pace=max&loop=0") == Recording(Path("a.mp4"), "max", is_looped=False)
    assert parse_recording("a?b.mp4?loop=1") == Recording(Path("a?b.mp4"), "real", is_looped=True)


def test_a_question_mark_may_be_part_of_a_name_that_exists(make_video: VideoMaker) -> None:
    path = make_video("what?.mp4")
    assert parse_recording(str(path)) == Recording(path)
    assert len(take(once(path), 100)) == 12


@pytest.mark.parametrize("options", ["pace=fast", "loop=2", "speed=2", "loop=", "pace"])
def test_an_option_that_does_not_exist_is_an_error(options: str) -> None:
    with pytest.raises(CameraError, match="pace=real or pace=max") as caught:
        parse_recording(f"a.mp4?{options}")
    assert caught.value.fault is CameraFault.NOT_FOUND
