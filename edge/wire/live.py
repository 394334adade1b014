"""Live video as it travels on ``live/<camera>``: pieces of a fragmented MP4, one MQTT message each.

A stream begins with its INIT piece; a piece with a key frame can be played from. Whoever missed
pieces waits for the next KEY. Must not know MP4.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum

# A key frame of a 1080p main stream is some 300 kB; the broker lets 1.6 MB pass.
MAX_LIVE_BYTES = 1_000_000
# A tile of the wall is some 5 kB.
MAX_THUMB_BYTES = 40_000
# One that was asked for larger: 960 pixels wide at most.
MAX_LARGE_THUMB_BYTES = 120_000

_HEAD = struct.Struct(">BII")  # kind, stream, number
MOST = 2**32 - 1
# Beside the kind: the piece is of the camera's main stream.
_MAIN = 0x80


class LiveKind(IntEnum):
    """What a piece is."""

    INIT = 0  # ftyp and moov: what a player needs first
    KEY = 1  # a fragment that begins with a key frame
    DELTA = 2  # a fragment that needs the ones before it


@dataclass(frozen=True, slots=True)
class LivePiece:
    """One piece. ``stream`` is new each time the edge begins; ``number`` counts its pieces from 0.

    ``is_main``: of the camera's main stream, not of the one that is looked at.
    """

    kind: LiveKind
    stream: int
    number: int
    data: bytes = field(repr=False)
    is_main: bool = False


class LiveError(ValueError):
    """Bytes that are no piece of live video."""


def pack_live(piece: LivePiece) -> bytes:
    """Return the payload of a piece."""
    kind = piece.kind | _MAIN if piece.is_main else piece.kind
    return _HEAD.pack(kind, piece.stream, piece.number) + piece.data


def unpack_live(payload: bytes) -> LivePiece:
    """Return the piece in a payload.

    Raises:
        LiveError: too short, too long, or of a kind that is not known here.
    """
    if not _HEAD.size < len(payload) <= MAX_LIVE_BYTES:
        raise LiveError(f"a piece of {len(payload)} bytes")
    kind, stream, number = _HEAD.unpack_from(payload)
    try:
        known = LiveKind(kind & ~_MAIN)
    except ValueError as error:
        raise LiveError(f"a piece of kind {kind}") from error
    return LivePiece(known, stream, number, payload[_HEAD.size :], is_main=bool(kind & _MAIN))
