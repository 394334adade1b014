"""Pictures to H.264 packets, for sources without packets of their own and for masked cameras.

Costs CPU where the relay of packets costs none, so it is small, few frames a second, and only
while somebody watches. The only encoder of the edge.
"""

import io
from fractions import Fraction

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from edge.clips.remux import RemuxError
from edge.clips.retiming import TICKS_PER_S
from edge.clips.ring import KeptPacket, StreamShape

Bgr = NDArray[np.uint8]

# A key frame a second: so long waits who joins.
_KEY_EVERY_S = 1.0
_BITS_PER_S = 700_000
_OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}


class PictureEncoder:
    """Encodes pictures of one size.

    Args:
        width_px: of the pictures, even.
        height_px: likewise.
        rate_hz: how many a second there will be, about.

    Raises:
        RemuxError: this FFmpeg has no H.264 encoder.
    """

    def __init__(self, *, width_px: int, height_px: int, rate_hz: float) -> None:
        self.size = (width_px, height_px)
        try:
            self.shape = _shape_of(width_px, height_px, rate_hz)
            self._stream = _new_stream(av.open(io.BytesIO(), mode="w", format="nut"), self.size, rate_hz)
        except (FFmpegError, ValueError) as error:
            raise RemuxError(f"pictures cannot be encoded here: {error}") from error

    def encode(self, picture: Bgr, *, at_s: float) -> list[KeptPacket]:
        """Return the packets of the next picture.

        Args:
            picture: (H, W, 3) uint8 BGR.
            at_s: monotonic time of the picture; rising.

        Raises:
            RemuxError: the encoder gave up.
        """
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p")
        frame.pts = round(at_s * TICKS_PER_S)
        frame.time_base = Fraction(1, TICKS_PER_S)
        try:
            packets = self._stream.encode(frame)
        except (FFmpegError, ValueError) as error:
            raise RemuxError(f"a picture cannot be encoded: {error}") from error
        return [
            KeptPacket(data=bytes(p), at_s=at_s, is_key=p.is_keyframe, pts=p.pts, dts=p.dts) for p in packets
        ]


def _new_stream(container: OutputContainer, size: tuple[int, int], rate_hz: float) -> VideoStream:
    stream: VideoStream = container.add_stream("libx264", rate=max(1, round(rate_hz)), options=_OPTIONS)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.gop_size = max(1, round(_KEY_EVERY_S * rate_hz))
    stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
    stream.codec_context.bit_rate = _BITS_PER_S
    # The set-up goes into the head of the stream, as a camera's does.
    stream.codec_context.flags |= Flags.global_header.value
    return stream


def _shape_of(width_px: int, height_px: int, rate_hz: float) -> StreamShape:
    """Return the shape of what an encoder of this size makes: the head of a file of one black picture."""
    buffer = io.BytesIO()
    with av.open(buffer, mode="w", format="nut") as container:
        stream = _new_stream(container, (width_px, height_px), rate_hz)
        black = av.VideoFrame(width_px, height_px, "yuv420p")
        black.pts = 0
        container.mux(stream.encode(black))
    return StreamShape(codec="h264", tick_s=1 / TICKS_PER_S, header=buffer.getvalue())
