"""What modules count becomes points: a feed is handed in, asked now and then, and only changes are written.

Must not know any module: whoever composes the hub gives the feeds.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.models import MeasurePoint, MeasureSeries
from hub.measures.keeping.periods import begin_of, second_of
from hub.measures.keeping.points import Said, forget, keep
from hub.measures.keeping.series import Facets, facets_of
from hub.measures.keeping.sources import SourceKind, source_id

log = logging.getLogger(__name__)

FEED_EVERY_S = 900.0


@dataclass(frozen=True, slots=True)
class Fed:
    """All that a module says of a measure from a moment on; what it does not say is not there any more."""

    measure: str
    since: datetime
    said: tuple[Said, ...]


Feed = Callable[[Session, datetime], Iterable[Fed]]
"""Given a reading session and the present, returns what a module counts; ``since`` begins a period."""


class Feeder:
    """The chore; one broken feed stops no other."""

    def __init__(self, *, database: Database, feeds: Mapping[str, Feed], now: Callable[[], datetime]) -> None:
        """Take collaborators; feeds by the name that their points' source has."""
        self._database = database
        self._feeds = feeds
        self._now = now

    def __call__(self) -> None:
        """Ask every feed once."""
        broken = []
        for name, feed in self._feeds.items():
            try:
                self.ask(name, feed)
            # Whatever a module stumbled over: the next one is asked all the same, and it is told.
            except Exception:
                log.exception("the feed %s of measures fails", name)
                broken.append(name)
        if broken:
            raise RuntimeError(f"feeds of measures fail: {', '.join(broken)}")

    def ask(self, name: str, feed: Feed) -> None:
        """Ask one feed and keep what changed."""
        now = self._now()
        with self._database.reading() as db:
            fed = tuple(feed(db, now))
            if not any(_changes(db, one) for one in fed):
                return
        with self._database.writing() as db:
            for one in fed:
                _keep(db, name, one, now)


def _changes(db: Session, fed: Fed) -> bool:
    measure = shipped().one(fed.measure)
    held = kept_since(db, measure.code, fed.since)
    return bool(only_new(measure, fed.said, held)) or len(held) != len(fed.said)


def _keep(db: Session, name: str, fed: Fed, now: datetime) -> None:
    measure = shipped().one(fed.measure)
    source = source_id(db, SourceKind.MODULE, name, now=now, address=measure.origin)
    held = kept_since(db, measure.code, fed.since)
    said = {place_of(measure, one) for one in fed.said}
    # Only what this module said itself: a published figure beside it stays.
    gone = [
        (point.series, point.at_s)
        for place, point in held.items()
        if place not in said and point.source == source
    ]
    forget(db, measure, gone)
    keep(db, measure, only_new(measure, fed.said, held), source=source)


Held = Mapping[tuple[Facets, int], MeasurePoint]


def kept_since(db: Session, code: str, since: datetime) -> Held:
    """Return the points of a measure from a moment on, by what they are about and when."""
    query = (
        select(MeasureSeries, MeasurePoint)
        .join(MeasurePoint, MeasurePoint.series == MeasureSeries.id)
        .where(MeasureSeries.measure == code, MeasurePoint.at_s >= second_of(since))
    )
    return {(facets_of(series), point.at_s): point for series, point in db.execute(query)}


def only_new(measure: Measure, said: Sequence[Said], held: Held) -> list[Said]:
    """Return what is not kept already, or was kept otherwise."""
    return [one for one in said if not _is_same(one, held.get(place_of(measure, one)))]


def _is_same(said: Said, point: MeasurePoint | None) -> bool:
    wanted = (said.value, said.weight, int(said.quality))
    return point is not None and wanted == (point.value, point.weight, point.quality)


def place_of(measure: Measure, said: Said) -> tuple[Facets, int]:
    """Return where a value is kept: what it is about, as the table has it, and its second."""
    one = said.about
    about = Facets(one.district, one.kelurahan, one.opd, one.site, one.market, one.dimension)
    return about, begin_of(measure.grain_kept, second_of(said.at))
