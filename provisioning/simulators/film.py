"""A short H.264 film to loop: what a simulated camera shows.

Drawn and encoded once, so that a simulator costs next to nothing while it runs. Needs the
extra ``edge`` (PyAV and numpy). Must not know RTSP.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_START_CODE = b"\x00\x00\x01"
_SPS, _PPS = 7, 8
_LONGEST_S = 30
_CAR_COLOURS = ((200, 60, 50), (60, 160, 70), (50, 80, 200), (220, 200, 60))


@dataclass(frozen=True, slots=True)
class Unit:
    """One coded picture: its NAL units without start codes."""

    nals: tuple[bytes, ...]
    is_key: bool


@dataclass(frozen=True, slots=True)
class Film:
    """Coded pictures in order, beginning with a key frame; made to be shown in a loop."""

    units: tuple[Unit, ...]
    fps: int
    width: int
    height: int

    @property
    def parameter_sets(self) -> tuple[bytes, bytes]:
        """SPS and PPS, which a session description carries."""
        first = {nal[0] & 0x1F: nal for nal in self.units[0].nals}
        return first[_SPS], first[_PPS]


def drawn_pictures(*, width: int, height: int, frames: int) -> list[Picture]:
    """Return a grey street on which coloured blocks drive to the right, (H, W, 3) uint8 RGB each."""
    shade = np.linspace(70, 150, height, dtype=np.uint8)[:, None, None]
    street = np.broadcast_to(shade, (height, width, 3))
    return [_with_cars(street.copy(), frame / frames) for frame in range(frames)]


def _with_cars(picture: Picture, phase: float) -> Picture:
    height, width, _ = picture.shape
    for lane, colour in enumerate(_CAR_COLOURS):
        left = int((phase * (lane + 1) + lane / 4) % 1 * width)
        top = height * (2 * lane + 1) // 9
        picture[top : top + height // 10, left : left + width // 8] = colour
    return picture


def film_of(pictures: list[Picture], *, fps: int, gop: int = 20) -> Film:
    """Encode pictures of one size, with a key frame every ``gop`` of them."""
    height, width, _ = pictures[0].shape
    encoder = _encoder(width, height, fps, gop)
    packets = []
    for number, picture in enumerate(pictures):
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    units = tuple(Unit(_nals(bytes(packet)), packet.is_keyframe) for packet in packets)
    return Film(units, fps, width, height)


def _encoder(width: int, height: int, fps: int, gop: int) -> VideoCodecContext:
    encoder = VideoCodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(fps), Fraction(1, fps)
    encoder.gop_size = gop
    encoder.thread_count = 1
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "scenecut=0"}
    return encoder


def _nals(coded: bytes) -> tuple[bytes, ...]:
    parts = coded.split(_START_CODE)[1:]
    return tuple(
        part.rstrip(b"\x00") if number < len(parts) - 1 else part for number, part in enumerate(parts)
    )


def street_film(*, width: int = 640, height: int = 360, fps: int = 10, seconds: int = 8) -> Film:
    """Return the film that is shown when nothing else is asked for."""
    return film_of(drawn_pictures(width=width, height=height, frames=fps * seconds), fps=fps)


def film_from(path: Path, *, width: int = 640, height: int = 360) -> Film:
    """Return the beginning of a video file as a film.

    Raises:
        av.error.FFmpegError: not a video that can be read.
        ValueError: it holds no pictures.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        fps = max(1, round(stream.average_rate or 25))
        pictures: list[Picture] = []
        for frame in container.decode(stream):
            pictures.append(frame.to_ndarray(format="rgb24", width=width, height=height).view(np.uint8))
            if len(pictures) >= fps * _LONGEST_S:
                break
    if not pictures:
        raise ValueError(f"{path} holds no pictures")
    return film_of(pictures, fps=fps)
