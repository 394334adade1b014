"""Published figures from a file into measures: every bad row is named, and then nothing is kept."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.measures.catalogue.reading import Catalogue
from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.periods import Grain, begin_of_day, moment_of
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.quality import Quality
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.people import audit
from hub.web.files.table_file import TableRow, read_table
from hub.web.formats import YEARS

COLUMNS = ("ukuran", "periode", "nilai", "sumber")
MORE_COLUMNS = ("kelurahan", "opd", "titik", "pasar", "dimensi", "bobot", "satuan", "mutu", "contoh")
MOST_ROWS = 30_000
_NUMBER = re.compile(r"\A-?[0-9]{1,15}(\.[0-9]{1,6})?\Z")
_PERIOD = re.compile(r"\A([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_QUALITIES = {
    "": Quality.VALID,
    "sah": Quality.VALID,
    "sementara": Quality.PROVISIONAL,
    "taksiran": Quality.ESTIMATED,
}
_SHAPES = {Grain.YEAR: "2021", Grain.MONTH: "2021-09", Grain.DAY: "2021-09-15", Grain.HOUR: "2021-09-15"}


# Says in words why a value cannot be right, or nothing.
Doubter = Callable[[Measure, Facets, float], str]


def no_doubt(_measure: Measure, _about: Facets, _value: float) -> str:
    """Return that any value may be right."""
    return ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a file."""

    measure: Measure
    said: Said
    source: str
    is_example: bool


def import_figures(
    db: Session,
    data: bytes,
    filename: str,
    *,
    catalogue: Catalogue,
    kelurahan: Collection[str],
    actor: str,
    now: datetime,
    doubt: Doubter = no_doubt,
) -> int:
    """Keep the figures of a CSV or XLSX; the same file twice changes nothing.

    Args:
        db: A writing session.
        data: The whole file.
        filename: For messages.
        catalogue: The measures there are.
        kelurahan: Codes of the kelurahan there are.
        actor: Name of the account.
        now: The present.
        doubt: Knows what no value of a measure can be.

    Returns:
        How many points were kept.

    Raises:
        InputError: names every wrong row by its number; nothing was kept.
    """
    figures = read_figures(data, filename, catalogue=catalogue, kelurahan=kelurahan, doubt=doubt)
    groups: dict[tuple[str, str, bool], list[Figure]] = {}
    for one in figures:
        groups.setdefault((one.measure.code, one.source, one.is_example), []).append(one)
    kept = 0
    for (_code, name, is_example), some in groups.items():
        source = source_id(db, SourceKind.FILE, name, now=now, author=actor, is_example=is_example)
        kept += keep(db, some[0].measure, [one.said for one in some], source=source)
    detail = f"{filename[:60]}: {kept}"
    audit.append(db, at=now, actor=actor, action="measure.import", target="measures", detail=detail)
    return kept


def read_figures(
    data: bytes,
    filename: str,
    *,
    catalogue: Catalogue,
    kelurahan: Collection[str],
    doubt: Doubter = no_doubt,
) -> list[Figure]:
    """Read a file of figures.

    Raises:
        InputError: a column is missing, or rows are wrong; names every one with its number.
    """
    table = read_table(data, filename, most_rows=MOST_ROWS, is_literal=True, decimal_mark=".")
    table.needs(COLUMNS)
    figures, wrong = [], []
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        try:
            figure = _figure(row, catalogue, kelurahan)
            _insist_on_possible(figure, doubt)
            key = (figure.measure.code, figure.said.about, figure.said.at)
            if key in seen:
                raise InputError(f"sama dengan baris {seen[key]}; hapus salah satu")
            seen[key] = row.number
            figures.append(figure)
        except InputError as error:
            wrong.append(f"baris {row.number}: {error}")
    if wrong:
        raise InputError("\n".join(wrong))
    return figures


def _figure(row: TableRow, catalogue: Catalogue, kelurahan: Collection[str]) -> Figure:
    if row.complaint:
        raise InputError(row.complaint)
    cells = row.cells
    measure = catalogue.measures.get(cells["ukuran"])
    if measure is None or measure.formula:
        raise InputError(f"ukuran {cells['ukuran']!r}: tidak ada ukuran seperti itu yang dapat diisi")
    if (unit := cells.get("satuan", "")) and unit != measure.unit:
        raise InputError(f"satuan {unit!r}: {measure.code} diukur dalam {measure.unit!r}")
    if not cells["sumber"]:
        raise InputError("sumber: isi dari mana angkanya")
    said = Said(
        _about(cells, kelurahan),
        read_period(cells["periode"], measure.grain_kept),
        read_number(cells["nilai"], "nilai"),
        read_number(cells.get("bobot", "") or "1", "bobot"),
        _quality(cells.get("mutu", "")),
    )
    return Figure(measure, said, cells["sumber"][:200], cells.get("contoh", "").casefold() == "ya")


def _insist_on_possible(figure: Figure, doubt: Doubter) -> None:
    measure, said = figure.measure, figure.said
    if said.value < 0 and not measure.is_signed:
        raise InputError(f"nilai {said.value:g}: {measure.label} tidak mungkin kurang dari nol")
    why = doubt(measure, said.about, said.value)
    if why:
        raise InputError(why)


def _about(cells: Mapping[str, str], kelurahan: Collection[str]) -> Facets:
    ward, opd = cells.get("kelurahan", ""), cells.get("opd", "")
    if ward and ward not in kelurahan:
        raise InputError(f"kelurahan {ward!r}: tulis kodenya, seperti 61.71.05.1004")
    if opd and not (opd.isascii() and opd.isdecimal() and len(opd) < 10):
        raise InputError(f"opd {opd!r}: tulis nomornya")
    site, market, dimension = (cells.get(name, "") for name in ("titik", "pasar", "dimensi"))
    if len(site) > 63 or len(market) > 32 or len(dimension) > 80:
        raise InputError("titik, pasar atau dimensi terlalu panjang; pakai kodenya")
    return Facets(kelurahan=ward, opd=opd, site=site, market=market, dimension=dimension)


def _quality(text: str) -> Quality:
    try:
        return _QUALITIES[text.casefold()]
    except KeyError as error:
        raise InputError(f"mutu {text!r}: pilih dari {', '.join(filter(None, _QUALITIES))}") from error


def read_number(text: str, name: str) -> float:
    """Read a number as files must have it.

    Raises:
        InputError: with thousands separators, a comma, a unit or a formula; names the remedy.
    """
    if not _NUMBER.match(text):
        raise InputError(f"{name} {text[:40]!r}: tulis angka saja, desimal dengan titik, seperti 1234.5")
    return float(text)


def read_period(text: str, grain: Grain) -> datetime:
    """Read ``2021``, ``2021-09`` or ``2021-09-15``, as the grain wants it; return its beginning.

    Raises:
        InputError: it is another period, or no date.
    """
    found = _PERIOD.match(text)
    wanted = _SHAPES[grain]
    if found is None or len(text) != len(wanted):
        raise InputError(f"periode {text[:40]!r}: tulis seperti {wanted}")
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        begin = date(year, month, day)
    except ValueError as error:
        raise InputError(f"periode {text!r}: tidak ada tanggal seperti itu") from error
    if year not in YEARS:
        raise InputError(f"periode {text!r}: tahun di luar {YEARS[0]} sampai {YEARS[-1]}")
    return moment_of(begin_of_day(begin))
