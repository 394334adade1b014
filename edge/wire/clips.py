"""How a clip crosses the broker: in pieces, each with a head that says which one it is.

A piece is one QoS 1 message on ``clip/<camera>``: its payload is bytes of the file, its head stands
in MQTT 5 user properties. Every head carries the digest of the whole file, so that pieces may come
in any order and again. Must not read files.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# One piece is all that may be ahead of a record on a thin link: half a second at 1 Mbit/s.
CLIP_PIECE_BYTES = 65_536
MAX_CLIP_BYTES = 32 * 1024 * 1024
MAX_CLIP_PIECES = MAX_CLIP_BYTES // CLIP_PIECE_BYTES
# Its second, UTC, and eight random digits: sorts by time, and is a safe file name.
CLIP_ID_PATTERN = r"\A[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}\Z"

_CLIP_ID = re.compile(CLIP_ID_PATTERN)
_NUMBER = re.compile(r"\A(?:0|[1-9][0-9]{0,8})\Z")
_SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")


class PieceError(ValueError):
    """A piece whose head is none, or does not fit its payload."""


@dataclass(frozen=True, slots=True)
class PieceHead:
    """Which bytes these are: piece ``number`` (from 0) of a file of ``size_bytes`` with ``sha256`` (hex)."""

    clip: str
    number: int
    size_bytes: int
    sha256: str

    @property
    def count(self) -> int:
        """How many pieces the file has."""
        return piece_count(self.size_bytes)

    def properties(self) -> list[tuple[str, str]]:
        """Return the head as MQTT 5 user properties."""
        return [
            ("clip", self.clip),
            ("piece", str(self.number)),
            ("bytes", str(self.size_bytes)),
            ("sha256", self.sha256),
        ]


def piece_count(size_bytes: int) -> int:
    """Return in how many pieces a file of ``size_bytes`` goes."""
    return -(-size_bytes // CLIP_PIECE_BYTES)


def piece_length(number: int, size_bytes: int) -> int:
    """Return how many bytes piece ``number`` of a file of ``size_bytes`` has."""
    return min(CLIP_PIECE_BYTES, size_bytes - number * CLIP_PIECE_BYTES)


def is_clip_id(text: str) -> bool:
    """Return whether ``text`` is the id of a clip, and so may name a file."""
    return _CLIP_ID.match(text) is not None


def read_head(properties: Iterable[tuple[str, str]], *, payload_bytes: int) -> PieceHead:
    """Read the head of a piece.

    Args:
        properties: MQTT 5 user properties; other names are passed over.
        payload_bytes: length of the piece, which has to be that of the file's piece.

    Raises:
        PieceError: a property is missing, doubled or malformed, or the length is another.
    """
    head = PieceHead(*_values(properties))
    if not 0 < head.size_bytes <= MAX_CLIP_BYTES:
        raise PieceError(f"a clip of {head.size_bytes} bytes; 1 to {MAX_CLIP_BYTES} are allowed")
    if head.number >= head.count:
        raise PieceError(f"piece {head.number} of {head.count}")
    if payload_bytes != piece_length(head.number, head.size_bytes):
        raise PieceError(f"piece {head.number} has {payload_bytes} bytes")
    return head


def _values(properties: Iterable[tuple[str, str]]) -> tuple[str, int, int, str]:
    found: dict[str, str] = {}
    for name, value in properties:
        if name in found:
            raise PieceError(f"property {name[:20]!r} is there twice")
        found[name] = value
    for name, form in (("clip", _CLIP_ID), ("piece", _NUMBER), ("bytes", _NUMBER), ("sha256", _SHA256)):
        if not form.match(found.get(name, "")):
            raise PieceError(f"property {name!r} is missing or malformed")
    return found["clip"], int(found["piece"]), int(found["bytes"]), found["sha256"]
