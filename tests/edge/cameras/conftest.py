"""Real video files, made on the spot."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

VideoMaker = Callable[..., Path]


def shade_of(number: int) -> int:
    """The grey of the left half of frame ``number``, so that a test knows which frame it sees."""
    return 40 + number * 7 % 160


def picture_of(number: int, *, width: int, height: int) -> np.ndarray:
    picture = np.full((height, width, 3), shade_of(number), np.uint8)
    picture[:, width // 2 :] = (200, 60, 40)
    return picture


@pytest.fixture
def make_video(tmp_path: Path) -> VideoMaker:
    """Return a function that writes a video file and returns its path."""

    def make(
        name: str = "clip.mp4",
        *,
        codec: str = "libx264",
        frames: int = 12,
        fps: int = 25,
        width: int = 96,
        height: int = 64,
        gop: int = 6,
        pixels: str = "yuv420p",
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=options or {}) as container:
            stream = container.add_stream(codec, rate=fps)
            stream.width, stream.height, stream.pix_fmt = width, height, pixels
            stream.codec_context.gop_size = gop
            stream.codec_context.time_base = Fraction(1, fps)
            stream.codec_context.thread_count = 1
            for number in range(frames):
                frame = VideoFrame.from_ndarray(
                    picture_of(number, width=width, height=height), format="rgb24"
                )
                frame.pts = number
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make
