"""Whether links of evidence still lead somewhere: looked at now and then, under the rules of all calls out.

Links within the hub and files are looked at when a page shows them; this is for those of others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.measures.spbe.models import Evidence, EvidenceLook
from hub.measures.spbe.service import Sheet
from hub.outside.looking import Look

LOOK_EVERY = timedelta(hours=24)
# A server that is away for an hour is no dead evidence for a day.
LOOK_AGAIN = timedelta(hours=1)
LOOK_ROUND_S = 300.0
MOST_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class DueLink:
    """A link of evidence that should be looked at."""

    evidence: int
    address: str


class EvidenceProber:
    """One round: what is due is looked at, one after the other, each kept at once."""

    def __init__(
        self, *, database: Database, look: Callable[[str], Look], now: Callable[[], datetime]
    ) -> None:
        """Take the collaborators."""
        self._database, self._look, self._now = database, look, now

    def __call__(self) -> int:
        """Look at what is due; return how many were."""
        with self._database.reading() as db:
            due = due_links(db, self._now())
        for one in due:
            look = self._look(one.address)
            with self._database.writing() as db:
                keep_link(db, one, look, self._now())
        return len(due)


def due_links(db: Session, now: datetime, *, most: int = MOST_AT_ONCE) -> list[DueLink]:
    """Return links of others that were never looked at, or not for long."""
    query = (
        select(Evidence.id, Evidence.address)
        .join(EvidenceLook, EvidenceLook.evidence == Evidence.id, isouter=True)
        .where(
            Evidence.withdrawn_at.is_(None),
            Evidence.address.startswith("http"),
            or_(EvidenceLook.due_at.is_(None), EvidenceLook.due_at <= now),
        )
        .order_by(EvidenceLook.due_at, Evidence.id)
        .limit(most)
    )
    return [DueLink(*row) for row in db.execute(query)]


def keep_link(db: Session, due: DueLink, look: Look, now: datetime) -> None:
    """Keep what a look found."""
    row = db.get(EvidenceLook, due.evidence)
    if row is None:
        row = EvidenceLook(evidence=due.evidence, since=now)
        db.add(row)
    if row.standing != look.standing:
        row.since = now
    row.at, row.standing, row.detail = now, look.standing, look.detail
    row.due_at = now + (LOOK_AGAIN if look.standing.is_down else LOOK_EVERY)
    db.flush()


def looks_of(db: Session, sheet: Sheet) -> dict[int, EvidenceLook]:
    """Return the last looks at the evidence of an assessment, by its number."""
    query = (
        select(EvidenceLook)
        .join(Evidence, Evidence.id == EvidenceLook.evidence)
        .where(Evidence.assessment == sheet.assessment.id)
    )
    return {row.evidence: row for row in db.scalars(query)}
