"""A tiny media server's front: takes offers by WHEP, and answers as a test wants it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WhepResponder:
    """Answers ``status`` until ``answer`` gives an SDP for an offer."""

    def __init__(self) -> None:
        self.status = 404
        self.offers: list[str] = []
        self.deleted = threading.Event()
        self.offered = threading.Event()
        self.answered = threading.Event()
        self.answer = ""
        self.paths: list[str] = []


@contextmanager
def running_responder() -> Iterator[tuple[WhepResponder, int]]:
    """Listen on a free port."""
    responder = WhepResponder()

    class Handler(BaseHTTPRequestHandler):
        def _send(self, status: int, body: str = "") -> None:
            self.send_response(status)
            for name, value in (
                ("Access-Control-Allow-Origin", "*"),
                ("Access-Control-Allow-Headers", "Content-Type"),
                ("Access-Control-Allow-Methods", "POST, DELETE, OPTIONS"),
                ("Access-Control-Expose-Headers", "Location"),
                ("Content-Type", "application/sdp"),
                ("Location", "/session/1"),
                ("Content-Length", str(len(body.encode()))),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_OPTIONS(self) -> None:
            self._send(204)

        def do_DELETE(self) -> None:
            responder.deleted.set()
            self._send(200)

        def do_POST(self) -> None:
            offer = self.rfile.read(int(self.headers["Content-Length"])).decode()
            responder.paths.append(self.path)
            responder.offers.append(offer)
            responder.offered.set()
            if responder.status == 201:
                responder.answered.wait(240)
            self._send(responder.status, responder.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield responder, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
