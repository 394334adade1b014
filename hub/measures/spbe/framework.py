"""Frameworks of assessments from the files beside this, checked whole."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, read_toml
from hub.errors import InputError

_FOLDER = Path(__file__).parent
Level = Annotated[int, msgspec.Meta(ge=1, le=5)]
LEVELS = range(1, 6)


class Indicator(Section, frozen=True):
    """One indicator; ``screens`` are pages of this hub that are evidence by running."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    label: str
    target: Level = 3
    screens: tuple[str, ...] = ()


class Aspect(Section, frozen=True):
    """A group of indicators of one weight."""

    code: str
    label: str
    domain: str
    weight_each: Annotated[float, msgspec.Meta(gt=0)]
    is_verified: bool
    indicator: tuple[Indicator, ...]

    @property
    def weight(self) -> Decimal:
        """The exact weight of each of its indicators, in percent."""
        return Decimal(str(self.weight_each))


class Predicate(Section, frozen=True, rename={"least": "from"}):
    """What an index from ``least`` on is called."""

    least: float
    label: str


class Framework(Section, frozen=True):
    """One version of a framework; predicates from the best down."""

    code: str
    label: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    levels: dict[str, str]
    predicate: tuple[Predicate, ...]
    aspect: tuple[Aspect, ...]

    @property
    def key(self) -> str:
        """Code and version, as an assessment keeps them."""
        return f"{self.code}/{self.version}"

    @property
    def indicators(self) -> dict[int, tuple[Aspect, Indicator]]:
        """All indicators by number, in order, each with its aspect."""
        return {one.number: (aspect, one) for aspect in self.aspect for one in aspect.indicator}

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains, in order."""
        return tuple(dict.fromkeys(aspect.domain for aspect in self.aspect))


def read_framework(path: Path) -> Framework:
    """Read a framework.

    Raises:
        InputError: its weights do not sum to 100, or an indicator is there twice.
        TomlError: a key is unknown, missing or out of range.
    """
    found = read_toml(path, Framework)
    numbers = [one.number for aspect in found.aspect for one in aspect.indicator]
    if len(numbers) != len(set(numbers)):
        raise InputError(f"{path.name}: ada nomor indikator yang sama dua kali")
    total = sum(aspect.weight * len(aspect.indicator) for aspect in found.aspect)
    if total != 100:
        raise InputError(f"{path.name}: jumlah bobot {total}, seharusnya 100")
    return found


@cache
def frameworks() -> Mapping[str, Framework]:
    """Return all shipped frameworks by their keys, the newest last."""
    found = [read_framework(path) for path in sorted(_FOLDER.glob("*.toml"))]
    return {one.key: one for one in found}
