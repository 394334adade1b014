"""``/metrics`` of ingest, which has no screens: a small server in a thread, off unless a port is set."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hub.operating.metrics.guarding import MetricsGuard
from hub.operating.metrics.text import CONTENT_TYPE

TIMEOUT_S = 5


@contextmanager
def served(host: str, port: int, guard: MetricsGuard, write: Callable[[], str]) -> Iterator[int]:
    """Serve metrics while the block runs; give the port that it listens on.

    Args:
        host: The address to listen on.
        port: 0: a free one.
        guard: Who may read.
        write: Makes the text.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_S

        def do_GET(self) -> None:
            is_ours = self.path == "/metrics"
            if not is_ours or not guard.lets_in(
                self.client_address[0], self.headers.get("Authorization", "")
            ):
                self.send_error(404)
                return
            body = write().encode()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            """Say nothing: a scrape every few seconds is no event."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
