"""Builds the live desk of a web process: its connection, and which devices have cameras."""

import os

from sqlalchemy import select

from hub.config import HubConfig
from hub.db import Database
from hub.ingest.subscriber import address_of
from hub.live.desk import LiveDesk
from hub.live.receiver import LiveReceiver
from hub.places.models import CityCamera


def live_desk(config: HubConfig, database: Database) -> LiveDesk:
    """Return the desk, not yet started.

    Raises:
        OSError: a certificate or key of the hub cannot be read.
    """

    def devices() -> list[str]:
        with database.reading() as session:
            query = select(CityCamera.device).where(CityCamera.is_retired.is_(False)).distinct()
            return list(session.scalars(query))

    desk = LiveDesk(devices=devices)
    desk.link = LiveReceiver(
        # Several web processes may run: each is a client of its own to the broker.
        address_of(config.broker, client_id=f"hub-live-{os.getpid()}"),
        on_live=desk.streams.arrived,
        on_thumb=desk.thumbs.arrived,
        on_reply=desk.calls.answered,
    )
    return desk
