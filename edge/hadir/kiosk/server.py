"""Serves the page of a door's screen on this machine: files, a stream of pictures, what is touched.

Answers to this machine only and needs no network. A PIN passes through here to the door; it is not
kept and not logged.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from edge.hadir.kiosk.screens import Screens
from edge.supervision.messages import PinTyped, Witnessed

logger = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
PAGE = Path(__file__).with_name("page")
_TYPES = {"html": "text/html; charset=utf-8", "js": "text/javascript", "css": "text/css"}
_FILES = frozenset({"kiosk.js", "kiosk.css"})
_PIN = re.compile(r"\A[0-9]{4,6}\Z")
_MAX_BODY_BYTES = 200
# A page that hears nothing for longer says that it lost us.
_HEARTBEAT_S = 2.0
# One screen a door, and a technician who looks in.
_MOST_STREAMS = 16
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

Touch = Callable[[str, PinTyped | Witnessed], None]


class KioskServer(ThreadingHTTPServer):
    """Serves ``/<door>`` for each screen.

    Args:
        screens: what to show.
        touched: called with a door and what somebody did on its screen; from other threads.
        port: 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, *, screens: Screens, touched: Touch, port: int) -> None:
        self.screens = screens
        self.touched = touched
        self.streams = threading.BoundedSemaphore(_MOST_STREAMS)
        super().__init__((ADDRESS, port), _Handler)
        self._hosts = {f"{ADDRESS}:{self.server_port}", f"localhost:{self.server_port}"}

    def answers_to(self, host: str | None) -> bool:
        """Return whether a request names us; another name is a page elsewhere that tries its luck."""
        return host in self._hosts

    @property
    def url(self) -> str:
        """Where the first screen is."""
        return f"http://{ADDRESS}:{self.server_port}/{self.screens.doors[0]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong to who asked for every step: a page that went away is no news."""
        logger.debug("a request to the screen's page broke off", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: KioskServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Serve the page, its files or the stream of pictures."""
        self._guarded(self._get)

    def do_POST(self) -> None:
        """Pass on what somebody touched."""
        self._guarded(self._post)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say requests to who asked for every step."""
        logger.debug("%s", self.path)

    def _guarded(self, act: Callable[[str, str], None]) -> None:
        if not self.server.answers_to(self.headers.get("Host")):
            self._send(HTTPStatus.MISDIRECTED_REQUEST)
            return
        door, _, what = self.path.partition("?")[0].strip("/").partition("/")
        try:
            act(door, what)
        except KeyError:
            self._send(HTTPStatus.NOT_FOUND)

    def _get(self, door: str, what: str) -> None:
        if not door:
            self._send(HTTPStatus.FOUND, headers={"Location": f"/{self.server.screens.doors[0]}"})
        elif door == "page" and what in _FILES:
            self._send(HTTPStatus.OK, (PAGE / what).read_bytes(), _TYPES[what.rpartition(".")[2]])
        elif what == "events":
            self._stream(door)
        elif not what:
            self.server.screens.newest(door)
            self._send(HTTPStatus.OK, (PAGE / "index.html").read_bytes(), _TYPES["html"])
        else:
            raise KeyError(what)

    def _post(self, door: str, what: str) -> None:
        self.server.screens.newest(door)
        length = int(self.headers.get("Content-Length") or 0)
        # Another site's form cannot send this type.
        if self.headers.get("Content-Type") != "application/json" or not 0 < length <= _MAX_BODY_BYTES:
            self._send(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return
        touched = _touch_of(what, self.rfile.read(length))
        if touched is None:
            self._send(HTTPStatus.UNPROCESSABLE_ENTITY)
            return
        self.server.touched(door, touched)
        self._send(HTTPStatus.NO_CONTENT)

    def _stream(self, door: str) -> None:
        self.server.screens.newest(door)
        if not self.server.streams.acquire(blocking=False):
            self._send(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self._begin(HTTPStatus.OK, "text/event-stream", {})
            self.end_headers()
            self.wfile.write(b"retry: 1000\n\n")
            version = 0
            while (shown := self.server.screens.wait(door, version, _HEARTBEAT_S)) is not None:
                version, picture = shown
                event = {"now_ms": int(time.time() * 1000), **msgspec.to_builtins(picture)}
                self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        except OSError:  # the page went away
            logger.debug("a screen of %s is closed", door)
        finally:
            self.server.streams.release()

    def _send(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        kind: str = "text/plain; charset=utf-8",
        headers: dict[str, str] | None = None,
    ) -> None:
        self._begin(status, kind, headers or {})
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _begin(self, status: HTTPStatus, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers, "Content-Type": kind, "Connection": "close"}.items():
            self.send_header(name, value)
        self.close_connection = True


class _Digits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digits: str


def _touch_of(what: str, body: bytes) -> PinTyped | Witnessed | None:
    """Return what was touched, or ``None`` for nonsense. Raises :class:`KeyError` for nothing of ours."""
    if what == "witness":
        return Witnessed()
    if what != "pin":
        raise KeyError(what)
    try:
        digits = msgspec.json.decode(body, type=_Digits).digits
    except msgspec.MsgspecError:
        return None
    return PinTyped(digits) if _PIN.match(digits) else None
