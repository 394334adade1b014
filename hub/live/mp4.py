"""The two numbers of fragmented MP4 that the hub must know: ticks a second, and how long a frame lasts.

ISO/IEC 14496-12 (2022) sections 8.4.2 (mdhd) and 8.8.7 (tfhd). Must not decode pictures.
"""

from collections.abc import Iterator

_HEAD = 8
# Boxes of which the content is boxes again.
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_DEFAULT_DURATION = 0x8
# What stands before the duration in tfhd, by the flag that says so: bytes.
_BEFORE = ((0x1, 8), (0x2, 4))


class Mp4Error(ValueError):
    """Bytes of a device that are no fragment."""


def ticks_per_s(init: bytes) -> int:
    """Return the unit of durations, from the beginning of a stream.

    Raises:
        Mp4Error: it says none.
    """
    for kind, body in _boxes(init):
        if kind == b"mdhd":
            place = 20 if body[:1] == b"\x01" else 12
            found = int.from_bytes(body[place : place + 4], "big")
            if found:
                return found
    raise Mp4Error("no mdhd")


def frame_ticks(fragment: bytes) -> int:
    """Return how long the one frame of a fragment lasts.

    Raises:
        Mp4Error: it does not say so.
    """
    for kind, body in _boxes(fragment):
        if kind == b"tfhd" and len(body) >= 8:
            flags = int.from_bytes(body[1:4], "big")
            place = 8 + sum(size for flag, size in _BEFORE if flags & flag)
            if flags & _DEFAULT_DURATION and len(body) >= place + 4:
                return int.from_bytes(body[place : place + 4], "big")
    raise Mp4Error("no duration")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + _HEAD <= len(data):
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if size < _HEAD:
            return
        body = data[place + _HEAD : place + size]
        yield kind, body
        if kind in _HOLDERS:
            yield from _boxes(body)
        place += size
