"""Who holds a token, kept for a moment: a wall and its streams ask again and again.

What this process writes is seen at once, what another process writes (an account disabled from the
command line) within ``LIFE``. Must not be asked for anything but who is looking.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask, current_app

from hub.people.sessions import Viewer, find_viewer
from hub.web.parts import Parts

LIFE = timedelta(milliseconds=300)
MOST = 1_000


class _Known(NamedTuple):
    viewer: Viewer
    at: datetime
    changes: int


class KnownViewers:
    """The viewers of the last moment; any thread may ask."""

    def __init__(self, here: Parts) -> None:
        """Know nobody yet."""
        self._here = here
        self._known: dict[str, _Known] = {}

    def find(self, token: str) -> Viewer | None:
        """Return who holds a token; strangers are looked for each time."""
        now, changes = self._here.now(), self._here.database.changes
        known = self._known.get(token)
        if known is not None and known.changes == changes and now - LIFE < known.at <= now:
            return known.viewer
        with self._here.database.reading() as db:
            viewer = find_viewer(db, token, now)
        if viewer is None:
            self._known.pop(token, None)
            return None
        if len(self._known) >= MOST:
            self._known.clear()
        # Counted before it was read: what was committed meanwhile makes it old at once.
        self._known[token] = _Known(viewer, now, changes)
        return viewer


def install_known_viewers(app: Flask) -> None:
    """Keep them with the application."""
    app.extensions["pontive-viewers"] = KnownViewers(app.extensions["pontive"])


def known_viewers() -> KnownViewers:
    """Return those of the application that answers this request."""
    found: KnownViewers = current_app.extensions["pontive-viewers"]
    return found
