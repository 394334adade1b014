"""What the application was built from, reachable from a view; nothing is looked up elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.orm import Session

from hub.config import HubConfig
from hub.db import Database
from hub.live.desk import LiveDesk
from hub.telemetry.store import TelemetryStore

Clock = Callable[[], datetime]
OpenTelemetry = Callable[[Session], TelemetryStore]


@dataclass(frozen=True, slots=True)
class Parts:
    """The collaborators of the screens.

    ``telemetry`` gives the store as a session sees it; ``now`` gives aware UTC;
    ``live`` is the way to devices past the database.
    """

    config: HubConfig
    database: Database
    telemetry: OpenTelemetry
    now: Clock
    zone: ZoneInfo
    live: LiveDesk


def parts() -> Parts:
    """Return the parts of the application that answers this request."""
    found: Parts = current_app.extensions["pontive"]
    return found
