"""Small coded films for the tests of clips."""

import io
from collections.abc import Sequence

import av
import numpy as np

from edge.clips.remux import kept_of, shape_of
from edge.clips.ring import KeptPacket, StreamShape
from provisioning.simulators.film import drawn_pictures

FPS = 10
GROUP = 10


def film(*, seconds: float, codec: str = "libx264", width: int = 160, height: int = 96) -> bytes:
    """Return a drawn street as MP4, a key frame every ``GROUP`` frames, B-frames between."""
    buffer = io.BytesIO()
    options = {"preset": "ultrafast", "bf": "2"} if codec == "libx264" else {}
    with av.open(buffer, mode="w", format="mp4") as output:
        stream = output.add_stream(codec, rate=FPS)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = GROUP
        stream.codec_context.options = options
        for picture in drawn_pictures(width=width, height=height, frames=round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return buffer.getvalue()


def packets_of(data: bytes, *, began_s: float = 0.0) -> tuple[StreamShape, list[KeptPacket]]:
    """Return the shape and the packets of a film, as a camera that sends in real time would."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        kept = [kept_of(packet, at_s=began_s + number / FPS) for number, packet in enumerate(packets)]
        return shape_of(stream), [packet for packet in kept if packet is not None]


def decoded(data: bytes) -> Sequence[av.VideoFrame]:
    """Return every frame that a player would show."""
    with av.open(io.BytesIO(data)) as container:
        return list(container.decode(video=0))
