"""An RTSP camera whose every picture is encoded when it is sent and carries the time of that moment."""

from collections.abc import Sequence
from fractions import Fraction
from typing import overload

import numpy as np
from _control_room import clock_ms, stamped
from av import VideoCodecContext, VideoFrame

from provisioning.simulators.film import Film, Unit, drawn_pictures

WIDTH, HEIGHT, FPS = 640, 360, 15
BLOCK_PX = 16


class ClockUnits(Sequence[Unit]):
    """Pictures without end, for one client; number 0 is asked for its set-up only."""

    def __init__(self, *, bits_per_s: int = 600_000) -> None:
        """Draw the street and start the encoder; a key frame a second."""
        self._street = drawn_pictures(width=WIDTH, height=HEIGHT, frames=60)
        self._encoder = VideoCodecContext.create("libx264", "w")
        self._encoder.width, self._encoder.height, self._encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._encoder.framerate, self._encoder.time_base = Fraction(FPS), Fraction(1, FPS)
        self._encoder.gop_size = FPS
        self._encoder.bit_rate = bits_per_s
        self._encoder.thread_count = 1
        self._encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}
        self._sent = 0
        self._first = self._encode()

    def __len__(self) -> int:
        return 10**9

    @overload
    def __getitem__(self, place: int) -> Unit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Unit]: ...

    def __getitem__(self, place: int | slice) -> Unit | Sequence[Unit]:
        if not isinstance(place, int):
            raise TypeError("pictures without end have no parts")
        return self._first if place == 0 else self._encode()

    def _encode(self) -> Unit:
        picture = np.ascontiguousarray(self._street[self._sent % len(self._street)])
        stamped(picture, clock_ms(), BLOCK_PX)
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = self._sent
        self._sent += 1
        (packet,) = self._encoder.encode(frame)
        parts = bytes(packet).replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").split(b"\x00\x00\x01")[1:]
        return Unit(tuple(parts), bool(packet.is_keyframe))


def clock_film() -> Film:
    """Return the endless film."""
    return Film(ClockUnits(), FPS, WIDTH, HEIGHT)  # type: ignore[arg-type]  # a sequence will do
