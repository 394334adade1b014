"""Fetches a bundle over HTTP, going on where it was cut off; a bad link costs time and nothing else.

TLS hides the permit and no more: what is believed is the checksum of the signed document. Must not
judge what it fetched.
"""

import errno
import http.client
import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from edge.errors import EdgeError
from edge.wire.updates import UpdateFault

TIMEOUT_S = 30.0
_CHUNK_BYTES = 64 * 1024
# What may be lost with the power; more often would wear the card.
_SYNC_BYTES = 8 * 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class FetchError(EdgeError):
    """The bundle is not here yet, or will never be; ``fault`` says which."""

    def __init__(self, fault: UpdateFault, detail: str) -> None:
        """Take why."""
        super().__init__(detail)
        self.fault = fault


class BundleSource(Protocol):
    """Port to where bundles come from."""

    def read(self, url: str, *, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield pieces with where they belong, from ``start`` on if the source can.

        Raises:
            FetchError: there is no answer, or it is no.
        """
        ...


class HttpSource:
    """The hub's web server."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        """Connect to nothing yet; ``timeout_s`` is for each piece."""
        self._timeout_s = timeout_s

    def read(self, url: str, *, start: int) -> Iterator[tuple[int, bytes]]:
        """See :class:`BundleSource`."""
        parts = urlsplit(url)
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request("GET", target, headers={"Range": f"bytes={start}-"} if start else {})
            with connection.getresponse() as response:
                place = _place_of(response.status, start)
                while piece := response.read(_CHUNK_BYTES):
                    yield place, piece
                    place += len(piece)
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(UpdateFault.UNREACHABLE, f"hub tidak menjawab ({error})") from error
        finally:
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        context = ssl.create_default_context()
        # A clock of 1970 fails every certificate; the signed checksum is what counts.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=context)


def _place_of(status: int, start: int) -> int:
    """Return where the first byte of an answer belongs."""
    if status == http.client.PARTIAL_CONTENT:
        return start
    if status == http.client.OK:
        return 0
    if status == http.client.FORBIDDEN:
        raise FetchError(UpdateFault.NOT_PERMITTED, "izin unduh sudah habis; hub mengirim yang baru")
    if status in {http.client.NOT_FOUND, http.client.GONE}:
        raise FetchError(UpdateFault.GONE, "berkas rilis tidak ada di hub")
    if status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise FetchError(UpdateFault.DAMAGED, "berkas di hub lebih pendek dari yang tertulis")
    raise FetchError(UpdateFault.UNREACHABLE, f"hub menjawab {status}")


def download(
    source: BundleSource, url: str, path: Path, *, size_bytes: int, is_wanted: Callable[[], bool]
) -> bool:
    """Fetch what is missing of a file.

    Args:
        source: Where from.
        url: The address.
        path: Grows; what is there already is kept.
        size_bytes: How much it has to be.
        is_wanted: Asked at each piece; no ends it early.

    Returns:
        Whether the file is whole; not, when it was not wanted any more.

    Raises:
        FetchError: it is not here; what came stays.
    """
    try:
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            is_whole = _fill(file.fileno(), source, url, size_bytes, is_wanted)
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise FetchError(UpdateFault.NO_ROOM, "disk penuh; kosongkan lalu coba lagi") from error
        raise FetchError(UpdateFault.DISK, f"{path.name}: {error.strerror}") from error
    return is_whole


def _fill(
    handle: int, source: BundleSource, url: str, size_bytes: int, is_wanted: Callable[[], bool]
) -> bool:
    place = os.fstat(handle).st_size
    if place > size_bytes:
        os.ftruncate(handle, 0)
        place = 0
    unsynced = 0
    if place == size_bytes:
        return True
    for at, piece in source.read(url, start=place):
        if at != place:  # the source cannot go on, and began anew
            os.ftruncate(handle, at)
        if at + len(piece) > size_bytes:
            os.ftruncate(handle, 0)
            raise FetchError(UpdateFault.DAMAGED, "berkas di hub lebih panjang dari yang tertulis")
        _write_all(handle, piece, at)
        place = at + len(piece)
        unsynced += len(piece)
        if unsynced >= _SYNC_BYTES:
            os.fsync(handle)
            unsynced = 0
        if not is_wanted():
            return place == size_bytes
    if place < size_bytes:
        raise FetchError(UpdateFault.UNREACHABLE, f"terputus setelah {place} dari {size_bytes} bita")
    return True


def _write_all(handle: int, piece: bytes, at: int) -> None:
    view = memoryview(piece)
    while view:
        written = os.pwrite(handle, view, at)
        view, at = view[written:], at + written
