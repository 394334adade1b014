"""The catalogue from its files, checked whole: codes once, formulas that name what is there, no circles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edge.wire.strict_toml import TomlError, read_toml
from hub.errors import InputError, NotFoundError
from hub.measures.catalogue.formulas import names_in
from hub.measures.catalogue.shape import CatalogueFile, Measure, SumCheck

SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All measures, in the order of the files, and the sums that must agree."""

    measures: Mapping[str, Measure]
    checks: tuple[SumCheck, ...]

    def one(self, code: str) -> Measure:
        """Return a measure.

        Raises:
            NotFoundError: there is none with this code.
        """
        try:
            return self.measures[code]
        except KeyError as error:
            raise NotFoundError(f"no measure {code!r}") from error

    def parts_of(self, code: str) -> frozenset[str]:
        """Return the measures that a formula names; of one with points none."""
        measure = self.one(code)
        return names_in(measure.formula, code=code) if measure.formula else frozenset()


def catalogue_of(files: Iterable[CatalogueFile]) -> Catalogue:
    """Put files together.

    Raises:
        InputError: names every mistake with the measure it is of.
    """
    files = tuple(files)
    measures: dict[str, Measure] = {}
    mistakes: list[str] = []
    for measure in (one for file in files for one in file.measure):
        if measure.code in measures:
            mistakes.append(f"{measure.code}: ada dua kali; hapus salah satu")
        measures[measure.code] = measure
    checks = tuple(one for file in files for one in file.check)
    for check in checks:
        unknown = sorted({check.whole, *check.parts} - measures.keys())
        mistakes += [f"check {check.whole}: tidak ada ukuran {name}" for name in unknown]
    mistakes += _wrong_formulas(measures)
    if mistakes:
        raise InputError("\n".join(mistakes))
    return Catalogue(measures, checks)


@cache
def shipped() -> Catalogue:
    """Return the catalogue that ships.

    Raises:
        InputError: a file has a mistake.
    """
    return read_catalogue(SHIPPED)


def read_catalogue(folder: Path) -> Catalogue:
    """Read all files of a folder, in the order of their names.

    Raises:
        InputError: names the file and the key, or the measure.
    """
    try:
        return catalogue_of(read_toml(path, CatalogueFile) for path in sorted(folder.glob("*.toml")))
    except TomlError as error:
        raise InputError(str(error)) from error


def _wrong_formulas(measures: Mapping[str, Measure]) -> list[str]:
    wrong: list[str] = []
    named: dict[str, frozenset[str]] = {}
    for measure in measures.values():
        if not measure.formula:
            continue
        try:
            named[measure.code] = names_in(measure.formula, code=measure.code)
        except InputError as error:
            wrong.append(str(error))
            continue
        unknown = sorted(named[measure.code] - measures.keys())
        wrong += [f"{measure.code}: rumus menyebut {name}, yang tidak ada" for name in unknown]
    for code, way in _circles(named):
        wrong.append(f"{code}: rumus menyebut dirinya sendiri lewat {' -> '.join(way)}")
    return wrong


def _circles(named: Mapping[str, frozenset[str]]) -> list[tuple[str, list[str]]]:
    """Return each measure that leads back to itself, with the way."""
    found: list[tuple[str, list[str]]] = []
    for code in named:
        ways: list[list[str]] = [[code]]
        seen: set[str] = set()
        while ways:
            way = ways.pop()
            for name in sorted(named.get(way[-1], frozenset())):
                if name == code:
                    found.append((code, [*way, code]))
                    ways = []
                    break
                if name not in seen:
                    seen.add(name)
                    ways.append([*way, name])
    return found
