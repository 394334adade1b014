"""Real servers on 127.0.0.1: one that takes mail, one that takes calls."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

import pytest

from tests.hub.screens import city, clock, screens

__all__ = ["city", "clock", "screens"]

Box = TypeVar("Box")


@dataclass
class MailServer:
    """Speaks enough SMTP (RFC 5321) to take messages, or to refuse them."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: str = ""  # an answer to RCPT, as "550 no such user"


class _Smtp(socketserver.StreamRequestHandler):
    box: MailServer

    def handle(self) -> None:
        self._say("220 uji")
        for line in iter(self.rfile.readline, b""):
            word = line.decode().strip()
            verb = word.upper().partition(" ")[0]
            if verb == "DATA":
                self._take()
            elif verb == "RCPT" and self.box.refuses:
                self._say(self.box.refuses)
            elif verb == "QUIT":
                self._say("221 selamat tinggal")
                return
            else:
                if verb == "RCPT":
                    self.box.recipients.append(word)
                self._say("250 ok")

    def _take(self) -> None:
        self._say("354 tulis")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.box.taken.append(found)
        self._say("250 disimpan")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server."""
    box = MailServer()
    server = _Tcp(("127.0.0.1", 0), type("Smtp", (_Smtp,), {"box": box}))
    box.port = server.server_address[1]
    yield from _served(server, box)


@dataclass
class CallServer:
    """Takes calls over HTTP and answers with a status."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"ok": true, "result": {}}'
    location: str = ""
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _Http(BaseHTTPRequestHandler):
    box: CallServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.box.calls.append((self.path, dict(self.headers), body))
        self.send_response(self.box.status)
        if self.box.location:
            self.send_header("Location", self.box.location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.box.answer)))
        self.end_headers()
        self.wfile.write(self.box.answer)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def calls() -> Iterator[CallServer]:
    """A server for webhooks and for the Bot API."""
    box = CallServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Http", (_Http,), {"box": box}))
    server.daemon_threads = True
    box.port = server.server_address[1]
    yield from _served(server, box)


def _served(server: socketserver.BaseServer, box: Box) -> Iterator[Box]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield box
    server.shutdown()
    thread.join()
    server.server_close()
