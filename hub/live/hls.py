"""Low-latency HLS of one camera, made of the very pieces that other browsers are given as they come.

For iPhones below iOS 17.1, which know nothing else. Apple: "HTTP Live Streaming 2nd Edition"
(draft-pantos-hls-rfc8216bis-16, 2024), sections 4.4.3.7, 4.4.4.9 and 6.2.5. Must not know HTTP or MQTT.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from edge.wire.live import LiveKind, LivePiece
from hub.live.attendance import Attendance
from hub.live.mp4 import Mp4Error, frame_ticks, ticks_per_s
from hub.live.streams import StreamKey

PART_S = 0.2
# A key frame begins a new segment when the one before is so long.
LEAST_SEGMENT_S = 1.0
MOST_SEGMENTS = 6
# Parts are named one by one in the newest segments only.
SEGMENTS_WITH_PARTS = 3
# A camera whose key frames never come: what is kept of it stays bounded.
MOST_SEGMENT_BYTES = 8 * 1024 * 1024
_ROUNDING_S = 0.001


@dataclass(slots=True)
class _Part:
    data: bytes
    duration_s: float
    is_independent: bool


@dataclass(slots=True)
class _Segment:
    number: int
    parts: list[_Part] = field(default_factory=list)
    is_whole: bool = False

    @property
    def duration_s(self) -> float:
        return sum(part.duration_s for part in self.parts)

    @property
    def size_bytes(self) -> int:
        return sum(len(part.data) for part in self.parts)


class HlsWindow:
    """The newest seconds of one stream as parts and segments; a :class:`hub.live.streams.Watcher`.

    Thread safe. Over when its stream is, or when nobody asked for a while.
    """

    def __init__(self, stream: StreamKey, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing."""
        self.stream = stream
        self._changed = threading.Condition()
        self._init: bytes = b""
        self._ticks_per_s = 0
        self._segments: deque[_Segment] = deque()
        self._waiting: list[tuple[bytes, float, bool]] = []
        self._is_over = False
        self._longest_part_s = PART_S
        self._longest_segment_s = LEAST_SEGMENT_S
        self.attendance = Attendance(monotonic=monotonic)

    @property
    def weight(self) -> int:
        """How many people watch by it."""
        return self.attendance.count

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._is_over

    def put(self, piece: LivePiece) -> None:
        """Take the next piece."""
        with self._changed:
            try:
                self._take(piece)
            except Mp4Error:
                self._is_over = True
            self._changed.notify_all()

    def end(self) -> None:
        """Take note that the stream is over."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def init(self) -> bytes | None:
        """Return the beginning of the stream; None before it came."""
        return self._init or None

    def await_part(self, segment: int, part: int, timeout_s: float) -> bool:
        """Wait until a part, or a later one, is there; ``False``: it did not come."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_over or self._has(segment, part), timeout_s) and (
                self._has(segment, part)
            )

    def is_far_off(self, segment: int) -> bool:
        """Tell whether a segment is further ahead than anybody may wait for."""
        with self._changed:
            newest = self._segments[-1].number if self._segments else 0
            return segment > newest + 2

    def part(self, segment: int, part: int) -> bytes | None:
        """Return a part; None: it is not kept, or not there yet."""
        with self._changed:
            found = self._segment(segment)
            return found.parts[part].data if found is not None and part < len(found.parts) else None

    def segment(self, segment: int) -> bytes | None:
        """Return a whole segment; None: it is not kept, or not whole yet."""
        with self._changed:
            found = self._segment(segment)
            return b"".join(each.data for each in found.parts) if found and found.is_whole else None

    def playlist(self) -> str:
        """Return the list of what there is, with names relative to it."""
        with self._changed:
            lines = [
                "#EXTM3U",
                "#EXT-X-VERSION:9",
                f"#EXT-X-TARGETDURATION:{math.ceil(self._longest_segment_s)}",
                f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * self._longest_part_s:.3f}",
                f"#EXT-X-PART-INF:PART-TARGET={self._longest_part_s:.3f}",
                f"#EXT-X-MEDIA-SEQUENCE:{self._segments[0].number if self._segments else 0}",
                '#EXT-X-MAP:URI="awal.mp4"',
            ]
            named_from = len(self._segments) - SEGMENTS_WITH_PARTS
            for place, segment in enumerate(self._segments):
                lines += _lines_of(segment, has_parts=place >= named_from)
            if self._segments:
                newest = self._segments[-1]
                hint = f"{newest.number}.{len(newest.parts)}.m4s"
                if newest.is_whole:
                    hint = f"{newest.number + 1}.0.m4s"
                lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{hint}"')
            return "\n".join(lines) + "\n"

    def _take(self, piece: LivePiece) -> None:
        if piece.kind is LiveKind.INIT:
            self._init, self._ticks_per_s = piece.data, ticks_per_s(piece.data)
            return
        if not self._ticks_per_s:
            return
        lasts_s = frame_ticks(piece.data) / self._ticks_per_s
        is_key = piece.kind is LiveKind.KEY
        if is_key:
            self._flush()
            self._begin_segment()
        elif not self._segments:
            return
        self._waiting.append((piece.data, lasts_s, is_key))
        if sum(each[1] for each in self._waiting) + lasts_s > PART_S + _ROUNDING_S:
            self._flush()

    def _begin_segment(self) -> None:
        newest = self._segments[-1] if self._segments else None
        if newest is not None:
            if newest.duration_s < LEAST_SEGMENT_S:
                return
            newest.is_whole = True
            self._longest_segment_s = max(self._longest_segment_s, newest.duration_s)
        self._segments.append(_Segment(0 if newest is None else newest.number + 1))
        while len(self._segments) > MOST_SEGMENTS:
            self._segments.popleft()

    def _flush(self) -> None:
        if not self._waiting:
            return
        lasts_s = sum(each[1] for each in self._waiting)
        segment = self._segments[-1]
        part = _Part(b"".join(each[0] for each in self._waiting), lasts_s, self._waiting[0][2])
        segment.parts.append(part)
        self._longest_part_s = max(self._longest_part_s, lasts_s)
        self._waiting = []
        if segment.size_bytes > MOST_SEGMENT_BYTES:
            self._is_over = True

    def _segment(self, number: int) -> _Segment | None:
        return next((segment for segment in self._segments if segment.number == number), None)

    def _has(self, number: int, part: int) -> bool:
        if not self._segments or number > self._segments[-1].number:
            return False
        found = self._segment(number)
        return found is None or part < len(found.parts) or found.is_whole


def _lines_of(segment: _Segment, *, has_parts: bool) -> list[str]:
    lines = []
    if has_parts:
        for number, part in enumerate(segment.parts):
            independent = ",INDEPENDENT=YES" if part.is_independent else ""
            name = f"{segment.number}.{number}.m4s"
            lines.append(f'#EXT-X-PART:DURATION={part.duration_s:.5f},URI="{name}"{independent}')
    if segment.is_whole:
        lines += [f"#EXTINF:{segment.duration_s:.5f},", f"{segment.number}.m4s"]
    return lines
