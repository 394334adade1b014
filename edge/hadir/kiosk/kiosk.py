"""The doors' screens of one device: builds the parts, serves them in threads, stops them.

Must not stop a device: a port that is taken is said once and the doors go on without a screen.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from edge.clock import Clock
from edge.config import EdgeConfig
from edge.documents.keeping import KeptDocument
from edge.hadir.kiosk.desk import KioskDesk
from edge.hadir.kiosk.screens import Screens
from edge.supervision.happenings import WorkerState
from edge.wire.hadir.workplace import decode_workplace
from edge.wire.messages import Desired

if TYPE_CHECKING:
    from edge.hadir.kiosk.server import KioskServer, Touch

logger = logging.getLogger(__name__)


class Kiosk:
    """The desk that makes pictures and the server that shows them."""

    def __init__(self, *, desk: KioskDesk, screens: Screens, touched: "Touch", port: int) -> None:
        """Take the parts; nothing listens yet."""
        self.desk = desk
        self._screens = screens
        self._touched = touched
        self._port = port
        self._server: KioskServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the first screen is; empty while nothing is served."""
        return "" if self._server is None else self._server.url

    def start(self) -> None:
        """Serve, if there is a screen and the port is free."""
        if not self._screens.doors:
            return
        # Most devices have no door, and need no server.
        from edge.hadir.kiosk.server import KioskServer

        try:
            self._server = KioskServer(screens=self._screens, touched=self._touched, port=self._port)
        except OSError as error:
            logger.error(
                "kiosk.port %d: %s; the doors go on without a screen, name a free port",
                self._port,
                error.strerror,
            )
            return
        self._thread = threading.Thread(target=self._server.serve_forever, name="kiosk", daemon=True)
        self._thread.start()
        logger.info("the screen of a door is served at %s", self.url)

    def stop(self) -> None:
        """End; allowed twice, and before :meth:`start`."""
        self._screens.close()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def open_kiosk(
    config: EdgeConfig,
    *,
    clock: Clock,
    unseal: Callable[[Desired], bytes],
    waiting: Callable[[], int | None],
    workers: Callable[[], tuple[WorkerState, ...]],
    touched: "Touch",
) -> Kiosk:
    """Return the screens of a device; none without a door or a port.

    Args:
        config: With absolute paths.
        clock: The device's.
        unseal: Checks the hub's signature and returns the plain bytes.
        waiting: Records that wait while the hub is out of reach, else ``None``.
        workers: How each worker is.
        touched: Called with what somebody did on a screen; from other threads.
    """
    doors = config.doors if config.kiosk.port else ()
    screens = Screens(door.id for door in doors)
    desk = KioskDesk(
        doors=doors,
        screens=screens,
        shelf=KeptDocument(
            path=Path(config.outbox.path).parent / "workplace.sealed", unseal=unseal, decode=decode_workplace
        ),
        clock=clock,
        waiting=waiting,
        workers=workers,
    )
    return Kiosk(desk=desk, screens=screens, touched=touched, port=config.kiosk.port)
