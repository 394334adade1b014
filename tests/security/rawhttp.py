"""Bytes to a server as an attacker writes them, and what comes back."""

import re
import socket
import ssl
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress

PATIENCE_S = 240.0
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# RFC 9113 (2022), section 6: types of frames, and the flags that end a block of headers and a stream.
DATA, HEADERS, RESET, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
_END_HEADERS, _END_STREAM = 4, 1


def answers(port: int, sent: bytes) -> list[int]:
    """Send bytes, read until the server ends the connection, return the status of each answer in order."""
    with closing(connected(port)) as connection:
        connection.sendall(sent)
        said = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                said += piece
    return [int(status) for status in _STATUS.findall(said)]


def connected(port: int, tls: ssl.SSLContext | None = None) -> socket.socket:
    """Return a connection.

    Raises:
        ssl.SSLError: the server refuses the handshake.
    """
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    return plain if tls is None else tls.wrap_socket(plain, server_hostname="localhost")


def frames_about(
    port: int, tls: ssl.SSLContext, headers: Sequence[tuple[bytes, bytes]], body: bytes | None = None
) -> list[int]:
    """Ask one thing by HTTP/2; return the types of frames about it, to the first that settles it."""
    with closing(connected(port, tls)) as connection:
        block = b"".join(_literal(name) + _literal(value, is_value=True) for name, value in headers)
        flags = _END_HEADERS | (_END_STREAM if body is None else 0)
        sent = _PREFACE + _frame(SETTINGS, 0, 0) + _frame(HEADERS, flags, 1, block)
        connection.sendall(sent + (b"" if body is None else _frame(DATA, _END_STREAM, 1, body)))
        found = []
        with suppress(ConnectionResetError):
            for kind, stream in _frames(connection):
                if stream == 1 or kind == GOAWAY:
                    found.append(kind)
                if kind in (RESET, GOAWAY) or (kind == HEADERS and body is None):
                    break
    return found


def _frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def _literal(text: bytes, *, is_value: bool = False) -> bytes:
    # RFC 7541 (2015), 6.2.2: a field with a new name, not indexed, not compressed.
    assert len(text) < 127
    return (b"" if is_value else b"\0") + bytes([len(text)]) + text


def _frames(connection: socket.socket) -> Iterator[tuple[int, int]]:
    while head := _exactly(connection, 9):
        _exactly(connection, int.from_bytes(head[:3]))
        yield head[3], int.from_bytes(head[5:]) & 0x7FFFFFFF


def _exactly(connection: socket.socket, count: int) -> bytes:
    said = b""
    while len(said) < count:
        piece = connection.recv(count - len(said))
        if not piece:
            return b""
        said += piece
    return said
