"""What a measure comes to within a scope, period by period; reads roll-ups, never adds up points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.across import together
from hub.measures.keeping.models import MeasureCity, MeasurePoint, MeasureRollup, MeasureSeries
from hub.measures.keeping.periods import Grain, begin_of, moment_of, second_of
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import CITY, Facets, Side, within


@dataclass(frozen=True, slots=True)
class Value:
    """A measure in one period.

    Attributes:
        begin: When the period begins, aware UTC.
        key: Of what side it is, as a kelurahan's code; empty for all together.
        value: ``None``: it cannot be said, and ``fault`` says why.
        samples: How many points are in it; 0 for a formula.
        quality: The worst of them.
        fault: In Indonesian.
    """

    begin: datetime
    key: str
    value: float | None
    samples: int
    quality: Quality
    fault: str = ""


def kept_values(
    db: Session,
    measure: Measure,
    *,
    scope: Facets,
    since: datetime,
    until: datetime,
    grain: Grain,
    by: Side | None,
) -> list[Value]:
    """Return the values of a measure that has points, oldest first, then by key.

    Args:
        db: Any session.
        measure: Without a formula.
        scope: What it must be about.
        since: The period that holds it is the first.
        until: Periods that begin before it.
        grain: Not finer than the measure's own.
        by: Tell values apart by this side.
    """
    first_s, end_s = begin_of(grain, second_of(since)), second_of(until)
    if scope == CITY and by is None:
        return _city_values(db, measure, grain, first_s, end_s)
    begin = MeasurePoint.at_s if grain <= measure.grain_kept else MeasureRollup.begin_s
    query = together(measure, grain, by)
    query = query.where(within(measure.code, scope), begin >= first_s, begin < end_s)
    return [
        Value(moment_of(begin_s), key, value, samples, Quality(quality))
        for begin_s, key, value, samples, quality in db.execute(query.order_by("begin_s", "facet"))
    ]


def _city_values(db: Session, measure: Measure, grain: Grain, first_s: int, end_s: int) -> list[Value]:
    held = MeasureCity
    query = (
        select(held.begin_s, held.value, held.samples, held.quality)
        .where(held.measure == measure.code, held.grain == int(grain))
        .where(held.begin_s >= first_s, held.begin_s < end_s)
        .order_by(held.begin_s)
    )
    return [
        Value(moment_of(begin_s), "", value, samples, Quality(quality))
        for begin_s, value, samples, quality in db.execute(query)
    ]


def newest_second(db: Session, measure: Measure, scope: Facets) -> int | None:
    """Return the second of the newest good point of a measure with points, or ``None``."""
    if scope == CITY:
        held = MeasureCity
        own = (held.measure == measure.code, held.grain == int(measure.grain_kept))
        return db.scalar(select(func.max(held.begin_s)).where(*own))
    if measure.grain_kept is Grain.YEAR:
        query = select(func.max(MeasurePoint.at_s)).join(
            MeasureSeries, MeasureSeries.id == MeasurePoint.series
        )
    else:
        query = (
            select(func.max(MeasureRollup.last_at_s))
            .join(MeasureSeries, MeasureSeries.id == MeasureRollup.series)
            .where(MeasureRollup.grain == int(Grain.YEAR))
        )
    return db.scalar(query.where(within(measure.code, scope)))


def rows_behind(
    db: Session,
    codes: Sequence[str],
    *,
    scope: Facets,
    since: datetime,
    until: datetime,
    most: int,
    skip: int,
) -> list[Any]:
    """Return (series, point) pairs behind measures, the newest first."""
    query = (
        select(MeasureSeries, MeasurePoint)
        .join(MeasurePoint, MeasurePoint.series == MeasureSeries.id)
        .where(MeasurePoint.at_s >= second_of(since), MeasurePoint.at_s < second_of(until))
        .order_by(MeasurePoint.at_s.desc(), MeasureSeries.id)
        .limit(most)
        .offset(skip)
    )
    conditions = [within(code, scope) for code in codes]
    if not conditions:
        return []
    return list(db.execute(query.where(or_(*conditions))))
