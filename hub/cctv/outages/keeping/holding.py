"""The outages that are open or just over, with the cameras they hold: what a turn works on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cctv.outages.facts import OutageFacts, Scope, facts_from, facts_text
from hub.cctv.outages.folding import CameraKey
from hub.cctv.outages.models import Outage, OutageCamera, OutageVerdict
from hub.cctv.outages.rules import judge_outage

# What is dark again within this time is the same outage.
FLAPPING_WITHIN = timedelta(minutes=10)
# A smaller step of confidence is no line in the history.
_WORTH_SAYING = 0.05


class Change:
    """What brought a verdict; a word for the history."""

    OPENED = "opened"
    FOLDED = "folded"
    FLAPPED = "flapped"
    SEEN = "seen"
    RETURNED = "returned"
    LATE = "late-record"


@dataclass
class Holding:
    """Rows of the session, changed in place."""

    outages: dict[int, Outage] = field(default_factory=dict)
    places: dict[tuple[str, str], Outage] = field(default_factory=dict)  # the newest of each
    rows: dict[CameraKey, OutageCamera] = field(default_factory=dict)  # the open ones
    all_rows: dict[int, list[OutageCamera]] = field(default_factory=dict)

    def held(self) -> dict[CameraKey, tuple[Scope, str]]:
        """Return which place's outage holds a camera."""
        return {
            key: (Scope(self.outages[row.outage].scope), self.outages[row.outage].key)
            for key, row in self.rows.items()
        }

    def own_since(self, key: CameraKey) -> datetime | None:
        """Return since when a camera has an outage of its own."""
        row = self.rows.get(key)
        if row is None or self.outages[row.outage].scope != Scope.CAMERA:
            return None
        return row.began_at

    def at_place(self, scope: Scope, key: str) -> Outage | None:
        """Return the newest outage of a place that is open or just over."""
        return self.places.get((scope, key))

    def stand_at(self, outage: Outage, scope: Scope, key: str) -> None:
        """Make an outage that of a place."""
        was = (outage.scope, outage.key)
        outage.scope, outage.key = scope, key
        self.places.pop(was, None)
        for one in self.outages.values():
            if (one.scope, one.key) in (was, (scope, key)):
                self._place(one)

    def _place(self, outage: Outage) -> None:
        newest = self.places.setdefault((outage.scope, outage.key), outage)
        if newest.id < outage.id:
            self.places[outage.scope, outage.key] = outage

    def cameras_ever(self, outage: Outage) -> set[CameraKey]:
        """Return all cameras that an outage holds or held."""
        return {(row.device, row.camera) for row in self.all_rows[outage.id]}

    def open_rows(self, outage: Outage) -> list[OutageCamera]:
        """Return what an outage holds now."""
        return [row for row in self.all_rows[outage.id] if row.ended_at is None]

    def last_return(self, outage: Outage) -> datetime | None:
        """Return when the newest of its cameras came back."""
        ends = [row.ended_at for row in self.all_rows[outage.id] if row.ended_at is not None]
        return max(ends, default=None)

    def add(self, db: Session, outage: Outage) -> None:
        """Take a new outage in."""
        db.add(outage)
        db.flush()
        self.outages[outage.id] = outage
        self._place(outage)
        self.all_rows[outage.id] = []

    def add_row(self, db: Session, row: OutageCamera) -> None:
        """Take a new open row in."""
        db.add(row)
        self.all_rows[row.outage].append(row)
        self.rows[row.device, row.camera] = row

    def end_row(self, row: OutageCamera, at: datetime) -> None:
        """End an open row; it never ends before it began."""
        row.ended_at = max(at, row.began_at)
        del self.rows[row.device, row.camera]

    def move_row(self, row: OutageCamera, target: Outage) -> None:
        """Give a row to another outage."""
        self.all_rows[row.outage].remove(row)
        row.outage = target.id
        self.all_rows[target.id].append(row)


def read_holding(db: Session, now: datetime) -> Holding:
    """Read what is open, or was until a moment ago."""
    is_open = or_(Outage.ended_at.is_(None), Outage.ended_at > now - FLAPPING_WITHIN)
    query = select(Outage).where(is_open, Outage.folded_into.is_(None)).order_by(Outage.id)
    holding = Holding(outages={one.id: one for one in db.scalars(query)})
    # In the order of their numbers: the newest of a place stands.
    holding.places = {(one.scope, one.key): one for one in holding.outages.values()}
    holding.all_rows = {number: [] for number in holding.outages}
    if not holding.outages:
        return holding
    rows = select(OutageCamera).where(OutageCamera.outage.in_(holding.outages)).order_by(OutageCamera.id)
    for row in db.scalars(rows):
        holding.all_rows[row.outage].append(row)
        if row.ended_at is None:
            holding.rows[row.device, row.camera] = row
    return holding


def learn(db: Session, outage: Outage, facts: OutageFacts, why: str, at: datetime) -> None:
    """Keep what is known of an outage now and judge it again; a change of the verdict is noted."""
    text = facts_text(facts)
    if text == outage.facts and why == Change.SEEN:
        return
    outage.facts = text
    verdict = judge_outage(facts)
    is_news = verdict.cause != outage.cause or abs(verdict.confidence - outage.confidence) >= _WORTH_SAYING
    outage.cause, outage.evidence = verdict.cause, " ".join(verdict.evidence)
    outage.confidence = verdict.confidence
    if is_news or why in (Change.OPENED, Change.FOLDED, Change.FLAPPED):
        db.add(
            OutageVerdict(
                outage=outage.id,
                at=at,
                why=why,
                scope=outage.scope,
                cause=outage.cause,
                confidence=outage.confidence,
                evidence=outage.evidence,
            )
        )


def facts_of(outage: Outage) -> OutageFacts:
    """Return what is known of an outage."""
    return facts_from(outage.facts)
