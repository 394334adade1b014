"""The markets and commodities there are, from ``harga.toml`` beside this."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section, read_toml

_FILE = Path(__file__).with_name("harga.toml")
Code = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9-]{1,31}\Z")]


class Market(Section, frozen=True):
    """A market and the kelurahan it stands in."""

    code: Code
    name: str
    kelurahan: str


class Commodity(Section, frozen=True):
    """What is sold; prices in Rp for one ``unit``."""

    code: Code
    name: str
    unit: str
    lowest: Annotated[int, msgspec.Meta(gt=0)]
    highest: Annotated[int, msgspec.Meta(gt=0)]
    alert_percent: Annotated[float, msgspec.Meta(gt=0)]


class _File(Section, frozen=True):
    market: tuple[Market, ...]
    commodity: tuple[Commodity, ...]


@cache
def _read() -> _File:
    return read_toml(_FILE, _File)


@cache
def markets() -> Mapping[str, Market]:
    """Return the markets by their codes."""
    return {one.code: one for one in _read().market}


@cache
def commodities() -> Mapping[str, Commodity]:
    """Return the commodities by their codes, in the order of the file."""
    return {one.code: one for one in _read().commodity}
