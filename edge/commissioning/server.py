"""The web server of ``pontive-edge commission``: one technician, a few minutes, no hub.

Answers on this machine only, or at an address the technician names; then a code that is good
once opens the page for the first browser that knows it. Must not run beside the agent for long.
"""

import hmac
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from edge.cameras.port import CameraError
from edge.commissioning.site import SiteSettings
from edge.config import EdgeConfig
from edge.errors import ConfigError
from edge.lights.lamp import blinks_of
from edge.lights.sign_file import shown_state
from edge.lights.signs import SIGNS, State
from edge.ptz.port import TurningError
from edge.running.status import status_paths
from edge.wire.camera_settings import SettingsError

logger = logging.getLogger(__name__)

PAGE = Path(__file__).with_name("page")
_TYPES = {"html": "text/html; charset=utf-8", "js": "text/javascript", "css": "text/css"}
_SCRIPTS = {"site.js", "drawing.js", "shapes.js", "shape_list.js", "views.js", "lamp.js"}
_FILES = frozenset({"index.html", "site.css", "drawing.css", *_SCRIPTS})
_MAX_BODY_BYTES = 64 * 1024
# Six digits and so many tries: a guess has a chance of 1 in 100,000.
MOST_WRONG_CODES = 10
_COOKIE = "pontive-site"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Door:
    """Who may come in: everybody on this machine, or who knew the code first."""

    def __init__(self, code: str | None) -> None:
        """Take the code; ``None`` lets everybody in."""
        self._code = code
        self._ticket = ""
        self.wrong_codes = 0

    def redeem(self, code: str) -> str | None:
        """Return a ticket for the right code, once; ``None`` otherwise."""
        if self._code and self.wrong_codes < MOST_WRONG_CODES and hmac.compare_digest(self._code, code):
            self._code, self._ticket = "", secrets.token_urlsafe(24)
            return self._ticket
        self.wrong_codes += 1
        return None

    def lets_in(self, ticket: str) -> bool:
        """Return whether a browser with this ticket may see anything."""
        if self._code is None:
            return True
        return bool(self._ticket) and hmac.compare_digest(self._ticket, ticket)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"


class SiteServer(HTTPServer):
    """Serves the page of one device.

    Args:
        settings: what is shown and kept.
        address: where to listen; a loopback address needs no code.
        port: 0 takes a free one.
        lamp: what the green LED of the device shows now.
    """

    def __init__(
        self,
        settings: SiteSettings,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        lamp: Callable[[], State] = lambda: State.BUSY,
    ) -> None:
        self.settings = settings
        self.lamp = lamp
        self.code = None if ip_address(address).is_loopback else f"{secrets.randbelow(1_000_000):06d}"
        self.door = Door(self.code)
        super().__init__((address, port), _Handler)
        self._hosts = {f"{address}:{self.server_port}", f"localhost:{self.server_port}"}

    def answers_to(self, host: str | None) -> bool:
        """Return whether a request names us; without a code, another name is a page elsewhere."""
        return self.code is not None or host in self._hosts

    @property
    def url(self) -> str:
        """What the technician types."""
        base = f"http://{self.server_address[0]!s}:{self.server_port}/"
        return base if self.code is None else f"{base}?kode={self.code}"


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Serve the page, its files, a still or settings."""
        self._guarded(self._get)

    def do_POST(self) -> None:
        """Keep what was drawn."""
        self._guarded(self._post)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say requests to who asked for every step, without the code."""
        logger.debug("%s", urlsplit(self.path).path)

    def _guarded(self, act: Callable[[str], _Answer]) -> None:
        path = urlsplit(self.path)
        if not self.server.answers_to(self.headers.get("Host")):
            self._send(_Answer(HTTPStatus.MISDIRECTED_REQUEST))
            return
        code = parse_qs(path.query).get("kode", [""])[0]
        ticket = self.server.door.redeem(code) if code and self.server.code is not None else None
        if ticket is not None:
            self._send(_Answer(HTTPStatus.SEE_OTHER), ticket=ticket)
            return
        if not self.server.door.lets_in(self._ticket()):
            self._send(_Answer(HTTPStatus.FORBIDDEN, b"Kode salah atau sudah dipakai.\n"))
            return
        try:
            self._send(act(path.path.strip("/")))
        except KeyError:
            self._send(_Answer(HTTPStatus.NOT_FOUND))
        except (CameraError, SettingsError, TurningError, OSError) as error:
            self._send(_Answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(error).encode()))

    def _get(self, path: str) -> _Answer:
        name = path or "index.html"
        kind, _, camera = name.partition("/")
        if name in _FILES:
            return _Answer(HTTPStatus.OK, (PAGE / name).read_bytes(), _TYPES[name.rpartition(".")[2]])
        if name == "lamp":
            return _json(_lamp(self.server.lamp()))
        if name == "cameras":
            return _json(self.server.settings.cameras)
        if kind == "settings":
            return _json(self.server.settings.settings(camera))
        if kind == "presets":
            return _json(self.server.settings.presets(camera))
        if kind == "still":
            jpeg = self.server.settings.still(camera.removesuffix(".jpg"))
            return _Answer(HTTPStatus.OK, jpeg, "image/jpeg")
        raise KeyError(name)

    def _post(self, path: str) -> _Answer:
        kind, _, camera = path.partition("/")
        # Another site's form cannot send this type.
        if kind not in ("settings", "go") or self.headers.get("Content-Type") != "application/json":
            raise KeyError(path)
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= _MAX_BODY_BYTES:
            return _Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(length)
        if kind == "go":
            self.server.settings.go_to(camera, body)
        else:
            self.server.settings.keep(camera, body)
        return _Answer(HTTPStatus.NO_CONTENT)

    def _ticket(self) -> str:
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        return cookies[_COOKIE].value if _COOKIE in cookies else ""

    def _send(self, answer: _Answer, *, ticket: str = "") -> None:
        self.send_response(answer.status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if ticket:
            self.send_header("Set-Cookie", f"{_COOKIE}={ticket}; HttpOnly; SameSite=Strict; Path=/")
            self.send_header("Location", "/")
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        # A body that was not read would be taken for the next request.
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body)


def _lamp(state: State) -> dict[str, object]:
    sign = SIGNS[state]
    steps = [[int(is_on), round(length_s * 1000)] for is_on, length_s in blinks_of(sign)]
    return {"pattern": sign.pattern, "meaning": sign.meaning, "remedy": sign.remedy, "blinks": steps}


def _json(value: object) -> _Answer:
    return _Answer(HTTPStatus.OK, json.dumps(value).encode(), "application/json")


def serve_site(config: EdgeConfig, *, address: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    Args:
        config: of the device.
        address: where to listen.
        port: 0 takes a free one.
        tell: shows the address to the technician.

    Raises:
        ConfigError: the address or port cannot be used.
    """
    try:
        folders = {path.parent for path in status_paths(config)}
        server = SiteServer(
            SiteSettings(config),
            address=address,
            port=port,
            lamp=lambda: shown_state(folders, has_identity=True),
        )
    except (OSError, ValueError) as error:
        raise ConfigError(f"--address {address} --port {port}: {error}; name one of this machine") from error
    with server:
        tell(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            tell("ended")
