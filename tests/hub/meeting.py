"""Two workers at one thing: whether the other one waits for a lock of the database, or is done."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import text

from hub.db import Database
from tests.hub.telemetry.waiting import until

_WAITERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


class Meeting:
    """Begins what another worker does, in a thread, while the first is in the middle of its transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._begun: Future[None] | None = None

    def begin(self, act: Callable[[], None]) -> None:
        """Begin it once, and go on when it is done or waits for a lock."""
        if self._begun is None:
            self._begun = self._threads.submit(act)
            until(self._stands)

    def _stands(self) -> bool:
        assert self._begun is not None
        # SQLite tells nobody who waits, and has one writer anyway.
        if self._database.is_sqlite or self._begun.done():
            return True
        with self._database.reading() as db:
            return bool(db.scalar(_WAITERS))

    def end(self) -> None:
        """Wait for its end; what it stumbled over is raised here."""
        assert self._begun is not None, "the other one never began"
        self._begun.result()
        self._threads.shutdown()
