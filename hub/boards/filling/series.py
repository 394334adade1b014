"""Tiles of a measure over time, and by its sides: a line, columns, or bars."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.filling.number import link_to, measure_wanted, no_data, stale_after, stands_at
from hub.boards.filling.scope import BoardScope
from hub.boards.filling.sides import told_apart
from hub.boards.filling.spans import SPANS
from hub.boards.plan.shape import PlacedTile, TileKind
from hub.measures.catalogue.shape import Measure
from hub.measures.charts import Chart, column_chart, line_chart
from hub.measures.keeping.periods import Grain, begin_of, end_of, moment_of, second_of
from hub.measures.keeping.values import Value
from hub.measures.pages.naming import period_words
from hub.measures.pages.wanted import GRAINS
from hub.measures.service import newest_moment, values_of
from hub.web.i18n import language

# From here on numbers do not fit beside a chart.
_MILLIONS = 1e7


@dataclass(frozen=True, slots=True)
class SeriesData:
    """A chart of a measure."""

    chart: Chart
    decimals: int
    unit: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar that lies: what it is of and how long it is, of 100."""

    label: str
    value: float
    percent: float
    link: str


@dataclass(frozen=True, slots=True)
class BarData:
    """Bars, the longest first."""

    bars: tuple[Bar, ...]
    decimals: int
    unit: str


def fill_series(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return a measure over the tile's span, as a line or as columns."""
    wanted = measure_wanted(tile, look)
    if isinstance(wanted, Absent):
        return wanted
    measure, scope = wanted
    newest_at = newest_moment(look.db, measure.code, scope=scope.facets)
    if newest_at is None:
        return no_data(measure, scope)
    span, grain = SPANS[tile.span]
    grain = max(grain, measure.grain_kept)
    # What ended years ago is shown as it ended.
    own = measure.grain_kept
    until = min(look.now, moment_of(end_of(own, begin_of(own, second_of(newest_at)))))
    values = values_of(
        look.db, measure.code, scope=scope.facets, since=until - span, until=until, grain=grain
    )
    return _charted(tile, look, measure, scope, values, newest_at, grain)


def _charted(
    tile: PlacedTile,
    look: BoardLook,
    measure: Measure,
    scope: BoardScope,
    values: list[Value],
    newest_at: datetime,
    grain: Grain,
) -> Content | Absent:
    words = [period_words(one.begin, grain, look.zone, language()) for one in values]
    numbers = [one.value for one in values]
    below = [_short(one.begin, grain, look, word) for one, word in zip(values, words, strict=True)]
    scale, unit = _scale(measure, numbers)
    drawn = [None if one is None else one / scale for one in numbers]
    is_line = tile.kind is TileKind.LINE
    chart = line_chart([drawn], below) if is_line else column_chart(drawn, below)
    if chart is None:
        return no_data(measure, scope)
    at, is_old = stands_at(measure, newest_at, look)
    return Content(
        title=measure.label,
        data=SeriesData(chart, measure.decimals, unit),
        header=(_("Periode"), measure.unit or _("Nilai")),
        rows=tuple(zip(words, numbers, strict=True)),
        at=at,
        period=words[-1],
        is_stale=is_old,
        stale_after=stale_after(measure),
        link=link_to(look, measure, scope, **_address(values[0].begin, look, grain)),
    )


def _short(begin: datetime, grain: Grain, look: BoardLook, words: str) -> str:
    """Return a period as it fits below a chart: of an hour the clock alone."""
    return begin.astimezone(look.zone).strftime("%H.%M") if grain is Grain.HOUR else words


def _scale(measure: Measure, numbers: list[float | None]) -> tuple[float, str]:
    """Return by what the numbers beside the lines are divided, and what they are then."""
    largest = max((abs(one) for one in numbers if one is not None), default=0.0)
    return (1e6, f"{_('juta')} {measure.unit}") if largest >= _MILLIONS else (1.0, measure.unit)


def _address(begin: datetime, look: BoardLook, grain: Grain) -> dict[str, str]:
    name = next(name for name, one in GRAINS.items() if one is grain)
    return {"butir": name, "dari": begin.astimezone(look.zone).date().isoformat()}


def fill_bars(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return a measure by one of its sides, or by time when the tile names none."""
    if not tile.side:
        return fill_series(tile, look)
    told = told_apart(tile, look, tile.side)
    if isinstance(told, Absent):
        return told
    largest = max(abs(one.value) for one in told.parts) or 1.0
    bars = tuple(
        Bar(one.name, one.value, round(100 * max(0.0, one.value) / largest, 1), one.link)
        for one in told.parts[: tile.most]
    )
    measure = told.measure
    return Content(
        title=measure.label,
        data=BarData(bars, measure.decimals, measure.unit),
        header=(_(tile.side), measure.unit or _("Nilai")),
        rows=told.rows,
        at=told.at,
        period=told.period,
        is_stale=told.is_stale,
        stale_after=told.stale_after,
        link=told.link,
    )
