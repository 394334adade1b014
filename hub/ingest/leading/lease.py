"""Which of several ingest processes does what only one may do: a lease in the database.

Records are everybody's: the dedupe in their transaction makes that safe. Chores (alarms, outages,
rosters, sealing, the mirror) are the leader's. Time is the database's, so that two servers whose
clocks differ agree; whoever was stopped for longer than the lease knows by its own monotonic clock
that it leads no more. One that was killed on this machine is seen to be gone and not waited for.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.bulk import upsert
from hub.db import Database
from hub.ingest.leading.holder import is_gone
from hub.ingest.models import IngestLease

log = logging.getLogger(__name__)

CHORES = "chores"
# Longer than any chore takes, or the next one would begin it again meanwhile; renewed with the heartbeat.
LEASE_LIFE = timedelta(seconds=20)


class Lease(Protocol):
    """Says whether this process leads."""

    def is_held(self) -> bool:
        """Return whether it leads at this moment; costs nothing."""

    def renew(self) -> None:
        """Ask the database, and hold on or take over."""

    def release(self) -> None:
        """Let the next one lead at once."""


class AlwaysHeld:
    """The lease of a process that has nobody beside it."""

    def is_held(self) -> bool:
        """See :class:`Lease`."""
        return True

    def renew(self) -> None:
        """See :class:`Lease`."""

    def release(self) -> None:
        """See :class:`Lease`."""


def database_time(session: Session) -> datetime:
    """Return the time of the database server; SQLite has none but ours."""
    if session.connection().dialect.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at


class DatabaseLease:
    """A row that names the leader and until when."""

    def __init__(
        self,
        *,
        database: Database,
        holder: str,
        life: timedelta = LEASE_LIFE,
        is_gone: Callable[[str], bool] = is_gone,
        database_time: Callable[[Session], datetime] = database_time,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin without it.

        Args:
            database: Of all workers.
            holder: Who we are, unlike every other process that ever ran.
            life: How long the others wait for one that died, if they cannot see it.
            is_gone: Whether a holder certainly runs no more.
            database_time: The time that all agree on.
            monotonic_s: Seconds of this machine.
        """
        self._database = database
        self._holder = holder
        self._life = life
        self._is_gone = is_gone
        self._database_time = database_time
        self._monotonic_s = monotonic_s
        self._held_until_s = float("-inf")
        self._has_led = False

    def is_held(self) -> bool:
        """See :class:`Lease`."""
        return self._monotonic_s() < self._held_until_s

    def renew(self) -> None:
        """See :class:`Lease`; a database that does not answer ends the leading, not the process."""
        # Counted from before the question: the row can only hold for longer than we think.
        asked_at_s = self._monotonic_s()
        with self._database.writing() as session:
            is_ours = self._take(session)
        self._held_until_s = asked_at_s + self._life.total_seconds() if is_ours else float("-inf")
        if is_ours != self._has_led:
            log.info("%s the chores of the city", "this worker does" if is_ours else "another worker does")
        self._has_led = is_ours

    def release(self) -> None:
        """See :class:`Lease`."""
        self._held_until_s = float("-inf")
        with self._database.writing() as session:
            row = session.get(IngestLease, CHORES, with_for_update=True)
            if row is not None and row.holder == self._holder:
                row.until = self._database_time(session)

    def _take(self, session: Session) -> bool:
        now = self._database_time(session)
        mine = {"name": CHORES, "holder": self._holder, "until": now + self._life}
        upsert(session, IngestLease, [mine], key=("name",))
        row = session.get_one(IngestLease, CHORES, with_for_update=True)
        is_anothers = row.holder != self._holder and row.until > self._database_time(session)
        if is_anothers and not self._is_gone(row.holder):
            return False
        row.holder, row.until = self._holder, now + self._life
        return True
