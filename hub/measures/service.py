"""What boards, pages and open data ask of measures. Reads only; writing is ``keeping.points.keep``."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import NotFoundError
from hub.measures.catalogue.formulas import FormulaError, worked_out
from hub.measures.catalogue.reading import Catalogue, shipped
from hub.measures.catalogue.shape import Measure, SumCheck
from hub.measures.keeping.models import MeasureSource
from hub.measures.keeping.periods import Grain, begin_of, end_of, moment_of, second_of
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import CITY, Facets, Side, facets_of
from hub.measures.keeping.values import Value, kept_values, newest_second, rows_behind

_EVER = datetime(1970, 1, 2, tzinfo=UTC)
_NEVER = datetime(2101, 1, 1, tzinfo=UTC)
SOURCES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One point that a number was made of, and where it came from."""

    measure: str
    about: Facets
    at: datetime
    value: float
    weight: float
    quality: Quality
    source: MeasureSource


@dataclass(frozen=True, slots=True)
class Conflict:
    """A published whole that its published parts do not add up to."""

    check: SumCheck
    begin: datetime
    stated: float
    found: float


@dataclass(frozen=True, slots=True)
class Dataset:
    """A measure as open data: names of the columns, and its rows, oldest first."""

    measure: Measure
    fields: tuple[str, ...]
    rows: Iterator[tuple[str | float | None, ...]]


def values_of(
    db: Session,
    measure: str,
    *,
    scope: Facets = CITY,
    since: datetime = _EVER,
    until: datetime = _NEVER,
    grain: Grain,
    by: Side | None = None,
    catalogue: Catalogue | None = None,
) -> list[Value]:
    """Return what a measure comes to, period by period, oldest first.

    Args:
        db: Any session.
        measure: Its code.
        scope: What it must be about; an empty part is "any".
        since: The period that holds it is the first.
        until: Periods that begin before it.
        grain: Of the periods; never finer than the measure's own, which is taken instead.
        by: Tell values apart by this side: one value a period and key.
        catalogue: The shipped one when not given.

    Raises:
        NotFoundError: there is no such measure.
    """
    known = catalogue or shipped()
    one = known.one(measure)
    if not one.formula:
        grain = max(grain, one.grain_kept)
        return kept_values(db, one, scope=scope, since=since, until=until, grain=grain, by=by)
    names = sorted(known.parts_of(measure))
    grain = max(grain, *(_own_grain(known, name) for name in names), one.grain_kept)
    given: dict[tuple[datetime, str], dict[str, Value]] = {}
    for name in names:
        values = values_of(
            db, name, scope=scope, since=since, until=until, grain=grain, by=by, catalogue=known
        )
        for value in values:
            given.setdefault((value.begin, value.key), {})[name] = value
    return [_formed(one, names, *place, given[place]) for place in sorted(given)]


def _formed(measure: Measure, names: list[str], begin: datetime, key: str, parts: dict[str, Value]) -> Value:
    quality = max(part.quality for part in parts.values())
    samples = sum(part.samples for part in parts.values())
    fault = next((part.fault for part in parts.values() if part.fault), "")
    if fault:
        return Value(begin, key, None, samples, quality, fault)
    given = {name: parts[name].value if name in parts else None for name in names}
    try:
        return Value(begin, key, worked_out(measure.formula, given), samples, quality)
    except FormulaError as error:
        return Value(begin, key, None, samples, quality, f"{measure.code}: {error}")


def _own_grain(known: Catalogue, code: str) -> Grain:
    """Return the finest grain for which a measure, with all that it is made of, has values."""
    own = known.one(code).grain_kept
    return max((own, *(_own_grain(known, name) for name in known.parts_of(code))))


def points_behind(known: Catalogue, code: str) -> frozenset[str]:
    """Return the measures with points that a measure is made of; itself, when it has points."""
    parts = known.parts_of(code)
    if not parts:
        return frozenset({code})
    return frozenset().union(*(points_behind(known, name) for name in parts))


def newest_of(
    db: Session,
    measure: str,
    *,
    scope: Facets = CITY,
    by: Side | None = None,
    catalogue: Catalogue | None = None,
) -> list[Value]:
    """Return the values of the newest period of a measure's own grain that has any: one, or one a key."""
    known = catalogue or shipped()
    grain = _own_grain(known, measure)
    since = newest_moment(db, measure, scope=scope, catalogue=known)
    if since is None:
        return []
    return values_of(
        db, measure, scope=scope, since=since, until=_end(grain, since), grain=grain, by=by, catalogue=known
    )


def newest_moment(
    db: Session, measure: str, *, scope: Facets = CITY, catalogue: Catalogue | None = None
) -> datetime | None:
    """Return a moment of the newest period that has a value, ``None`` when there is none at all."""
    known = catalogue or shipped()
    seconds = [newest_second(db, known.one(code), scope) for code in points_behind(known, measure)]
    found = [second for second in seconds if second is not None]
    # Parts of a formula may be of different ages: the newest period that all of them have.
    return moment_of(min(found)) if found else None


def _end(grain: Grain, since: datetime) -> datetime:
    return moment_of(end_of(grain, begin_of(grain, second_of(since))))


def sources_of(
    db: Session,
    measure: str,
    *,
    scope: Facets = CITY,
    since: datetime = _EVER,
    until: datetime = _NEVER,
    page: int = 1,
    catalogue: Catalogue | None = None,
) -> list[SourceRow]:
    """Return the points that a number was made of, the newest first, one page of them.

    One row more than :data:`SOURCES_A_PAGE` comes when there are further pages.
    """
    known = catalogue or shipped()
    codes = sorted(points_behind(known, measure))
    rows = rows_behind(
        db,
        codes,
        scope=scope,
        since=since,
        until=until,
        most=SOURCES_A_PAGE + 1,
        skip=SOURCES_A_PAGE * (page - 1),
    )
    numbers = {point.source for _series, point in rows}
    query = select(MeasureSource).where(MeasureSource.id.in_(numbers))
    sources = {row.id: row for row in db.scalars(query)}
    return [
        SourceRow(
            series.measure,
            facets_of(series),
            moment_of(point.at_s),
            point.value,
            point.weight,
            Quality(point.quality),
            sources[point.source],
        )
        for series, point in rows
    ]


def conflicts_of(
    db: Session,
    *,
    since: datetime = _EVER,
    until: datetime = _NEVER,
    about: str = "",
    grain: Grain = Grain.MONTH,
    catalogue: Catalogue | None = None,
) -> list[Conflict]:
    """Return where parts do not add up to their whole, for the city.

    Args:
        db: Any session.
        since: The period that holds it is the first.
        until: Periods that begin before it.
        about: Only sums in which this measure is.
        grain: Of the periods that are compared; coarser where one of the measures is.
        catalogue: The shipped one when not given.
    """
    known = catalogue or shipped()
    found: list[Conflict] = []
    for check in known.checks:
        if about and about not in (check.whole, *check.parts):
            continue
        common = max(grain, *(_own_grain(known, code) for code in (check.whole, *check.parts)))
        columns = [
            {
                value.begin: value.value
                for value in values_of(db, code, since=since, until=until, grain=common, catalogue=known)
            }
            for code in (check.whole, *check.parts)
        ]
        for begin, stated in columns[0].items():
            parts = [column.get(begin) for column in columns[1:]]
            total = sum(part for part in parts if part is not None)
            if stated is None or None in parts or math.isclose(total, stated, rel_tol=1e-6):
                continue
            found.append(Conflict(check, begin, stated, total))
    return found


def public_dataset(db: Session, code: str, *, catalogue: Catalogue | None = None) -> Dataset:
    """Return a measure as open data: each of its periods by everything that tells its series apart.

    Raises:
        NotFoundError: there is no such measure, or it is not public.
    """
    known = catalogue or shipped()
    measure = known.one(code)
    if not measure.is_public:
        raise NotFoundError(f"measure {code!r} is not public")
    fields = ("periode", "sisi", "kunci", "nilai", "mutu")
    return Dataset(measure, fields, _rows(db, measure, known))


def _rows(db: Session, measure: Measure, known: Catalogue) -> Iterator[tuple[str | float | None, ...]]:
    for side in (None, *Side):
        values = values_of(db, measure.code, grain=Grain.HOUR, by=side, catalogue=known)
        for one in values:
            if side is None or one.key:
                shown = one.begin.isoformat()
                yield (shown, side or "kota", one.key, one.value, one.quality.name.lower())
