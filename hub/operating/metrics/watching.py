"""Gives each request a number, counts its answer, and logs one line of it without its address."""

import logging
import secrets
import time

from flask import Flask, Response, g, request

from hub.logs import REQUESTS, request_id
from hub.operating.metrics.requests import RequestCounts

_log = logging.getLogger(REQUESTS)
HEADER = "X-Request-Id"
# Files of the pages: many, quick, and never what somebody looks for.
_UNLOGGED = frozenset({"assets", "static"})


def install_request_watch(app: Flask, counts: RequestCounts) -> None:
    """Watch every request; before anything else of the application is installed."""

    @app.before_request
    def begin() -> None:
        g.begun_s = time.monotonic()
        request_id.set(secrets.token_hex(8))

    @app.after_request
    def end(response: Response) -> Response:
        took_s = time.monotonic() - g.get("begun_s", time.monotonic())
        part = request.blueprint or "none"
        counts.note(part, response.status_code, took_s)
        response.headers[HEADER] = request_id.get()
        if part not in _UNLOGGED:
            facts = {
                "method": request.method,
                "endpoint": request.endpoint or "none",
                "status": response.status_code,
                "took_ms": round(1000 * took_s, 1),
            }
            _log.info("request", extra={"facts": facts})
        return response
