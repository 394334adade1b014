"""Points into the database, with their roll-ups, in one transaction. Never commits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.bulk import BulkInsert
from hub.errors import InputError
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.city import refresh_city
from hub.measures.keeping.models import MeasurePoint, MeasureSeries
from hub.measures.keeping.periods import begin_of, second_of
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.rollups import refresh
from hub.measures.keeping.series import Facets, series_ids

# Of one statement: a chunk of rows that SQLite takes without holding others up for long.
_ROWS_AT_ONCE = 20_000

_set_points = BulkInsert(
    "measure_point",
    (
        ("series", "bigint"),
        ("at_s", "bigint"),
        ("value", "double precision"),
        ("weight", "double precision"),
        ("quality", "smallint"),
        ("source", "bigint"),
    ),
    """ON CONFLICT (series, at_s) DO UPDATE SET value = excluded.value, weight = excluded.weight,
    quality = excluded.quality, source = excluded.source""",
)


class PointRow(NamedTuple):
    """One point as the table has it."""

    series: int
    at_s: int
    value: float
    weight: float
    quality: int
    source: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody or something says of a measure: about what, when, how much."""

    about: Facets
    at: datetime
    value: float
    weight: float = 1.0
    quality: Quality = Quality.VALID


def keep(db: Session, measure: Measure, said: Sequence[Said], *, source: int) -> int:
    """Keep values; a later word about the same moment takes the place of the earlier.

    Args:
        db: A writing session.
        measure: What is said something of; its grain decides where a period begins.
        said: The values.
        source: Of :func:`hub.measures.keeping.sources.source_id`.

    Returns:
        How many points were kept.

    Raises:
        InputError: the measure is worked out from others, or a value is no finite number.
    """
    if measure.formula:
        raise InputError(f"{measure.code}: dihitung dengan rumus; isi ukuran yang menyusunnya")
    wrong = [one for one in said if not math.isfinite(one.value) or not math.isfinite(one.weight)]
    if wrong:
        raise InputError(f"{measure.code}: {wrong[0].value} bukan angka yang dapat disimpan")
    numbers = series_ids(db, {(measure.code, one.about) for one in said})
    rows = {}
    for one in said:
        number = numbers[measure.code, one.about]
        at_s = begin_of(measure.grain_kept, second_of(one.at))
        rows[number, at_s] = PointRow(number, at_s, one.value, one.weight, int(one.quality), source)
    keep_rows(db, measure, list(rows.values()))
    return len(rows)


def keep_rows(db: Session, measure: Measure, rows: Sequence[PointRow]) -> None:
    """Keep points of a measure's series, each (series, second) once, and work out their roll-ups."""
    _lock(db, {row.series for row in rows})
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        _set_points.run(db, some)
        refresh(db, measure.grain_kept, ((row.series, row.at_s) for row in some))
    refresh_city(db, measure, (row.at_s for row in rows))


def forget(db: Session, measure: Measure, gone: Iterable[tuple[int, int]]) -> None:
    """Take points back, by series and second."""
    keys: Mapping[int, list[int]] = _by_series(gone)
    _lock(db, set(keys))
    for series, seconds in keys.items():
        db.execute(delete(MeasurePoint).where(MeasurePoint.series == series, MeasurePoint.at_s.in_(seconds)))
        refresh(db, measure.grain_kept, ((series, at_s) for at_s in seconds))
    refresh_city(db, measure, (at_s for seconds in keys.values() for at_s in seconds))


def _by_series(keys: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for series, at_s in keys:
        found.setdefault(series, []).append(at_s)
    return found


def _lock(db: Session, numbers: set[int]) -> None:
    # Two writers of one series would each add up without the other's points; SQLite has one writer.
    if db.get_bind().dialect.name == "postgresql":
        query = select(MeasureSeries.id).where(MeasureSeries.id.in_(sorted(numbers)))
        db.execute(query.order_by(MeasureSeries.id).with_for_update())
