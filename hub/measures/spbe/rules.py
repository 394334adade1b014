"""The index of an assessment and what lacks to a better one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hub.measures.spbe.framework import Aspect, Framework, Indicator

# An indicator without a level is where nothing was found: the lowest there is.
UNSCORED = 1
_PLACES = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Result:
    """An index, of everything or of a part; ``is_whole``: every indicator in it has a level."""

    index: Decimal
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What lacks to the target of one indicator, and what reaching it adds to the index."""

    aspect: Aspect
    indicator: Indicator
    level: int | None
    gain: Decimal


def index_of(framework: Framework, levels: Mapping[int, int], *, domain: str = "") -> Result:
    """Return the index: the weighted mean of the levels.

    Args:
        framework: Whose weights count.
        levels: By number of indicator; what is missing counts as :data:`UNSCORED`.
        domain: Of this domain alone, weighted within itself.
    """
    rows = [
        (aspect.weight, levels.get(number))
        for number, (aspect, _one) in framework.indicators.items()
        if not domain or aspect.domain == domain
    ]
    weight = sum(each for each, _level in rows)
    total = sum(each * (UNSCORED if level is None else level) for each, level in rows)
    index = (Decimal(total) / Decimal(weight)).quantize(_PLACES)
    return Result(index, all(level is not None for _each, level in rows))


def predicate_of(framework: Framework, index: Decimal) -> str:
    """Return what an index is called."""
    return next(one.label for one in framework.predicate if index >= Decimal(str(one.least)))


def gaps_in(framework: Framework, levels: Mapping[int, int]) -> list[Gap]:
    """Return the indicators below their targets, those first that add most to the index."""
    found = [
        Gap(aspect, one, levels.get(number), _gain(aspect, one, levels.get(number, UNSCORED)))
        for number, (aspect, one) in framework.indicators.items()
        if levels.get(number, UNSCORED) < one.target
    ]
    return sorted(found, key=lambda gap: (-gap.gain, gap.indicator.number))


def _gain(aspect: Aspect, indicator: Indicator, level: int) -> Decimal:
    return (aspect.weight * (indicator.target - level) / 100).quantize(_PLACES)
