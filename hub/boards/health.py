"""How well the hub itself takes in: age of the last commit, records a second, dead letters."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.ingest.models import IngestHealth
from hub.web.contributions.tiles import Figure, Look, Section, Tile, Tone, figure_tile
from hub.web.i18n import N_

# Ingest commits every few seconds, also when nothing arrives.
STALE_AFTER = timedelta(seconds=30)
_RATE_OVER = timedelta(seconds=20)
_RATE_EVERY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class IngestState:
    """All workers taken together."""

    last_commit_at: datetime
    last_record_at: datetime | None
    records: int
    duplicates: int
    dead_letters: int
    refused: int
    queue_length: int

    def is_stale(self, now: datetime) -> bool:
        """Return whether nothing was committed for too long."""
        return now - self.last_commit_at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class IngestTile:
    """What the tile shows."""

    state: IngestState | None
    is_stale: bool
    records_per_s: float


def read_ingest_state(db: Session) -> IngestState | None:
    """Return how ingest is, or ``None`` when it never ran. The worst worker counts."""
    rows = db.scalars(select(IngestHealth)).all()
    if not rows:
        return None
    seen = [row.last_record_at for row in rows if row.last_record_at is not None]
    return IngestState(
        last_commit_at=min(row.last_commit_at for row in rows),
        last_record_at=max(seen, default=None),
        records=sum(row.records for row in rows),
        duplicates=sum(row.duplicates for row in rows),
        dead_letters=sum(row.dead_letters for row in rows),
        refused=sum(row.refused for row in rows),
        queue_length=sum(row.queue_length for row in rows),
    )


class RateMeter:
    """Records a second, from a counter that is looked at now and then."""

    def __init__(self) -> None:
        """Begin without looks."""
        self._lock = threading.Lock()
        self._looks: deque[tuple[datetime, int]] = deque()

    def rate(self, records: int, now: datetime) -> float:
        """Note the counter and return its rate over the last seconds; 0 at the first look."""
        with self._lock:
            looks = self._looks
            if looks and records < looks[-1][1]:
                looks.clear()  # ingest was restarted and counts anew
            if not looks or now - looks[-1][0] >= _RATE_EVERY:
                looks.append((now, records))
            while len(looks) > 2 and now - looks[0][0] > _RATE_OVER:
                looks.popleft()
            (first_at, first), (last_at, last) = looks[0], looks[-1]
            span_s = (last_at - first_at).total_seconds()
            return round((last - first) / span_s, 1) if span_s > 0 else 0.0


class IngestSource:
    """Gives the board its ingest tile and figure."""

    def __init__(self) -> None:
        """Begin with an empty meter."""
        self._meter = RateMeter()

    def __call__(self, look: Look) -> Sequence[Tile]:
        """Return the tile and the figure."""
        state = read_ingest_state(look.db)
        if state is None:
            data = IngestTile(None, is_stale=True, records_per_s=0.0)
        else:
            data = IngestTile(state, state.is_stale(look.now), self._meter.rate(state.records, look.now))
        figure = Figure(
            label=N_("Rekaman per detik"),
            value=data.records_per_s,
            decimals=1,
            tone=Tone.BAD if data.is_stale else Tone.GOOD,
            note=N_("ingest diam") if data.is_stale else "",
        )
        return (
            figure_tile("rate", figure),
            Tile(id="ingest", section=Section.INGEST, template="boards/ingest.html", data=data),
        )
