"""Builds the live desk of a web process: its connection, and which devices have cameras."""

import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from socket import gethostname

from sqlalchemy import select

from hub.config import HubConfig
from hub.db import Database
from hub.ingest.keeping.deadletter import Letter, bury
from hub.ingest.taking.address import address_of
from hub.live.desk import LiveDesk
from hub.live.known import KnownCameras
from hub.live.receiver import LiveReceiver
from hub.live.refusals import Refusals
from hub.live.streams import CameraKey
from hub.places.models import CityCamera

logger = logging.getLogger(__name__)


def live_desk(config: HubConfig, database: Database) -> LiveDesk:
    """Return the desk, not yet started; without the hub's certificate screens work and nothing is live."""

    def read() -> list[CameraKey]:
        with database.reading() as session:
            query = select(CityCamera.device, CityCamera.id).where(CityCamera.is_retired.is_(False))
            return [CameraKey(device, camera) for device, camera in session.execute(query)]

    def keep(letters: Sequence[Letter]) -> None:
        with database.writing() as session:
            bury(session, letters)

    known = KnownCameras(read)
    refusals = Refusals(keep=keep, now=lambda: datetime.now(UTC))
    desk = LiveDesk(
        devices=known.devices,
        is_known=known.__contains__,
        refuse=refusals.refuse,
        chores=(refusals.write,),
    )
    try:
        # Several web processes may run, on several machines: each is a client of its own to the broker.
        address = address_of(config.broker, client_id=f"hub-live-{gethostname()[:40]}-{os.getpid()}")
    except OSError as error:
        logger.error("nothing is live: %s", error)
        return desk
    desk.link = LiveReceiver(
        address,
        on_live=desk.streams.arrived,
        on_thumb=desk.thumbs.arrived,
        on_reply=desk.calls.answered,
    )
    return desk
