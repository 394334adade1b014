"""Files from outside are shown to ClamAV before anything of them is kept, if the city has set it up.

Every form with a file passes here, whatever it is for, before its page sees it. Must not say what a
file holds, nor its name: the log says which page and what was found.
"""

import logging
import socket
import struct
from collections.abc import Iterator
from typing import IO, Annotated, Protocol

import msgspec
from flask import Flask, request
from werkzeug.exceptions import BadGateway, UnsupportedMediaType

from edge.wire.strict_toml import Section

_logger = logging.getLogger(__name__)

_PIECE_BYTES = 64 * 1024
# clamd ends an answer with what the question began with: "z" asks for NUL (clamd(8), ClamAV 1.0).
_END = b"\0"
_LONGEST_ANSWER = 4_096


class UploadSettings(Section, frozen=True):
    """Files from outside. ``clamd`` is the socket of ClamAV, as ``/run/clamav/clamd.ctl``; empty: no scanner.

    With one, a file that it cannot look at is refused: also when it does not answer.
    """

    clamd: Annotated[str, msgspec.Meta(max_length=100)] = ""
    timeout_s: Annotated[float, msgspec.Meta(ge=1, le=300)] = 60.0


class ScannerAway(Exception):  # noqa: N818 (an answer that callers branch on)
    """No verdict: the scanner does not answer, or says that it cannot."""


class Scanner(Protocol):
    """Looks into files."""

    def finding(self, file: IO[bytes]) -> str:
        """Return the name of what was found in a file, read from where it stands; empty: nothing.

        Raises:
            ScannerAway: there is no verdict.
        """
        ...


class NoScanner:
    """Finds nothing: the city has set none up."""

    def finding(self, file: IO[bytes]) -> str:
        """Return nothing."""
        return ""


class Clamd:
    """ClamAV's daemon, over its socket on this machine."""

    def __init__(self, path: str, *, timeout_s: float) -> None:
        """Take the socket's path, and how long it may be silent."""
        self._path = path
        self._timeout_s = timeout_s

    def finding(self, file: IO[bytes]) -> str:
        """Send a file piece by piece; see :class:`Scanner`."""
        try:
            with socket.socket(socket.AF_UNIX) as clamd:
                clamd.settimeout(self._timeout_s)
                clamd.connect(self._path)
                answer = _asked(clamd, file)
        except OSError as error:
            raise ScannerAway(f"{self._path}: {error}") from error
        return _verdict(answer)


def _asked(clamd: socket.socket, file: IO[bytes]) -> str:
    clamd.sendall(b"zINSTREAM" + _END)
    try:
        for piece in _pieces(file):
            clamd.sendall(struct.pack(">I", len(piece)) + piece)
        clamd.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It hangs up on what is too large for it, and says so first.
        pass
    answer = b""
    while _END not in answer and len(answer) < _LONGEST_ANSWER:
        piece = clamd.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(_END)[0].decode("utf-8", "replace").strip()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _verdict(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(f"clamd says {answer!r}")


def scanner_of(settings: UploadSettings) -> Scanner:
    """Return what the city has set up."""
    return Clamd(settings.clamd, timeout_s=settings.timeout_s) if settings.clamd else NoScanner()


def install_scanning(app: Flask, scanner: Scanner) -> None:
    """Show each file of a form to the scanner; after the guard, which knows who may send one.

    Args:
        app: The application.
        scanner: One of the above.
    """
    if isinstance(scanner, NoScanner):
        return  # no form is read before its page asks for it

    @app.before_request
    def look() -> None:
        if request.mimetype != "multipart/form-data" or request.endpoint is None:
            return
        for _field, file in request.files.items(multi=True):
            try:
                found = scanner.finding(file.stream)
            except ScannerAway as error:
                _logger.error("no file is taken, the scanner gives no verdict: %s", error)
                raise BadGateway from error
            file.stream.seek(0)
            if found:
                _logger.warning("a file for %s was refused: %s", request.endpoint, found)
                raise UnsupportedMediaType
