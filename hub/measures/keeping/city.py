"""The city's number of each period, written whenever points change. Never commits."""

import zlib
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.across import together
from hub.measures.keeping.models import MeasureCity, MeasurePoint, MeasureRollup, MeasureSeries
from hub.measures.keeping.periods import Grain, begin_of

# SQLite takes 32,766 variables; shorter lists are planned sooner.
_AT_ONCE = 500
# Any number; it only has to be the same for all writers of city numbers.
_LOCK_SPACE = 0x5546


def refresh_city(db: Session, measure: Measure, seconds: Iterable[int]) -> None:
    """Work out the periods of the city anew into which points fell.

    Args:
        db: A writing session that holds the points and their roll-ups already.
        measure: Whose points they are.
        seconds: Of the points that were written.
    """
    _lock(db, measure)
    touched = set(seconds)
    for grain in (one for one in Grain if one >= measure.grain_kept):
        touched = {begin_of(grain, at_s) for at_s in touched}
        begins = sorted(touched)
        for start in range(0, len(begins), _AT_ONCE):
            _rewrite(db, measure, grain, begins[start : start + _AT_ONCE])


def rebuild_city(db: Session, measure: Measure) -> None:
    """Work out everything anew: after the catalogue said otherwise how series come together."""
    series = select(MeasureSeries.id).where(MeasureSeries.measure == measure.code)
    points = select(MeasurePoint.at_s).where(MeasurePoint.series.in_(series)).distinct()
    refresh_city(db, measure, db.scalars(points).all())


def _rewrite(db: Session, measure: Measure, grain: Grain, begins: Sequence[int]) -> None:
    kept = MeasureCity
    db.execute(
        delete(kept).where(kept.measure == measure.code, kept.grain == int(grain), kept.begin_s.in_(begins))
    )
    held_begin = MeasurePoint.at_s if grain is measure.grain_kept else MeasureRollup.begin_s
    made = together(measure, grain, None).where(MeasureSeries.measure == measure.code, held_begin.in_(begins))
    found = made.subquery()
    rows = select(
        text(":measure").bindparams(measure=measure.code),
        text(str(int(grain))),
        found.c.begin_s,
        found.c.value,
        found.c.samples,
        found.c.quality,
    )
    names = ["measure", "grain", "begin_s", "value", "samples", "quality"]
    db.execute(insert(kept).from_select(names, rows))


def _lock(db: Session, measure: Measure) -> None:
    # Two writers would each add up without the other's points; SQLite has one writer.
    if db.get_bind().dialect.name == "postgresql":
        number = zlib.crc32(measure.code.encode()) - 2**31
        db.execute(
            text("SELECT pg_advisory_xact_lock(:space, :number)"), {"space": _LOCK_SPACE, "number": number}
        )
