"""Packets to a fragmented MP4, and packets out of an open container; nothing is decoded.

The shape of a stream is kept as the head of a NUT file: the one container that carries the
decoder's set-up unchanged, so that it outlives the connection it came from.
"""

import io
from collections.abc import Sequence
from fractions import Fraction

import av
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from edge.clips.retiming import TICKS_PER_S, Retiming
from edge.clips.ring import KeptPacket, StreamShape
from edge.errors import EdgeError

# What browsers play; motion JPEG and MPEG-4 part 2 they do not.
PLAYABLE = frozenset({"h264", "hevc", "av1"})
# A player seeks to fragments, and what was cut off by a crash still plays up to there.
_OPTIONS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


class RemuxError(EdgeError):
    """Packets that make no file."""


def shape_of(stream: VideoStream) -> StreamShape:
    """Return the shape of an open stream.

    Raises:
        RemuxError: the codec cannot be put into a file.
    """
    name = stream.codec_context.name
    time_base = stream.time_base or Fraction(1, TICKS_PER_S)
    buffer = io.BytesIO()
    try:
        with av.open(buffer, mode="w", format="nut") as output:
            target = output.add_stream_from_template(stream, opaque=True)
            # A header alone is no file to FFmpeg: it wants one packet, whatever is in it.
            dummy = Packet(bytes(64))
            dummy.stream, dummy.time_base, dummy.is_keyframe = target, time_base, True
            dummy.pts = dummy.dts = 0
            output.mux_one(dummy)
    except (FFmpegError, ValueError) as error:
        raise RemuxError(f"{name}: {error}") from error
    return StreamShape(codec=name, tick_s=float(time_base), header=buffer.getvalue())


def kept_of(packet: "Packet[VideoStream]", *, at_s: float) -> KeptPacket | None:
    """Return a packet as the ring keeps it; ``None`` for the empty one that ends a stream."""
    if packet.size == 0:
        return None
    return KeptPacket(
        data=bytes(packet), at_s=at_s, is_key=packet.is_keyframe, pts=packet.pts, dts=packet.dts
    )


def fragmented_mp4(shape: StreamShape, packets: Sequence[KeptPacket]) -> bytes:
    """Return a file that plays ``packets``; its time begins at 0 and has no jumps.

    Args:
        shape: of the stream they came from.
        packets: at least one, the first a key frame.

    Raises:
        RemuxError: they do not fit the stream.
    """
    buffer = io.BytesIO()
    try:
        with (
            av.open(io.BytesIO(shape.header), format="nut") as template,
            av.open(buffer, mode="w", format="mp4", options=_OPTIONS) as output,
        ):
            target = output.add_stream_from_template(template.streams.video[0], opaque=True)
            for kept, (pts, dts) in zip(packets, retimed(packets, shape.tick_s), strict=True):
                packet = Packet(kept.data)
                packet.stream, packet.time_base = target, Fraction(1, TICKS_PER_S)
                packet.pts, packet.dts, packet.is_keyframe = pts, dts, kept.is_key
                output.mux_one(packet)
    except (FFmpegError, ValueError) as error:
        raise RemuxError(f"{shape.codec}: {error}") from error
    return buffer.getvalue()


def retimed(packets: Sequence[KeptPacket], tick_s: float) -> list[tuple[int, int]]:
    """Return (pts, dts) of each packet in 1/90000 s: dts from 0 and always rising, pts not before it."""
    retiming = Retiming(tick_s)
    return [retiming.place(pts=packet.pts, dts=packet.dts) for packet in packets]
