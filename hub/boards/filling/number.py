"""A tile of one number: the newest value of a measure, how it went, and how far it is to its target."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from hub.boards.filling.look import NO_RIGHT, NOT_ON_SCREENS, Absent, BoardLook, Content
from hub.boards.filling.scope import MARKET, WHOLE_CITY, BoardScope
from hub.boards.plan.shape import PlacedTile
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.charts import spark_path
from hub.measures.keeping.periods import Grain, begin_of, end_of, moment_of, second_of
from hub.measures.keeping.values import Value
from hub.measures.pages.naming import period_words
from hub.measures.pages.standing import score_of
from hub.measures.pages.wanted import GRAINS
from hub.measures.service import newest_moment, values_of
from hub.people.permissions import Permission
from hub.web.i18n import language

# So many periods are in the small line.
_TREND = {
    Grain.HOUR: timedelta(hours=48),
    Grain.DAY: timedelta(days=30),
    Grain.MONTH: timedelta(days=366),
    Grain.YEAR: timedelta(days=3653),
}


@dataclass(frozen=True, slots=True)
class NumberData:
    """What is drawn. ``change`` is against the period before; ``is_better`` ``None``: neither way is."""

    value: float
    decimals: int
    unit: str
    change: float | None
    is_better: bool | None
    standing: str
    tone: str
    target: float | None
    percent: float | None
    spark: str


def measure_wanted(
    tile: PlacedTile, look: BoardLook, *, is_apart_good: bool = False
) -> tuple[Measure, BoardScope] | Absent:
    """Return the measure of a tile and of which part of the city, or why it cannot be shown.

    The one place where the right to a measure is checked for boards.

    Args:
        tile: Its subject is the code of a measure.
        look: Who looks.
        is_apart_good: Whether the tile tells dimensions apart that mean nothing together.
    """
    measure = shipped().measures.get(tile.subject)
    if measure is None:
        return Absent(_("Ukuran ini tidak ada dalam katalog."), tile.subject)
    if not (measure.is_public or look.may(Permission.MEASURE_SEE)):
        words = _(NOT_ON_SCREENS) if look.viewer is None else _(NO_RIGHT)
        return Absent(words, measure.label, is_denied=True)
    scope = look.scope
    # A market's board shows the city's numbers beside its prices.
    if scope.kind == MARKET and not measure.code.startswith("food_price"):
        scope = WHOLE_CITY
    if measure.is_apart and not is_apart_good:
        return Absent(_("Ukuran ini hanya berarti bila dirinci; pakai ubin batang."), measure.label)
    return measure, scope


def no_data(measure: Measure, scope: BoardScope) -> Absent:
    """Return that there are no numbers, and of what."""
    if scope.kind:
        return Absent(_("Tidak ada data untuk %(area)s.", area=scope.name), measure.label)
    return Absent(_("Belum ada data."), measure.label)


def link_to(look: BoardLook, measure: Measure, scope: BoardScope, **more: str) -> str:
    """Return the page of a measure, with its sides and source rows."""
    return look.link("measures.one", measure=measure.code, **scope.arguments, **more)


def stands_at(measure: Measure, newest_at: datetime, look: BoardLook) -> tuple[datetime | None, bool]:
    """Return when the newest period ended, ``None`` while it lasts, and whether it is stale."""
    end = moment_of(end_of(measure.grain_kept, begin_of(measure.grain_kept, second_of(newest_at))))
    if end > look.now:
        return None, False
    return end, bool(measure.stale_after_h) and look.now - end > timedelta(hours=measure.stale_after_h)


def stale_after(measure: Measure) -> timedelta | None:
    """Return how long after its period a value is good."""
    return timedelta(hours=measure.stale_after_h) if measure.stale_after_h else None


def fill_number(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the newest value of the tile's measure."""
    wanted = measure_wanted(tile, look)
    if isinstance(wanted, Absent):
        return wanted
    measure, scope = wanted
    newest_at = newest_moment(look.db, measure.code, scope=scope.facets)
    if newest_at is None:
        return no_data(measure, scope)
    past = values_of(
        look.db,
        measure.code,
        scope=scope.facets,
        since=newest_at - _TREND[measure.grain_kept],
        until=newest_at + timedelta(seconds=1),
        grain=measure.grain_kept,
    )
    if not past or past[-1].value is None:
        return no_data(measure, scope)
    at, is_old = stands_at(measure, newest_at, look)
    words = [period_words(one.begin, measure.grain_kept, look.zone, language()) for one in past]
    grain = next(name for name, one in GRAINS.items() if one is measure.grain_kept)
    return Content(
        title=measure.label,
        data=_drawn(measure, past[-1].value, past),
        header=(_("Periode"), measure.unit or _("Nilai")),
        rows=tuple((word, one.value) for word, one in zip(words, past, strict=True)),
        at=at,
        period=words[-1] if words else "",
        is_stale=is_old,
        stale_after=stale_after(measure),
        link=link_to(look, measure, scope, butir=grain),
    )


def _drawn(measure: Measure, value: float, past: list[Value]) -> NumberData:
    known = [one.value for one in past if one.value is not None]
    change = value - known[-2] if len(known) > 1 else None
    score = score_of(measure, value)
    is_better = (
        None if not change or measure.direction == "none" else (change > 0) is (measure.direction == "up")
    )
    return NumberData(
        value=value,
        decimals=measure.decimals,
        unit=measure.unit,
        change=change,
        is_better=is_better,
        standing=_(score.standing),
        tone=score.standing.tone,
        target=measure.target,
        percent=score.percent,
        spark=spark_path(known),
    )
