"""What the catalogue says of a measure. Values stand in the files beside this one."""

from typing import Annotated, Literal

import msgspec

from edge.wire.strict_toml import Section
from hub.measures.keeping.periods import GRAINS, Grain

Code = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{1,59}\Z")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Aggregation = Literal["sum", "mean", "last", "min", "max", "share"]
Across = Literal["sum", "mean", "min", "max", "share"]
Indicator = Literal["living", "environment", "utility", "economy", "mobility", "people"]

# How places come together where the catalogue does not say: stocks of all places are the city's stock.
_ACROSS: dict[str, Across] = {
    "sum": "sum",
    "mean": "mean",
    "last": "sum",
    "min": "min",
    "max": "max",
    "share": "share",
}


class Measure(Section, frozen=True):
    """One measure.

    ``aggregation`` brings the points of a period together, ``across`` the series of several places. A
    ``share`` point is a part (value) of a whole (weight), and comes out as percent. ``warn`` and
    ``bad`` are limits in the direction that is not good. A measure with a ``formula`` has no points.
    """

    code: Code
    label: Text
    unit: Annotated[str, msgspec.Meta(max_length=24)] = ""
    direction: Literal["up", "down", "none"] = "none"  # which way is good
    aggregation: Aggregation = "sum"
    across: Across | None = None
    grain: Literal["hour", "day", "month", "year"] = "month"
    decimals: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    # May be below zero, as water below the mark of its gauge.
    is_signed: bool = False
    warn: float | None = None
    bad: float | None = None
    target: float | None = None
    formula: Annotated[str, msgspec.Meta(max_length=300)] = ""
    indicator: Indicator | None = None
    is_public: bool = True
    # Its dimensions have nothing in common: all together say nothing, as a mean of rice and beef.
    is_apart: bool = False
    # Older than this the newest value is shown as stale; 0: never.
    stale_after_h: Annotated[int, msgspec.Meta(ge=0)] = 0
    # Whose number it is and how sure: the city's description, a law, "contoh".
    source: Annotated[str, msgspec.Meta(max_length=200)] = ""
    # Where the rows behind it are seen within the hub.
    origin: Annotated[str, msgspec.Meta(max_length=200)] = ""
    # What a dimension is called, one name a part: ("jenis", "saluran") for "berita|instagram".
    dimensions: tuple[Text, ...] = ()

    @property
    def grain_kept(self) -> Grain:
        """The grain of its points."""
        return GRAINS[self.grain]

    @property
    def across_kept(self) -> Across:
        """How its series come together."""
        return self.across or _ACROSS[self.aggregation]


class SumCheck(Section, frozen=True):
    """Parts that must be the whole at any time; where they are not, both numbers are shown with a mark."""

    whole: Code
    parts: Annotated[tuple[Code, ...], msgspec.Meta(min_length=2)]


class CatalogueFile(Section, frozen=True):
    """One file of the catalogue."""

    measure: tuple[Measure, ...] = ()
    check: tuple[SumCheck, ...] = ()
