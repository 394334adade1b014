"""The columns of a camera's table: its series, their names, how rows are made of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.cctv.service import DirectionRate
from hub.telemetry.store import Series
from hub.web.i18n import N_


class Theme(StrEnum):
    """One card of the page, with its chart and table."""

    COUNTS = "counts"
    OCCUPANCY = "occupancy"
    CONGESTION = "congestion"
    CROWD = "crowd"
    SPEED = "speed"
    WATER = "water"
    QUALITY = "quality"


class Fold(StrEnum):
    """How values become one: added up, or their mean."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Look:
    """How a theme is shown: its title, unit, factor, digits; ``top`` is the end of its scale, if fixed."""

    title: str
    unit: str
    fold: Fold = Fold.MEAN
    scale: float = 1.0
    decimals: int = 0
    top: float | None = None
    has_span: bool = False  # lowest and highest beside the mean


LOOKS: Mapping[Theme, Look] = {
    Theme.COUNTS: Look(N_("Hitungan lintasan"), N_("lintasan"), Fold.SUM),
    Theme.OCCUPANCY: Look(N_("Keterisian zona"), "%", scale=100, top=100),
    Theme.CONGESTION: Look(
        N_("Tingkat kepadatan (0 lancar, 1 padat, 2 macet)"), N_("tingkat"), decimals=2, top=2
    ),
    Theme.CROWD: Look(
        N_("Keramaian (0 sepi, 1 sedikit, 2 ramai, 3 padat sekali)"), N_("tingkat"), decimals=2, top=3
    ),
    Theme.SPEED: Look(N_("Kecepatan (median)"), N_("km/jam"), decimals=1),
    Theme.WATER: Look(N_("Tinggi muka air"), "m", decimals=2, has_span=True),
    Theme.QUALITY: Look(N_("Mutu gambar"), "%", scale=100, top=100),
}  # fmt: skip

_ZONES = {
    "occupancy": Theme.OCCUPANCY,
    "flow": Theme.CONGESTION,
    "crowd": Theme.CROWD,
    "level_m": Theme.WATER,
}
_WAYS = {"forward": True, "backward": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One series with its name on screen."""

    series: Series
    theme: Theme
    name: str
    under: str = ""  # of the line, below the name of its direction


def columns_of(series: Iterable[Series], rates: Sequence[DirectionRate]) -> Mapping[Theme, Sequence[Column]]:
    """Return the columns of each theme that the camera has, in a lasting order.

    Args:
        series: Every one of the camera; those that no page shows are left out.
        rates: Lines and directions with the names of the inventory.
    """
    names = {(rate.line, rate.is_forward): (rate.direction, rate.line_name) for rate in rates}
    found: dict[Theme, list[Column]] = {theme: [] for theme in Theme}
    for one in series:
        column = _column(one, names)
        if column is not None:
            found[column.theme].append(column)
    for columns in found.values():
        columns.sort(key=lambda column: (column.under, column.series.quantity))
    return {theme: columns for theme, columns in found.items() if columns}


def _column(series: Series, names: Mapping[tuple[str, bool], tuple[str, str]]) -> Column | None:
    what, _dot, of = series.quantity.partition(".")
    if what in _ZONES and of:
        return Column(series, _ZONES[what], of)
    if series.quantity == "quality":
        return Column(series, Theme.QUALITY, series.quantity)
    way, _under, rest = what.partition("_")
    if way not in _WAYS or not of:
        return None
    name, line = names.get((of, _WAYS[way]), ("maju" if _WAYS[way] else "mundur", of))
    if not rest:
        return Column(series, Theme.COUNTS, name, line)
    return Column(series, Theme.SPEED, name, line) if rest == "median_kmh" else None
