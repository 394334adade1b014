"""What modules count becomes points: a feed is handed in, asked now and then, and only changes are written.

Must not know any module: whoever composes the hub gives the feeds. Each part of a feed, and each measure
that it says something of, is a step of its own: in a large fleet records come between them.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.models import MeasurePoint, MeasureSeries
from hub.measures.keeping.periods import begin_of, second_of
from hub.measures.keeping.points import PointRow, Said, forget, keep
from hub.measures.keeping.series import Facets, Side, known_ids
from hub.measures.keeping.sources import SourceKind, source_id

log = logging.getLogger(__name__)

FEED_EVERY_S = 900.0
# SQLite takes 32,766 variables.
_SERIES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Fed:
    """All that a module says of a measure in a time; what it does not say is not there any more.

    ``until`` is the end of that time, without it; ``None``: there is no end.
    """

    measure: str
    since: datetime
    said: tuple[Said, ...]
    until: datetime | None = None


Feed = Callable[[Session, datetime], Iterable[Fed]]
"""Given a reading session and the present, returns what a module counts; ``since`` begins a period."""
Feeds = Mapping[str, Sequence[Feed]]
"""By the name that the points' source has: the parts of a feed, each short enough for one step."""


class Feeder:
    """The chore; one broken feed stops no other."""

    def __init__(self, *, database: Database, feeds: Feeds, now: Callable[[], datetime]) -> None:
        """Take collaborators."""
        self._database = database
        self._feeds = feeds
        self._now = now

    def __call__(self) -> None:
        """Ask every feed once."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """Ask every feed once, a part at a step.

        Raises:
            RuntimeError: some of them failed, see the log; the others were asked.
        """
        broken = []
        for name, parts in self._feeds.items():
            try:
                for part in parts:
                    yield from self._ask(name, part)
            # Whatever a module stumbled over: the next one is asked all the same, and it is told.
            except Exception:
                log.exception("the feed %s of measures fails", name)
                broken.append(name)
        if broken:
            raise RuntimeError(f"feeds of measures fail: {', '.join(broken)}")

    def _ask(self, name: str, part: Feed) -> Iterator[None]:
        """Ask one part of a feed and keep what changed."""
        now = self._now()
        with self._database.reading() as db:
            fed = tuple(part(db, now))
        yield
        for one in fed:
            with self._database.reading() as db:
                has_changed = _has_changed(db, one)
            if has_changed:
                with self._database.writing() as db:
                    _keep(db, name, one, now)
            yield


def _has_changed(db: Session, fed: Fed) -> bool:
    measure = shipped().one(fed.measure)
    held = kept_since(db, measure.code, fed.since, fed.until)
    return bool(only_new(measure, fed.said, held)) or len(held) != len(fed.said)


def _keep(db: Session, name: str, fed: Fed, now: datetime) -> None:
    measure = shipped().one(fed.measure)
    source = source_id(db, SourceKind.MODULE, name, now=now, address=measure.origin)
    held = kept_since(db, measure.code, fed.since, fed.until)
    said = {place_of(measure, one) for one in fed.said}
    # Only what this module said itself: a published figure beside it stays.
    gone = [
        (point.series, point.at_s)
        for place, point in held.items()
        if place not in said and point.source == source
    ]
    forget(db, measure, gone)
    keep(db, measure, only_new(measure, fed.said, held), source=source)


Held = Mapping[tuple[Facets, int], PointRow]
_POINT = tuple(getattr(MeasurePoint, name) for name in PointRow._fields)
_ABOUT = tuple(getattr(MeasureSeries, side.value) for side in Side)


def kept_since(db: Session, code: str, since: datetime, until: datetime | None = None) -> Held:
    """Return the points of a measure from a moment on, by what they are about and when.

    Args:
        db: Any session.
        code: Of the measure.
        since: From when.
        until: Before when; ``None``: there is no end.
    """
    query = (
        select(*_ABOUT, *_POINT)
        .join(MeasurePoint, MeasurePoint.series == MeasureSeries.id)
        .where(MeasureSeries.measure == code, MeasurePoint.at_s >= second_of(since))
    )
    if until is not None:
        query = query.where(MeasurePoint.at_s < second_of(until))
    held: dict[tuple[Facets, int], PointRow] = {}
    about: dict[int, Facets] = {}
    for row in db.execute(query):
        point = PointRow(*row[len(_ABOUT) :])
        if point.series not in about:
            about[point.series] = Facets(*row[: len(_ABOUT)])
        held[about[point.series], point.at_s] = point
    return held


def kept_about(db: Session, code: str, about: Iterable[Facets], since: datetime) -> Held:
    """Return the points of some series of a measure from a moment on, as :func:`kept_since` does."""
    numbers = {
        number: _filled(one) for (_, one), number in known_ids(db, ((code, one) for one in about)).items()
    }
    held: dict[tuple[Facets, int], PointRow] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _SERIES_AT_ONCE):
        query = select(*_POINT).where(
            MeasurePoint.series.in_(wanted[start : start + _SERIES_AT_ONCE]),
            MeasurePoint.at_s >= second_of(since),
        )
        for row in db.execute(query):
            held[numbers[row.series], row.at_s] = PointRow(*row)
    return held


def only_new(measure: Measure, said: Sequence[Said], held: Held) -> list[Said]:
    """Return what is not kept already, or was kept otherwise."""
    return [one for one in said if not _is_same(one, held.get(place_of(measure, one)))]


def _is_same(said: Said, point: PointRow | None) -> bool:
    wanted = (said.value, said.weight, int(said.quality))
    return point is not None and wanted == (point.value, point.weight, point.quality)


def place_of(measure: Measure, said: Said) -> tuple[Facets, int]:
    """Return where a value is kept: what it is about, as the table has it, and its second."""
    return _filled(said.about), begin_of(measure.grain_kept, second_of(said.at))


def _filled(one: Facets) -> Facets:
    return Facets(one.district, one.kelurahan, one.opd, one.site, one.market, one.dimension)
