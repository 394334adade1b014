"""From an opened container to frames: what RTSP, MJPEG, files and V4L2 have in common.

The only import of PyAV beside :mod:`edge.cameras.sources.faults`. One decoder thread a camera: a Pi
has more cameras than cores to spare. Luma is the decoder's own plane; colour is made when
asked for. Must not know where the container came from.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.cameras.port import Bgr, CameraError, Frame, Luma
from edge.cameras.sources.faults import camera_error
from edge.cameras.sources.peers import connections, is_led_astray
from edge.cameras.sources.timeline import DEFAULT_STEP_S, Lag, Timeline
from edge.clips.remux import RemuxError, kept_of, shape_of
from edge.clips.ring import PacketTap
from edge.wire.records.bodies import CameraFault

logger = logging.getLogger(__name__)

# Each stage of opening may take this long; two stages and the start of the process stay below
# the time after which the agent calls a camera hung (measured: OpenCV blocks 30 s by default).
OPEN_TIMEOUT_S = 4.0
READ_TIMEOUT_S = 4.0
# Packets without a picture for this long: no key frame comes, or the codec is another one.
NO_PICTURE_S = 5.0
# Behind by more than this we stop decoding until the next key frame: late pictures help nobody.
MAX_LAG_S = 2.0
KEY_EVERY_S = 0.5
# A read that took longer than this had to wait for the source.
_WAITED_S = 0.01
# 16 million pixels: no camera of a street has more, and a lying one shall not take our memory.
_MAX_PIXELS = "16000000"
# The filter that smooths the borders of blocks is left out between key frames: a quarter of the cost of
# decoding. A picture is off by half a level until the next key frame (PSNR of the middle one 48 to 62 dB
# on three clips of 0.5 to 0.8 Mbit/s, measured 2026-11), and counts are the same.
_SPARING = {"skip_loop_filter": "nokey"}
_EIGHT_BIT_LUMA = {
    "yuv420p",
    "yuvj420p",
    "yuv422p",
    "yuvj422p",
    "yuv444p",
    "yuvj444p",
    "nv12",
    "nv21",
    "gray",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open one source.

    ``url`` may hold a password and is shown to nobody; ``name`` is what people may read. ``host`` is
    named where the source might lead the connection to another machine, which is not gone along with.
    """

    url: str
    name: str
    options: dict[str, str]
    format: str | None = None
    host: str = ""


def open_container(opening: Opening, *, clock: Callable[[], float]) -> InputContainer:
    """Open a source within the timeouts.

    Raises:
        CameraError: nothing there, nothing said, refused, no video, or it leads elsewhere.
    """
    before = connections() if opening.host else {}
    began_s = clock()
    try:
        container = av.open(
            opening.url,
            mode="r",
            format=opening.format,
            options={"max_pixels": _MAX_PIXELS, **opening.options},
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        )
    except FFmpegError as error:
        told = camera_error(error, name=opening.name, took_s=clock() - began_s, timeout_s=OPEN_TIMEOUT_S)
        raise told from None  # the cause carries the whole address, password included
    if opening.host and is_led_astray(opening.host, before):
        container.close()
        advice = "sends us on to another machine; if that is meant, give the address of that machine"
        raise CameraError(CameraFault.REFUSED, f"{opening.name} {advice}")
    return container


class Decoder:
    """Frames of one open container.

    Args:
        container: open; closed by :meth:`close`.
        name: the source as people may read it.
        clock: monotonic seconds.
        timeline: where the frames are placed; shared by the passes of a looped file.
        is_live: a live source that ends is a fault, and damage in it is passed over.
        may_skip: drop frames up to the next key frame when behind.
        uses_clock: the source has no time of its own; frames are stamped on arrival.
        first_seq: number of the first frame.
        tap: is shown every packet, decoded or not.

    Raises:
        CameraError: the container holds no video we can decode.
    """

    def __init__(
        self,
        container: InputContainer,
        *,
        name: str,
        clock: Callable[[], float],
        timeline: Timeline | None = None,
        is_live: bool = True,
        may_skip: bool = True,
        uses_clock: bool = False,
        first_seq: int = 0,
        tap: PacketTap | None = None,
    ) -> None:
        self._container = container
        self._name = name
        self._clock = clock
        self._is_live = is_live
        self._may_skip = may_skip
        self._uses_clock = uses_clock
        self._stream = self._video_stream()
        self._tap = self._tapped(tap)
        self._timeline = timeline or Timeline(step_s=self._step_s())
        self._packet_timeline = Timeline(step_s=self._step_s())
        self._lag = Lag()
        self._has_waited = False
        self._is_skipping = False
        self._key_sent_s = -KEY_EVERY_S
        self._is_closed = False
        self._newest: VideoFrame | None = None
        self._progress_at_s = clock()
        self._damaged = 0
        self._damaged_before = 0
        self.seq = first_seq
        self.skipped = 0

    def frames(self) -> Iterator[Frame]:
        """Yield frames until the container ends.

        Raises:
            CameraError: silent, ended (live sources), or packets that make no picture.
        """
        for packet in self._packets():
            if self._is_too_late(packet):
                self.seq += 1
                self.skipped += 1
                continue
            for picture in self._decode(packet):
                yield self._frame(picture)
            self._check_progress()
        if self._is_live and not self._is_closed:
            raise CameraError(CameraFault.ENDED, f"{self._name} closed the stream")

    def picture(self) -> Bgr:
        """Return the newest frame as (H, W, 3) uint8 BGR."""
        if self._newest is None:
            raise CameraError(CameraFault.FAILED, f"{self._name}: no frame has come yet")
        picture: Bgr = self._newest.to_ndarray(format="bgr24").view(np.uint8)
        return picture

    def close(self) -> None:
        """Close the container; an iteration over :meth:`frames` ends at its next step."""
        self._is_closed = True
        self._newest = None
        self._container.close()

    def _video_stream(self) -> VideoStream:
        stream = next(iter(self._container.streams.video), None)
        if stream is None or stream.codec_context is None:
            self._container.close()
            raise CameraError(CameraFault.NOT_VIDEO, f"{self._name} holds no video that can be decoded")
        stream.codec_context.thread_count = 1
        stream.codec_context.options = {"max_pixels": _MAX_PIXELS, **_SPARING}
        return stream

    def _tapped(self, tap: PacketTap | None) -> PacketTap | None:
        if tap is None:
            return None
        try:
            tap.begins(shape_of(self._stream))
        except RemuxError as error:
            logger.warning("%s: no clips: %s", self._name, error)
            return None
        return tap

    def _step_s(self) -> float:
        rate = self._stream.average_rate or self._stream.guessed_rate
        return float(1 / rate) if rate and 1 <= rate <= 240 else DEFAULT_STEP_S

    def _packets(self) -> Iterator["Packet[VideoStream]"]:
        packets = self._container.demux(self._stream)
        while not self._is_closed:
            began_s = self._clock()
            try:
                packet = next(packets, None)
            except FFmpegError as error:
                if self._is_live or not isinstance(error, InvalidDataError):
                    raise self._translated(error, self._clock() - began_s) from None  # holds the address
                packet = None  # a file that was cut off ends where it was cut
            if packet is None:
                return
            self._has_waited = self._clock() - began_s > _WAITED_S
            if self._tap is not None and (kept := kept_of(packet, at_s=self._clock())) is not None:
                self._tap.feed(kept)
            yield packet

    def _translated(self, error: FFmpegError, took_s: float) -> CameraError:
        told = camera_error(error, name=self._name, took_s=took_s, timeout_s=READ_TIMEOUT_S, is_open=True)
        return self._no_picture() if told.fault is CameraFault.ENDED and self._was_all_damage() else told

    def _is_too_late(self, packet: "Packet[VideoStream]") -> bool:
        if not self._may_skip or packet.dts is None or packet.time_base is None:
            return False
        sent_s = self._packet_timeline.place(float(packet.dts * packet.time_base))
        lag_s = self._lag.of(sent_s, self._clock(), has_waited=self._has_waited)
        if lag_s > MAX_LAG_S and not self._is_skipping:
            if self.skipped == 0:  # said once; how many are missing is told by the confidence of the counts
                logger.warning("%s: %.1f s behind; frames are skipped up to a key frame", self._name, lag_s)
            self._is_skipping = True
        if not self._is_skipping:
            return False
        if packet.is_keyframe and sent_s - self._key_sent_s >= KEY_EVERY_S:
            # While still behind, key frames alone are decoded, so that there is always a picture;
            # not all of them, as some sources send nothing else.
            self._is_skipping, self._key_sent_s = lag_s > MAX_LAG_S, sent_s
            return False
        return True

    def _decode(self, packet: "Packet[VideoStream]") -> list[VideoFrame]:
        try:
            return list(packet.decode())
        except InvalidDataError:
            # Damage is normal on a bad line; what it does to the picture is judged by vision.
            self._damaged += 1
            if self._damaged == 1:
                logger.warning("%s: damaged data; decoding goes on", self._name)
            return []
        except FFmpegError as error:
            raise self._translated(error, 0.0) from None  # holds the address

    def _frame(self, picture: VideoFrame) -> Frame:
        self._progress_at_s = self._clock()
        self._newest = picture
        raw_s = self._progress_at_s if self._uses_clock else picture.time
        frame = Frame(
            luma=_luma_of(picture),
            pts_s=self._timeline.place(raw_s),
            seq=self.seq,
            is_key=bool(picture.key_frame),
            is_damaged=picture.is_corrupt or self._damaged > self._damaged_before,
        )
        self._damaged_before = self._damaged
        self.seq += 1
        return frame

    def _check_progress(self) -> None:
        if self._is_live and self._clock() - self._progress_at_s > NO_PICTURE_S:
            raise self._no_picture()

    def _was_all_damage(self) -> bool:
        return self._newest is None and self._damaged > 0

    def _no_picture(self) -> CameraError:
        return CameraError(
            CameraFault.NOT_VIDEO,
            f"{self._name} sends data that make no picture; check its codec and key-frame interval",
        )


def _luma_of(picture: VideoFrame) -> Luma:
    """Return the luma plane without the padding of its rows, (H, W) uint8, read only."""
    if picture.format.name not in _EIGHT_BIT_LUMA:
        picture = picture.reformat(format="gray")
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    luma: Luma = rows[:, : plane.width]
    luma.flags.writeable = False
    return luma
