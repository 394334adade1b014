"""Many browsers without a browser: listeners of a stream, and a client that asks as fast as it is answered.

Runs in a process of its own, so that the bench's other threads do not disturb its clock.
"""

import json
import selectors
import socket
import time
from datetime import datetime
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

_READ_BYTES = 65_536


def listen(url: str, cookie: str, count: int, pipe: Connection) -> None:
    """Hold streams open; send the delays of what was heard (ms) when asked, end with the pipe."""
    selector, buffers = selectors.DefaultSelector(), {}
    for _ in range(count):
        link = _ask(url, cookie, "text/event-stream")
        selector.register(link, selectors.EVENT_READ)
        buffers[link] = b""
    selector.register(pipe, selectors.EVENT_READ)
    delays: list[float] = []
    while True:
        for key, _ in selector.select():
            if key.fileobj is pipe:
                if pipe.recv() == "end":
                    return
                pipe.send(delays)
                delays = []
            else:
                assert isinstance(key.fileobj, socket.socket)
                buffers[key.fileobj] = _heard(
                    buffers[key.fileobj] + key.fileobj.recv(_READ_BYTES), time.time(), delays
                )


def _heard(data: bytes, now_s: float, delays: list[float]) -> bytes:
    """Take whole messages out and note how old they are."""
    *lines, rest = data.split(b"\n")
    for line in lines:
        if line.startswith(b"data: {"):
            told = json.loads(line[6:])
            delays.append(1000 * (now_s - datetime.fromisoformat(told["at"]).timestamp()))
    return rest


def hammer(url: str, cookie: str, seconds: float, pipe: Connection) -> None:
    """Ask for a page over one connection again and again; send how many answers came."""
    link = _ask(url, cookie, "text/html")
    # As a browser does: the first page of a session gives it a key for its forms.
    cookie += "".join(f"; {one}" for one in _read_answer(link))
    request, done = _request(url, cookie, "text/html"), 0
    ends_at_s = time.monotonic() + seconds
    while time.monotonic() < ends_at_s:
        link.sendall(request)
        _read_answer(link)
        done += 1
    pipe.send(done)


def _request(url: str, cookie: str, kind: str) -> bytes:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nAccept: {kind}\r\n"
    return (head + "Accept-Encoding: gzip\r\n\r\n").encode()


def _ask(url: str, cookie: str, kind: str) -> socket.socket:
    parts = urlsplit(url)
    link = socket.create_connection((parts.hostname or "", parts.port or 80))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(_request(url, cookie, kind))
    return link


def _read_answer(link: socket.socket) -> list[str]:
    """Read one answer to its end and return the cookies it sets; anything but 200 is an error."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += link.recv(_READ_BYTES)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:200]
    fields = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
    left = next(int(value) for name, value in fields if name.lower() == b"content-length") - len(body)
    while left > 0:
        left -= len(link.recv(min(left, _READ_BYTES)))
    return [value.split(b";")[0].decode() for name, value in fields if name.lower() == b"set-cookie"]
