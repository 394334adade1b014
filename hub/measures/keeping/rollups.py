"""Days, months and years of series, written whenever their points change. Never commits.

Only periods that points fell into are worked out anew, each from the next finer ones, so that a read
never adds up points.
"""

import json
from collections.abc import Collection, Iterable
from functools import cache

from sqlalchemy.orm import Session

from hub.measures.keeping.periods import Grain, begin_of, end_of
from hub.measures.keeping.quality import Quality

# (series, second at which the period begins, second at which it ends)
Bucket = tuple[int, int, int]
_COLUMNS = (
    "series, grain, begin_s, samples, total, weight, low, high, quality, last_at_s, last"  # of the table
)
_FROM_POINTS = (
    "COUNT(*) AS samples, SUM(held.value) AS total, SUM(held.weight) AS weight, MIN(held.value) AS low, "
    "MAX(held.value) AS high, MAX(held.quality) AS quality, MAX(held.at_s) AS last_at_s"
)
_FROM_ROLLUPS = (
    "SUM(held.samples) AS samples, SUM(held.total) AS total, SUM(held.weight) AS weight, "
    "MIN(held.low) AS low, MAX(held.high) AS high, MAX(held.quality) AS quality, "
    "MAX(held.last_at_s) AS last_at_s"
)


def kept_grains(native: Grain) -> tuple[Grain, ...]:
    """Return of which grains roll-ups are kept for a measure whose points are of a grain."""
    return tuple(grain for grain in Grain if grain > max(native, Grain.HOUR))


def refresh(db: Session, native: Grain, touched: Iterable[tuple[int, int]]) -> None:
    """Work out the periods anew into which points fell.

    Args:
        db: A writing session that holds the points already.
        native: The grain of the measure's points.
        touched: Series and seconds of the points that were written.
    """
    periods = set(touched)
    finer: Grain | None = None
    for grain in kept_grains(native):
        periods = {(series, begin_of(grain, at_s)) for series, at_s in periods}
        buckets = [(series, begin_s, end_of(grain, begin_s)) for series, begin_s in periods]
        _rewrite(db, grain, finer, buckets)
        finer = grain


def _rewrite(db: Session, grain: Grain, finer: Grain | None, buckets: Collection[Bucket]) -> None:
    connection = db.connection()
    # In one order, so that two writers wait for each other in turn and not in a ring.
    rows = sorted(buckets)
    if connection.dialect.name == "sqlite":
        given: tuple[object, ...] = (json.dumps(rows),)
    else:
        given = tuple(map(list, zip(*rows, strict=True)))
    for statement in _statements(grain, finer, is_sqlite=connection.dialect.name == "sqlite"):
        connection.exec_driver_sql(statement, given)


@cache
def _statements(grain: Grain, finer: Grain | None, *, is_sqlite: bool) -> tuple[str, str]:
    """Return what removes the old roll-ups and what writes the new; S608: made of constants alone."""
    wanted = _wanted(is_sqlite)
    if finer is None:
        held, sums, time, only = (
            "measure_point",
            _FROM_POINTS,
            "at_s",
            f"held.quality < {int(Quality.INSUFFICIENT)}",
        )
        last, of_last = "newest.value", "newest.at_s = summed.last_at_s"
    else:
        held, sums, time, only = "measure_rollup", _FROM_ROLLUPS, "begin_s", f"held.grain = {int(finer)}"
        last = "newest.last"
        of_last = f"newest.grain = {int(finer)} AND newest.last_at_s = summed.last_at_s"
        of_last += " AND newest.begin_s >= summed.begin_s AND newest.begin_s < summed.end_s"
    remove = (
        f"DELETE FROM measure_rollup WHERE grain = {int(grain)} AND (series, begin_s) IN "  # noqa: S608 - our own names
        f"(SELECT wanted.series, wanted.begin_s FROM {wanted})"
    )
    write = (
        f"INSERT INTO measure_rollup ({_COLUMNS}) "  # noqa: S608 - our own names and whole numbers
        f"SELECT summed.series, {int(grain)}, summed.begin_s, summed.samples, summed.total, summed.weight, "
        f"summed.low, summed.high, summed.quality, summed.last_at_s, {last} FROM "
        f"(SELECT wanted.series, wanted.begin_s, wanted.end_s, {sums} FROM {wanted} "
        f"CROSS JOIN {held} AS held WHERE held.series = wanted.series AND held.{time} >= wanted.begin_s "
        f"AND held.{time} < wanted.end_s AND {only} GROUP BY wanted.series, wanted.begin_s, wanted.end_s) "
        f"AS summed JOIN {held} AS newest ON newest.series = summed.series AND {of_last}"
    )
    return remove, write


def _wanted(is_sqlite: bool) -> str:
    if is_sqlite:
        return (
            "(SELECT json_extract(value, '$[0]') AS series, json_extract(value, '$[1]') AS begin_s, "
            "json_extract(value, '$[2]') AS end_s FROM json_each(?)) AS wanted"
        )
    return "unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS wanted(series, begin_s, end_s)"
