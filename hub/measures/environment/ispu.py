"""The air quality index ISPU and its categories. Pure."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, read_toml
from hub.measures.keeping.quality import Quality
from hub.web.i18n import N_

_FILE = Path(__file__).with_name("ispu.toml")
# PermenLHK P.14/2020, as two public sources have it: the index at each breakpoint, from 0 on.
_INDEX = (0.0, 50.0, 100.0, 200.0, 300.0, 500.0)
# Ours: a mean of a day of which a quarter is missing is no mean of a day. The rule's own share was not found.
LEAST_HOURS = 18
HOURS = 24
# The others are published at least at 09:00 and 15:00 (PermenLHK P.14/2020): hours that end then.
PUBLISHED_HOURS = frozenset({8, 14})


class Parameter(Section, frozen=True):
    """One of the seven; ``at`` are concentrations in µg/m³ at indices 50, 100, 200, 300, 500."""

    code: str
    label: str
    quantity: str
    at: Annotated[tuple[float, ...], msgspec.Meta(min_length=5, max_length=5)]
    is_verified: bool
    is_hourly: bool
    most: float  # more than this is a broken sensor


class _File(Section, frozen=True):
    parameter: tuple[Parameter, ...]


class Category(IntEnum):
    """How bad the air is; the colours are official, and not those of the United States."""

    GOOD = 1  # Baik, hijau
    MODERATE = 2  # Sedang, biru
    UNHEALTHY = 3  # Tidak Sehat, kuning
    VERY_UNHEALTHY = 4  # Sangat Tidak Sehat, merah
    DANGEROUS = 5  # Berbahaya, hitam


# Texts to translate: the category, and what people should do.
CATEGORY_WORDS: dict[Category, tuple[str, str]] = {
    Category.GOOD: (N_("Baik"), N_("Udara bersih; beraktivitas seperti biasa.")),
    Category.MODERATE: (N_("Sedang"), N_("Yang sangat peka mengurangi kegiatan berat di luar.")),
    Category.UNHEALTHY: (
        N_("Tidak Sehat"),
        N_("Kurangi kegiatan di luar; yang sakit paru dan jantung di dalam."),
    ),
    Category.VERY_UNHEALTHY: (N_("Sangat Tidak Sehat"), N_("Hindari kegiatan di luar; pakai masker.")),
    Category.DANGEROUS: (N_("Berbahaya"), N_("Tetap di dalam ruangan; tutup pintu dan jendela.")),
}


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return the seven parameters by their codes."""
    return {one.code: one for one in read_toml(_FILE, _File).parameter}


def index_of(parameter: Parameter, concentration: float) -> float:
    """Return the index of a concentration, from 0 to 500.

    Args:
        parameter: Whose breakpoints count.
        concentration: Mean of 24 hours in µg/m³; what is below zero is zero, as drift of a sensor.
    """
    at = (0.0, *parameter.at)
    concentration = max(0.0, concentration)
    # I = (Ia - Ib) / (Xa - Xb) * (X - Xb) + Ib, PermenLHK P.14/2020.
    for low, high, index_low, index_high in zip(at, at[1:], _INDEX, _INDEX[1:], strict=False):
        if concentration <= high:
            return (index_high - index_low) / (high - low) * (concentration - low) + index_low
    return _INDEX[-1]


def shown(index: float) -> int:
    """Return the index as it is said: whole, halves up. How the ministry rounds is not settled."""
    return int(index + 0.5)


def category_of(index: float) -> Category:
    """Return the category of an index, as it is said."""
    bounds = (50, 100, 200, 300)
    return Category(1 + sum(shown(index) > bound for bound in bounds))


def day_mean(hours: Sequence[float | None]) -> tuple[float, Quality] | None:
    """Return the mean of 24 hours and how good it is; ``None`` when there is none at all.

    Args:
        hours: Means of the 24 hours; ``None`` where there is no good one.
    """
    assert len(hours) == HOURS
    there = [one for one in hours if one is not None]
    if not there:
        return None
    quality = Quality.VALID if len(there) >= LEAST_HOURS else Quality.INSUFFICIENT
    return sum(there) / len(there), quality


def is_published(parameter: Parameter, local_hour: int) -> bool:
    """Return whether the index of a parameter is said at the end of an hour of the city's day."""
    return parameter.is_hourly or local_hour in PUBLISHED_HOURS
