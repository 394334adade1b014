"""Packets to the pieces of a fragmented MP4, one frame a piece, without decoding.

FFmpeg's muxer gives a fragment out when the next packet comes: one frame of delay, and the
reason why the key flag is carried one packet back.
"""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction

import av
from av.error import FFmpegError
from av.packet import Packet

from edge.clips.remux import RemuxError
from edge.clips.retiming import TICKS_PER_S, Retiming
from edge.clips.ring import KeptPacket, StreamShape
from edge.wire.live import LiveKind, LivePiece

# What Media Source Extensions of today's browsers play without a licence in the system.
WATCHABLE = frozenset({"h264"})
_OPTIONS = {"movflags": "frag_every_frame+empty_moov+default_base_moof+skip_trailer", "flush_packets": "1"}
_BOX_HEAD = 8


class _Sink(io.RawIOBase):
    """Where the muxer writes: whole boxes come out."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # whatever the muxer hands over is a buffer
        self._bytes += view
        return len(view)

    def boxes(self) -> Iterator[tuple[bytes, bytes]]:
        """Take out the boxes that are complete, as (type, whole box)."""
        while len(self._bytes) >= _BOX_HEAD:
            size = int.from_bytes(self._bytes[:4], "big")
            if size < _BOX_HEAD or len(self._bytes) < size:
                return
            box = bytes(self._bytes[:size])
            del self._bytes[:size]
            yield box[4:8], box


class Fragmenter:
    """Makes one stream of pieces.

    Args:
        shape: of the packets.
        stream: number of the stream, new each time.

    Raises:
        RemuxError: the codec is none that browsers play, or its set-up is missing.
    """

    def __init__(self, shape: StreamShape, *, stream: int) -> None:
        if shape.codec not in WATCHABLE:
            raise RemuxError(
                f"the camera sends {shape.codec.upper()}, browsers need H.264; set its codec to H.264"
            )
        self._stream = stream
        self._number = 0
        self._sink = _Sink()
        self._retiming = Retiming(shape.tick_s)
        self._head = b""
        self._fragment = b""
        self._has_init = False
        # Whether the packet that is still in the muxer is a key frame.
        self._is_key: bool | None = None
        self._stack = ExitStack()
        try:
            template = self._stack.enter_context(av.open(io.BytesIO(shape.header), format="nut"))
            self._output = self._stack.enter_context(
                av.open(self._sink, mode="w", format="mp4", options=_OPTIONS)
            )
            self._target = self._output.add_stream_from_template(template.streams.video[0], opaque=True)
        except (FFmpegError, ValueError) as error:
            self._stack.close()
            raise RemuxError(f"{shape.codec}: {error}") from error

    def feed(self, kept: KeptPacket) -> list[LivePiece]:
        """Take the next packet and return the pieces that are ready; the first packet must be a key frame.

        Raises:
            RemuxError: the packet does not fit the stream.
        """
        packet = Packet(kept.data)
        packet.stream, packet.time_base = self._target, Fraction(1, TICKS_PER_S)
        packet.pts, packet.dts = self._retiming.place(pts=kept.pts, dts=kept.dts)
        packet.is_keyframe = kept.is_key
        try:
            self._output.mux_one(packet)
        except (FFmpegError, ValueError) as error:
            raise RemuxError(str(error)) from error
        pieces = list(self._ready())
        self._is_key = kept.is_key
        return pieces

    def close(self) -> None:
        """Let go of the muxer; what is still in it is lost, as live video may be."""
        try:
            self._stack.close()
        except FFmpegError:
            # Nothing was ever muxed: there is no trailer to write, and nobody to miss it.
            self._stack = ExitStack()

    def _ready(self) -> Iterator[LivePiece]:
        for kind, box in self._sink.boxes():
            if not self._has_init:
                self._head += box
                if kind == b"moov":
                    self._has_init = True
                    yield self._piece(LiveKind.INIT, self._head)
            else:
                self._fragment += box
                if kind == b"mdat":
                    yield self._piece(LiveKind.KEY if self._is_key else LiveKind.DELTA, self._fragment)
                    self._fragment = b""

    def _piece(self, kind: LiveKind, data: bytes) -> LivePiece:
        piece = LivePiece(kind, self._stream, self._number, data)
        self._number += 1
        return piece
