"""The 69 OPDs of the city by all their names: who may own a camera, and what a wrong name may mean.

Files and people write "Dishub", "Dinas Perhubungan" or "DINAS PERHUBUNGAN"; those are one owner.
"Dinas Sosial (lama)" is how lists name an owner of the past: known, and not the same as the OPD.
"""

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edge.wire.strict_toml import Section, read_toml
from hub.places.areas import read_areas

_FILE = Path(__file__).with_name("opds.toml")
_FORMER = re.compile(r"\s*\(lama\)$")
# How alike two names must be to be proposed, of difflib's 0 to 1: "Dinas Perhubugan" is, "RT 03" is not.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class KnownOpd:
    """An OPD; ``is_example`` until the city's own list says that it exists."""

    name: str
    short_names: tuple[str, ...]
    is_example: bool


class _Entry(Section, frozen=True):
    name: str
    short: tuple[str, ...] = ()
    contoh: bool = False


class _File(Section, frozen=True):
    opd: tuple[_Entry, ...]


@cache
def known_opds() -> tuple[KnownOpd, ...]:
    """Return the OPDs that the product knows."""
    listed = [KnownOpd(one.name, one.short, one.contoh) for one in read_toml(_FILE, _File).opd]
    areas = read_areas()
    names = [f"Kecamatan {area.name}" for area in areas.kecamatan]
    names += [f"Kelurahan {area.name}" for area in areas.kelurahan]
    return (*listed, *(KnownOpd(name, (), is_example=True) for name in names))


def owner_key(name: str) -> str:
    """Return what is the same for all names of one owner."""
    plain = _plain(name)
    base = _FORMER.sub("", plain)
    key = _names().get(base, base)
    return key if base == plain else f"{key} (lama)"


def is_known(name: str) -> bool:
    """Return whether an owner, present or former, is one of the OPDs."""
    return _FORMER.sub("", _plain(name)) in _names()


def nearest_opd(name: str) -> str:
    """Return the name of an OPD that was perhaps meant, or nothing."""
    spelled = {_plain(one): one for opd in known_opds() for one in (opd.name, *opd.short_names)}
    found = difflib.get_close_matches(_FORMER.sub("", _plain(name)), spelled, n=1, cutoff=_ALIKE)
    return spelled[found[0]] if found else ""


@cache
def _names() -> dict[str, str]:
    """Return the key of each name of each OPD."""
    return {
        _plain(spelled): _plain(opd.name) for opd in known_opds() for spelled in (opd.name, *opd.short_names)
    }


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
