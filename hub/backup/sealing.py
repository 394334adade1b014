"""Encrypts a stream of any length in pieces, so that a changed, cut or reordered file is refused.

AES-256-GCM by piece; the nonce holds the number of the piece and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway, Vizár, 2015). Must not know what is inside.
"""

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import HubError

MAGIC = b"PTKBAK1\n"
PIECE_BYTES = 1 << 20
_TAG_BYTES, _PREFIX_BYTES = 16, 7


class SealedError(HubError):
    """The file is no backup of ours, or not as it was written, or the key is another one."""


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


class Sealer(io.RawIOBase):
    """A file to write to; what is written comes out encrypted. ``close`` writes the last piece."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        """Write the head.

        Args:
            file: Where the pieces go; stays open.
            key: 32 bytes.
        """
        super().__init__()
        self._file, self._cipher = file, AESGCM(key)
        self._prefix = os.urandom(_PREFIX_BYTES)
        self._number, self._waiting = 0, bytearray()
        self._file.write(MAGIC + self._prefix)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, content: object) -> int:
        """Take some bytes."""
        piece = bytes(memoryview(content))  # type: ignore[arg-type]  # whatever has a buffer, as io asks
        self._waiting += piece
        # The last piece must be known for the last: one stays here until there is more.
        while len(self._waiting) > PIECE_BYTES:
            self._put(bytes(self._waiting[:PIECE_BYTES]), is_last=False)
            del self._waiting[:PIECE_BYTES]
        return len(piece)

    def close(self) -> None:
        """Write the last piece."""
        if not self.closed:
            self._put(bytes(self._waiting), is_last=True)
        super().close()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, MAGIC))
        self._number += 1


def opened(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield what is inside, piece by piece; only when the end was reached is all of it believed.

    Raises:
        SealedError: at the first piece that is not as it was written.
    """
    head = file.read(len(MAGIC) + _PREFIX_BYTES)
    if len(head) != len(MAGIC) + _PREFIX_BYTES or not head.startswith(MAGIC):
        raise SealedError("this is no backup of Pontive")
    prefix, cipher = head[len(MAGIC) :], AESGCM(key)
    piece, number = file.read(PIECE_BYTES + _TAG_BYTES), 0
    while True:
        following = file.read(PIECE_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(prefix, number, is_last=not following), piece, MAGIC)
        except (InvalidTag, ValueError) as error:
            raise SealedError(
                f"piece {number + 1} cannot be opened: another key, or a file that is cut or damaged"
            ) from error
        if not following:
            return
        piece, number = following, number + 1


class OpenedFile(io.RawIOBase):
    """The same as a file to read from, for ``tarfile``."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Read from pieces."""
        super().__init__()
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer as far as one piece goes."""
        view = memoryview(buffer)  # type: ignore[arg-type]  # whatever has a buffer, as io asks
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
