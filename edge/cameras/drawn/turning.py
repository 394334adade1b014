"""The mast of a drawn camera that turns: a head, its ONVIF service, and the empty street it looks at."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from edge import opencv
from edge.cameras.drawn.scenery import empty_street
from edge.cameras.drawn.street import Street
from edge.cameras.drawn.turned import through, turned, widened
from edge.cameras.port import CameraError
from edge.ptz.port import Position
from edge.ptz.simulated.head import HOME, Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from edge.wire.records.bodies import CameraFault

Bgr = opencv.Picture

logger = logging.getLogger(__name__)


class TurningMast:
    """Turns a drawn camera.

    Args:
        street: as its camera looks at it from the middle of its range.
        clock: seconds of the drawn time, so that picture and position agree.

    Raises:
        CameraError: the port of its ONVIF service is taken.
    """

    def __init__(self, street: Street, *, clock: Callable[[], float]) -> None:
        self._street = street
        self._wide = widened(street.view)
        self._canvas = empty_street(replace(street, view=self._wide))
        self._shown: tuple[Position, Street, Bgr] | None = None
        self.head = Head(clock)
        port = street.settings.turning
        try:
            service = SimulatedOnvif(self.head, lambda: datetime.now(UTC))
            self._server = OnvifServer(service, port=0 if port == 1 else port)
        except OSError as error:
            raise CameraError(
                CameraFault.FAILED, f"scene:street?turning={port}: {error.strerror}; name a free port"
            ) from error
        logger.info("a drawn camera turns by ONVIF at %s", self.address)

    @property
    def address(self) -> str:
        """Of its ONVIF device service."""
        return self._server.address

    @property
    def empty(self) -> Bgr:
        """The empty street as it looks now, (H, W, 3) uint8."""
        return self.seen()[1]

    def seen(self) -> tuple[Street, Bgr]:
        """Return the street as its camera looks at it now, and that street empty."""
        position = self.head.pose().position or HOME
        if self._shown is None or self._shown[0] != position:
            view = turned(self._street.view, position)
            matrix = through(self._wide, view, position)
            empty = opencv.projected(self._canvas, matrix, view.width_px, view.height_px)
            self._shown = (position, replace(self._street, view=view), empty)
        return self._shown[1:]

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
