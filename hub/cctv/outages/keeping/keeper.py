"""The chore: one look at the city a turn, and what follows from it for the outages.

Everything it remembers is in the database, so that a restart loses nothing and a second turn on
the same rows changes nothing. It never opens an outage on silence that the hub cannot judge.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cctv.outages.folding import CameraKey, DarkCamera, Group, fold
from hub.cctv.outages.keeping.blindness import in_doubt_since, note_absence, note_deafness
from hub.cctv.outages.keeping.ending import close_what_is_over, end_rows
from hub.cctv.outages.keeping.holding import Holding, read_holding
from hub.cctv.outages.keeping.learning import learn_from_city, learn_from_events
from hub.cctv.outages.keeping.looking import CameraLook, CityLook, look_at_city
from hub.cctv.outages.keeping.opening import hold
from hub.cctv.outages.keeping.telling import tell
from hub.cctv.outages.models import OutageKeeping
from hub.cctv.outages.windows.service import Windows, read_windows
from hub.cctv.rules import DARK_STATES, CameraState
from hub.db import Database
from hub.ingest.models import Event

KEEP_EVERY_S = 1.0
# Shorter breaks are the network's everyday life; the list of cameras shows them all the same.
SETTLE = timedelta(seconds=10)
# A window that ended longer ago hides nothing any more.
WINDOWS_BACK = timedelta(days=2)
# Outages that are opened in one turn: records do not wait for half of a large city that goes dark.
MOST_A_TURN = 200
# A row more often would be a write to the disk more often.
_NOTE_EVERY = timedelta(seconds=5)


class OutageKeeper:
    """Turned by ingest; see ``hub/wiring.py``."""

    def __init__(self, *, database: Database, now: Callable[[], datetime]) -> None:
        """Take the database and the clock; nothing is read yet."""
        self._database = database
        self._now = now

    def __call__(self) -> None:
        """Take one turn, in one transaction."""
        with self._database.writing() as db:
            turn(db, self._now())


def turn(db: Session, now: datetime) -> None:
    """Bring the outages up to what the committed rows say.

    Args:
        db: A writing session.
        now: The present; may jump.
    """
    keeping = _keeping(db, now)
    note_absence(db, keeping, now)
    holding = read_holding(db, now)
    city = look_at_city(db, now, holding)
    is_deaf = note_deafness(db, now)
    doubt = now if is_deaf else in_doubt_since(db, now)
    unknown = {key for key, camera in city.cameras.items() if _is_in_doubt(camera, city, doubt)}
    end_rows(db, holding, city, unknown)
    for group in _due(_groups(db, city, holding, unknown), holding, now):
        hold(db, holding, city, group)
    learn_from_city(db, holding, city)
    keeping.event_id = learn_from_events(db, keeping.event_id, now)
    close_what_is_over(db, holding, city)
    tell(db, holding, city)
    if not timedelta() <= now - keeping.turned_at < _NOTE_EVERY:
        keeping.turned_at = now


def _keeping(db: Session, now: datetime) -> OutageKeeping:
    found = db.get(OutageKeeping, 1)
    if found is None:
        # What happened before the first turn ever is history that nobody kept.
        newest = db.scalar(select(func.max(Event.id))) or 0
        found = OutageKeeping(id=1, began_at=now, turned_at=now, event_id=newest)
        db.add(found)
        db.flush()
    return found


def _is_in_doubt(camera: CameraLook, city: CityLook, doubt: datetime | None) -> bool:
    """Return whether a silence may be the hub's own: nobody was heard, or not long enough again."""
    if doubt is None or camera.state not in DARK_STATES:
        return False
    device = city.devices[camera.key[0]]
    if camera.state is CameraState.SILENT:
        return camera.data_at is None or camera.data_at < doubt
    return not device.is_online and device.reason == "silent" and device.last_seen_at < doubt


def _groups(db: Session, city: CityLook, holding: Holding, unknown: set[CameraKey]) -> list[Group]:
    windows = read_windows(db, city.now - WINDOWS_BACK, city.now)
    dark = []
    for key, camera in city.cameras.items():
        is_bad = camera.state in DARK_STATES or camera.state is CameraState.DISTURBED
        if not is_bad or key in unknown:
            continue
        # Nobody is called for what was announced; an outage that was there before stays.
        if key in holding.rows or not windows.is_open(camera.site, *key, city.now):
            dark.append(_dark(camera, city, holding, windows))
    return fold(dark, city.places, holding.held())


def _due(groups: list[Group], holding: Holding, now: datetime) -> Iterator[Group]:
    """Yield the groups that lasted; of those that no outage holds yet only some, the largest first."""
    new = 0
    for group in groups:
        if any(now - one.since >= SETTLE for one in group.members):
            new += any(one.key not in holding.rows for one in group.members)
            if new > MOST_A_TURN:
                return
            yield group


def _dark(camera: CameraLook, city: CityLook, holding: Holding, windows: Windows) -> DarkCamera:
    own, since = holding.own_since(camera.key), camera.since
    spared_until = windows.newest_end(camera.site, *camera.key, city.now)
    if spared_until is not None and own is None:
        since = max(since, spared_until)
    return DarkCamera(
        key=camera.key,
        since=since,
        own_since=own,
        is_gone=not city.devices[camera.key[0]].is_online,
        is_mute=camera.is_mute,
        is_dark=camera.state in DARK_STATES,
    )
