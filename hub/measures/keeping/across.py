"""How the series of a measure come together: one statement for readers and for what is kept. Pure SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.models import MeasurePoint, MeasureRollup, MeasureSeries
from hub.measures.keeping.periods import Grain
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Side


def together(measure: Measure, grain: Grain, by: Side | None) -> Select[*tuple[Any, ...]]:
    """Return what selects ``begin_s, facet, value, samples, quality`` of a measure; conditions are added.

    Args:
        measure: With points.
        grain: Not finer than the measure's own.
        by: Tell values apart by this side.
    """
    return _of_points(measure, by) if grain <= measure.grain_kept else _of_rollups(measure, grain, by)


def _of_points(measure: Measure, by: Side | None) -> Select[*tuple[Any, ...]]:
    held = MeasurePoint
    return (
        select(
            held.at_s.label("begin_s"),
            _key(by).label("facet"),
            _across(measure, held.value, held.value, held.weight).label("value"),
            func.count().label("samples"),
            func.max(held.quality).label("quality"),
        )
        .select_from(MeasureSeries)
        .join(held, held.series == MeasureSeries.id)
        .where(held.quality < int(Quality.INSUFFICIENT))
        .group_by("begin_s", "facet")
    )


def _of_rollups(measure: Measure, grain: Grain, by: Side | None) -> Select[*tuple[Any, ...]]:
    held = MeasureRollup
    own: dict[str, Any] = {
        "sum": held.total,
        "mean": held.total / held.samples,
        "last": held.last,
        "min": held.low,
        "max": held.high,
        "share": held.total,
    }
    return (
        select(
            held.begin_s.label("begin_s"),
            _key(by).label("facet"),
            _across(measure, own[measure.aggregation], held.total, held.weight).label("value"),
            func.sum(held.samples).label("samples"),
            func.max(held.quality).label("quality"),
        )
        .select_from(MeasureSeries)
        .join(held, held.series == MeasureSeries.id)
        .where(held.grain == int(grain))
        .group_by("begin_s", "facet")
    )


def _across(measure: Measure, own: Any, part: Any, whole: Any) -> ColumnElement[Any]:
    match measure.across_kept:
        case "share":
            return func.sum(part) * 100.0 / func.nullif(func.sum(whole), 0.0)
        case "mean":
            return func.avg(own)
        case "min":
            return func.min(own)
        case "max":
            return func.max(own)
        case _:
            return func.sum(own)


def _key(by: Side | None) -> ColumnElement[Any]:
    return literal("") if by is None else getattr(MeasureSeries, by)
