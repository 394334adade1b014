"""The HTTP server of a simulated ONVIF camera, on this machine only, in a thread of its own."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from edge.ptz.simulated.service import SimulatedOnvif

logger = logging.getLogger(__name__)

PATH = "/onvif/device_service"
_MAX_QUESTION_BYTES = 65_536


class OnvifServer:
    """Answers until it is closed.

    Args:
        service: what is answered.
        port: on 127.0.0.1; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, service: SimulatedOnvif, *, port: int = 0) -> None:
        self.service = service
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.service = service
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.05,), name="onvif-simulator", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Of its device service."""
        return f"http://127.0.0.1:{self._http.server_port}{PATH}"

    def close(self) -> None:
        """Answer no more."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    service: SimulatedOnvif


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_POST(self) -> None:
        """Answer one question."""
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= _MAX_QUESTION_BYTES:
            self.send_error(413)
            return
        status, body = self.server.service.answer(self.rfile.read(length))
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say requests only to who asked for every step."""
        logger.debug(format, *args)
