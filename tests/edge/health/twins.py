"""Twins of what the device asks: upsd, a pinging kernel, a talker; real sockets on loopback."""

import contextlib
import socket
import threading
from collections.abc import Iterator

from edge.health.probing.icmp import checksum


class Upsd:
    """A line server that speaks as upsd does; ``answers`` may be changed while it runs."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.heard: list[str] = []

    def reply(self, line: str) -> str:
        self.heard.append(line)
        match line.split():
            case ["GET", "VAR", name, variable]:
                said = self.answers.get(variable, "ERR VAR-NOT-SUPPORTED")
                return said if said.startswith(("ERR", "?")) else f'VAR {name} {variable} "{said}"'
            case _:
                return "OK Goodbye"


@contextlib.contextmanager
def served(upsd: Upsd) -> Iterator[int]:
    """Serve and give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, upsd))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, upsd: Upsd) -> None:
    with contextlib.suppress(OSError):
        while True:
            link, _ = listener.accept()
            with link, link.makefile("rw", newline="\n") as stream, contextlib.suppress(OSError):
                for line in stream:
                    stream.write(upsd.reply(line.strip()) + "\n")
                    stream.flush()


@contextlib.contextmanager
def talker(*answers: bytes) -> Iterator[int]:
    """Take one visitor after another, give each question the next answer, then hang up; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_talk, args=(listener, answers))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _talk(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    with contextlib.suppress(OSError):
        while True:
            link, _ = listener.accept()
            with link, contextlib.suppress(OSError):
                for answer in answers:
                    link.recv(65_536)
                    link.sendall(answer)


class PingingKernel:
    """Plays the kernel's ping socket over UDP: answers those requests it is told to."""

    def __init__(self, *, answered: set[int]) -> None:
        self._answered = answered
        self.asked: list[str] = []

    def open(self) -> socket.socket:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        return _PingSocket(here, there, self)

    def reply(self, packet: bytes, address: str) -> list[bytes]:
        assert checksum(packet) == 0, "a right sum adds up to nothing"
        self.asked.append(address)
        number = int.from_bytes(packet[6:8], "big")
        answer = b"\0\0" + packet[2:]
        # Strange packets come first: somebody else's reply, a short one, an error report.
        noise = [b"\0\0\0", answer[:8] + b"stranger", b"\x03\x01" + packet[2:]]
        return [*noise, answer] if number in self._answered else noise


class _PingSocket(socket.socket):
    def __init__(self, here: socket.socket, there: socket.socket, kernel: PingingKernel) -> None:
        super().__init__(fileno=here.detach())
        self._there = there
        self._kernel = kernel

    def sendto(self, packet: bytes, address: tuple[str, int]) -> int:  # type: ignore[override]  # the one form used
        if address[0] == "192.0.2.99":
            raise OSError("Network is unreachable")
        for reply in self._kernel.reply(packet, address[0]):
            self._there.send(reply)
        return len(packet)

    def close(self) -> None:
        self._there.close()
        super().close()
