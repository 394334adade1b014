"""The newest version of one document of the hub: sealed on the disk, plain in memory only.

Must not log what is in it.
"""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from edge.faultpoints import FaultPoint, reach
from edge.wire.desired import DesiredError
from edge.wire.messages import DecodeError, Desired, decode_desired, encode

logger = logging.getLogger(__name__)

Unseal = Callable[[Desired], bytes]
"""Checks the hub's signature and returns the plain bytes, or raises :class:`DesiredError`."""


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


Document = TypeVar("Document", bound=_Versioned)


@dataclass(frozen=True, slots=True)
class _Opened(Generic[Document]):
    document: Document
    plain: bytes


class KeptDocument(Generic[Document]):
    """Takes what is newer and keeps it; what lies on the disk is taken up at the start."""

    def __init__(self, *, path: Path, unseal: Unseal, decode: Callable[[bytes], Document]) -> None:
        """Take up what lies at ``path``; what cannot be read there comes again at the next birth.

        Args:
            path: File with the sealed document.
            unseal: Opens what the hub sent.
            decode: Returns the document in plain bytes, or raises a ``ValueError``.
        """
        self._path = path
        self._unseal = unseal
        self._decode = decode
        self._held: _Opened[Document] | None = None
        try:
            self._held = self._opened(decode_desired(path.read_bytes()))
        except FileNotFoundError:
            logger.debug("%s: nothing yet, the hub sends it", path)
        except (OSError, DecodeError, ValueError) as error:
            logger.warning("%s: what was kept cannot be used: %s", path, error)

    @property
    def document(self) -> Document | None:
        """The newest document, or ``None`` before the first."""
        return None if self._held is None else self._held.document

    @property
    def plain(self) -> bytes:
        """The bytes of the newest document; none before the first."""
        return b"" if self._held is None else self._held.plain

    def accept(self, desired: Desired) -> None:
        """Take a document of the hub and keep it; the hub repeats itself at each birth.

        Raises:
            DesiredError: not signed by the hub for this device, or older than the one at hand.
            ValueError: what ``decode`` says.
        """
        opened = self._opened(desired)
        if self.document is not None and opened.document.version < self.document.version:
            raise DesiredError(f"{desired.document} {desired.version} is older than {self.document.version}")
        self._held = opened
        write_sealed(self._path, (encode(desired),))

    def _opened(self, desired: Desired) -> _Opened[Document]:
        plain = self._unseal(desired)
        document = self._decode(plain)
        if document.version != desired.version:
            raise DesiredError(f"says version {document.version} inside and {desired.version} outside")
        return _Opened(document, plain)


def write_sealed(path: Path, pieces: Iterable[bytes]) -> None:
    """Replace a file of sealed documents at once, or leave the old one.

    A disk that refuses is a warning: the device goes on with what is in memory, and after a restart
    the hub sends it again.
    """
    new = path.with_name(path.name + ".new")
    try:
        with new.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        reach(FaultPoint.EDGE_DOCUMENT_KEPT)
    except OSError as error:
        logger.warning("%s: a document of the hub cannot be kept: %s", path, error)
