"""Serves the screens with granian: one process, many threads, because streams hold a thread each.

HTTP/2 comes with TLS: with files of its own (``web.tls``), or by a proxy in front of it
(``web.is_behind_tls``).
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.config import load_config
from hub.db import Database
from hub.logs import set_up_logging

_logger = logging.getLogger(__name__)

App = Callable[..., Any]


def load_app(config_path: Path) -> App:
    """Build the application in the worker process."""
    from hub.alarms.wiring import IngestWatchdog
    from hub.app import create_app
    from hub.live.wiring import live_desk

    config = load_config(config_path)
    set_up_logging(config.operating.log)
    database = Database(config.database)
    try:
        live = live_desk(config, database)
        live.start()
    except OSError as error:
        # Everything else must be seen all the same: the screens need no broker, live pictures do.
        _logger.error("no live pictures: %s", error)
        live = None
    app = create_app(config, database=database, live=live)
    believe_proxies(app, config.web.trusted_proxies)
    IngestWatchdog(config, database).start()
    return app


def believe_proxies(app: Flask, count: int) -> None:
    """Take the address of whoever asks, and whether by HTTPS, from so many proxies in front of us."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # as Werkzeug's manual says


def serve(config_path: Path) -> None:
    """Serve until the process is told to stop.

    Args:
        config_path: The configuration; the worker process reads it again.
    """
    settings = load_config(config_path).web
    server = Granian(
        target="hub.app:create_app",  # only a label: the loader below builds the application
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backpressure=settings.threads * 2,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        websockets=False,
        ssl_cert=Path(settings.tls.certificate) if settings.tls.certificate else None,
        ssl_key=Path(settings.tls.key) if settings.tls.key else None,
        # Its suites are all AEAD with forward secrecy (RFC 8446, 2018): nothing is left to be narrowed.
        ssl_protocol_min=SSLProtocols.tls13,
    )
    server.serve(target_loader=partial(load_app, config_path), wrap_loader=False)
