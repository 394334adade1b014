"""The heartbeat of ingest: a row that is renewed by a commit, so that its age is the truth."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub.bulk import upsert
from hub.ingest.models import IngestHealth


class Heartbeat:
    """Counts since the start, and writes them down."""

    def __init__(self, *, worker: int, started_at: datetime) -> None:
        """Begin at zero."""
        self.worker = worker
        self.started_at = started_at
        self.last_record_at: datetime | None = None
        self.records = 0
        self.duplicates = 0
        self.dead_letters = 0
        self.refused = 0

    def beat(self, session: Session, *, now: datetime, queue_length: int) -> None:
        """Write the row; it counts when the transaction commits."""
        row = {
            "worker": self.worker,
            "started_at": self.started_at,
            "last_commit_at": now,
            "last_record_at": self.last_record_at,
            "records": self.records,
            "duplicates": self.duplicates,
            "dead_letters": self.dead_letters,
            "refused": self.refused,
            "queue_length": queue_length,
        }
        upsert(
            session,
            IngestHealth,
            [row],
            key=("worker",),
            changes=lambda new: {name: new[name] for name in row if name != "worker"},
        )
