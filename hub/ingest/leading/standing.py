"""What ingest itself does for the whole city beside records: one worker does it, the one that leads.

Each is a transaction of its own; the chores of the concerns come after these.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete

from edge.faultpoints import FaultPoint, reach
from hub.config import ClipStore
from hub.db import Database
from hub.ingest.chores import Chore
from hub.ingest.keeping import deadletter, receipts
from hub.ingest.models import IngestHealth
from hub.ingest.pictures.clip_chores import look_after_asked, make_room
from hub.ingest.presence import PresenceBook
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.mirroring.mirror import forget_old_feed
from hub.telemetry.tables import TableTelemetry

log = logging.getLogger(__name__)

SWEEP_S = 2.0
SEAL_S = 60.0
GRACE_S = 1.0
FEED_S = 600.0
CLIPS_S = 5.0
CLIP_ROOM_S = 600.0
# 72 h of backlog may still come to a day that is over.
SEAL_AFTER = timedelta(days=7)


class StandingChores:
    """Sweeping, clips, the feed of the mirror, sealing."""

    def __init__(
        self,
        *,
        database: Database,
        folder: Path,
        clips: ClipStore,
        presence: PresenceBook,
        catalogue: Catalogue,
        workers: int,
        now: Callable[[], datetime],
    ) -> None:
        """Take collaborators; ``workers`` is how many there are in the city."""
        self._database = database
        self._folder = folder
        self._clips = clips
        self._presence = presence
        self._catalogue = catalogue
        self._workers = workers
        self._now = now

    def chores(self) -> tuple[Chore, ...]:
        """Return them."""
        return (
            Chore("sweeping", every_s=SWEEP_S, act=self._sweep),
            Chore("who did not come back", every_s=GRACE_S, act=self._end_grace),
            Chore("asking for clips", every_s=CLIPS_S, act=self._ask_for_clips),
            Chore("making room for clips", every_s=CLIP_ROOM_S, act=self._make_room_for_clips),
            Chore("cutting the feed of the mirror", every_s=FEED_S, act=self._cut_feed),
            Chore("sealing", every_s=SEAL_S, act=self._seal, is_for_idle=True),
        )

    def _sweep(self) -> None:
        now = self._now()
        with self._database.writing() as session:
            self._presence.sweep(session, now=now)
            deadletter.forget_old_letters(session)
            receipts.forget_old_receipts(session, now=now)
            # Of a city that had more workers once: nobody renews their rows, and health is the oldest.
            session.execute(delete(IngestHealth).where(IngestHealth.worker >= self._workers))

    def _end_grace(self) -> None:
        with self._database.reading() as session:
            if not self._presence.is_anybody_late(session, now=self._now()):
                return
        with self._database.writing() as session:
            self._presence.end_grace(session, now=self._now())

    def _ask_for_clips(self) -> None:
        with self._database.writing() as session:
            look_after_asked(session, self._folder, now=self._now(), token=lambda: uuid4().hex)

    def _make_room_for_clips(self) -> None:
        with self._database.writing() as session:
            make_room(session, self._folder, self._clips, now=self._now())

    def _cut_feed(self) -> None:
        if forget_old_feed(self._database):
            log.error("the mirror was away for too long and has a hole: run pontive-hub rebuild mirror")

    def _seal(self) -> bool:
        with self._database.writing() as session:
            store = TableTelemetry(session, catalogue=self._catalogue)
            has_more = store.seal((self._now() - SEAL_AFTER).date())
            if has_more:
                reach(FaultPoint.HUB_SEALING)
            return has_more
