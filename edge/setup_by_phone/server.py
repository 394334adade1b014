"""The web server of the access point: one page, one form, for whoever knows the Wi-Fi's password.

Listens at the access point's address on its interface and nowhere else. Every other address that a
phone asks for leads to the page, which is how phones find it. Must not log what was typed.
"""

import hmac
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from urllib.parse import parse_qsl, urlsplit

from edge.enrolment.claim_file import Claim
from edge.setup_by_phone.desk import SetUpDesk
from edge.setup_by_phone.page import STYLE, page
from edge.setup_by_phone.wishes import WishError, read_wish

logger = logging.getLogger(__name__)

_MOST_BYTES, _MOST_FIELDS = 8_192, 20
_MOST_AT_ONCE = 16
_HTML = "text/html; charset=utf-8"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    # Not "no-referrer": with that the browser says "Origin: null" with our own form.
    "Referrer-Policy": "same-origin",
}
BUSY = "Perangkat sedang mencoba, atau sudah terlalu sering dicoba. Tunggu lima menit, lalu coba lagi."
STALE = "Halaman ini sudah lama. Isi sekali lagi."


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: str = ""
    kind: str = _HTML
    location: str = ""


class PhoneServer(ThreadingMixIn, HTTPServer):
    """Serves the page until it is shut down.

    Args:
        listening: A bound TCP socket.
        host: What the page is called, as ``10.86.0.1`` or ``127.0.0.1:8080``.
        desk: Where wishes go.
        name: Of the access point.
        claim: Of the card, if it has one.
        note: What to tell of the clock.
    """

    daemon_threads = True

    def __init__(
        self,
        listening: socket.socket,
        host: str,
        desk: SetUpDesk,
        *,
        name: str,
        claim: Claim | None,
        note: Callable[[], str],
    ) -> None:
        self.host, self.desk, self.name, self.claim, self.note = host, desk, name, claim, note
        self.token = secrets.token_urlsafe(24)
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__(listening.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_activate()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], peer: object) -> None:
        """Serve one phone; hang up when too many ask at once."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, peer)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], peer: object
    ) -> None:
        """Serve, and give the place free."""
        try:
            super().process_request_thread(request, peer)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say once what broke; a phone that left is nothing to tell."""
        logger.debug("a request broke off", exc_info=True)

    def page(self, *, mistake: str = "", typed: Mapping[str, str] | None = None) -> str:
        """Return the page as it is now."""
        hub = self.claim.hub if self.claim is not None else ""
        return page(
            self.desk.shown,
            name=self.name,
            token=self.token,
            hub=hub,
            has_claim=self.claim is not None,
            note=self.note(),
            mistake=mistake,
            typed=typed,
        )


class _Handler(BaseHTTPRequestHandler):
    server: PhoneServer
    server_version, sys_version = "pontive", ""
    timeout = 15

    def do_GET(self) -> None:
        """Show the page; lead everybody else to it."""
        path = urlsplit(self.path).path
        if not self._is_for_us() or path not in ("/", "/style.css"):
            self._send(_Answer(HTTPStatus.FOUND, location=f"http://{self.server.host}/"))
        elif path == "/style.css":
            self._send(_Answer(HTTPStatus.OK, STYLE.read_text("utf-8"), "text/css; charset=utf-8"))
        else:
            self._send(_Answer(HTTPStatus.OK, self.server.page()))
            self.server.desk.was_read()

    def do_HEAD(self) -> None:
        """Answer as to GET, without the page."""
        self.do_GET()

    def do_POST(self) -> None:
        """Take what was typed."""
        if not self._is_for_us() or self.headers.get("Origin", self._origin) != self._origin:
            self._send(_Answer(HTTPStatus.FORBIDDEN, "", "text/plain"))
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 < length <= _MOST_BYTES:
            self._send(_Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "", "text/plain"))
            return
        self._send(self._taken(self.rfile.read(length)))

    def _taken(self, body: bytes) -> _Answer:
        try:
            typed = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except ValueError:
            return _Answer(HTTPStatus.BAD_REQUEST, self.server.page(mistake=STALE))
        if not hmac.compare_digest(typed.pop("token", "").encode(), self.server.token.encode()):
            return _Answer(HTTPStatus.FORBIDDEN, self.server.page(mistake=STALE, typed=typed))
        try:
            wish = read_wish(typed, self.server.claim)
        except WishError as error:
            body_text = self.server.page(mistake=str(error), typed=typed)
            return _Answer(HTTPStatus.UNPROCESSABLE_ENTITY, body_text)
        if not self.server.desk.take(wish):
            return _Answer(HTTPStatus.TOO_MANY_REQUESTS, self.server.page(mistake=BUSY, typed=typed))
        return _Answer(HTTPStatus.SEE_OTHER, location="/")

    @property
    def _origin(self) -> str:
        return f"http://{self.server.host}"

    def _is_for_us(self) -> bool:
        return self.headers.get("Host") == self.server.host

    def _send(self, answer: _Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: addresses that phones ask for are their owners'."""
