"""A small clamd: its protocol for streams (clamd(8)), and one signature, EICAR's."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# EICAR's test string (2003), in two parts so that no scanner takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """Answers each connection; ``said`` are the streams it was shown."""

    def __init__(self, path: Path, *, answer: bytes = b"", most_bytes: int = 25_000_000) -> None:
        self.said: list[bytes] = []
        self._answer, self._most_bytes = answer, most_bytes
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            with client:
                client.sendall((self._answer or self._look(client)) + b"\0")

    def _look(self, client: socket.socket) -> bytes:
        if _exactly(client, 10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        stream = b""
        while size := struct.unpack(">I", _exactly(client, 4))[0]:
            stream += _exactly(client, size)
            if len(stream) > self._most_bytes:
                return b"INSTREAM size limit exceeded. ERROR"
        self.said.append(stream)
        return b"stream: Eicar-Signature FOUND" if EICAR in stream else b"stream: OK"


def _exactly(client: socket.socket, count: int) -> bytes:
    said = b""
    while len(said) < count:
        piece = client.recv(count - len(said))
        assert piece, "the stream was not ended"
        said += piece
    return said


@contextmanager
def clamd_at(path: Path, *, answer: bytes = b"", most_bytes: int = 25_000_000) -> Iterator[FakeClamd]:
    fake = FakeClamd(path, answer=answer, most_bytes=most_bytes)
    try:
        yield fake
    finally:
        fake.close()
