"""Lines and months as a table of SIPD's shape, in and out: every bad row is named, all or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.measures.keeping.importing import read_number
from hub.measures.performance.models import BudgetLine
from hub.measures.performance.rules import MONTHS, Month
from hub.measures.performance.service import LineYear, keep_months
from hub.people import audit
from hub.web.files.table_file import TableRow, read_table
from hub.web.typed.whole_numbers import is_whole_number

# The shape of SIPD's table was not verified: names are ours ("contoh").
COLUMNS = (
    *("tahun", "skpd", "kode_sub_kegiatan", "nama_sub_kegiatan", "pagu", "bulan"),
    *("rencana_kas", "realisasi_keuangan", "rencana_fisik", "realisasi_fisik"),
)
_LARGEST = 10**15
# Some fifty lines of each OPD, twelve months each.
MOST_ROWS = 60_000


@dataclass(slots=True)
class _Read:
    """A line of the file with the months it has."""

    name: str
    ceiling: int
    months: dict[int, Month] = field(default_factory=dict)


def import_budget(
    db: Session, data: bytes, filename: str, *, opds: frozenset[int] | None, actor: str, now: datetime
) -> int:
    """Keep the lines and months of a CSV or XLSX; the same file twice changes nothing.

    Args:
        db: A writing session.
        data: The whole file.
        filename: For messages.
        opds: Numbers of the OPDs that may be written; ``None``: all.
        actor: Name of the account.
        now: The present.

    Returns:
        How many rows were kept.

    Raises:
        InputError: names every wrong row by its number; nothing was kept.
    """
    table = read_table(data, filename, most_rows=MOST_ROWS, is_literal=True, decimal_mark=".")
    table.needs(COLUMNS)
    lines: dict[tuple[int, int, str], _Read] = {}
    wrong: list[str] = []
    for row in table.rows:
        try:
            _take(row, lines, opds)
        except InputError as error:
            wrong.append(f"baris {row.number}: {error}")
    if wrong:
        raise InputError("\n".join(wrong))
    for (year, opd, code), read in lines.items():
        line = _line(db, year, opd, code, read)
        keep_months(db, line, read.months, source_name=f"impor {filename[:80]}", actor=actor, now=now)
    kept = sum(len(read.months) for read in lines.values())
    audit.append(db, at=now, actor=actor, action="budget.import", target="budget", detail=f"{kept}")
    return kept


def _line(db: Session, year: int, opd: int, code: str, read: _Read) -> BudgetLine:
    known = select(BudgetLine).where(BudgetLine.year == year, BudgetLine.opd == opd, BudgetLine.code == code)
    line = db.scalars(known).first()
    if line is None:
        line = BudgetLine(year=year, opd=opd, code=code, name=read.name, ceiling=read.ceiling)
        db.add(line)
    line.name, line.ceiling = read.name, read.ceiling
    db.flush()
    return line


def _take(row: TableRow, lines: dict[tuple[int, int, str], _Read], opds: frozenset[int] | None) -> None:
    if row.complaint:
        raise InputError(row.complaint)
    cells = row.cells
    year, opd = _whole(cells["tahun"], "tahun", 2000, 2100), _whole(cells["skpd"], "skpd", 0, 10**6)
    if opds is not None and opd not in opds:
        raise InputError(f"skpd {opd}: bukan OPD Anda, atau belum ada")
    code, name = cells["kode_sub_kegiatan"][:40], cells["nama_sub_kegiatan"][:200]
    if not code or not name:
        raise InputError("isi kode_sub_kegiatan dan nama_sub_kegiatan")
    ceiling = _whole(cells["pagu"], "pagu", 1, _LARGEST)
    number = _whole(cells["bulan"], "bulan", MONTHS[0], MONTHS[-1])
    read = lines.setdefault((year, opd, code), _Read(name, ceiling))
    if (read.name, read.ceiling) != (name, ceiling):
        raise InputError(f"{code}: nama atau pagu berbeda dari baris sebelumnya")
    if number in read.months:
        raise InputError(f"{code}: bulan {number} ada dua kali")
    read.months[number] = Month(
        planned=_money(cells["rencana_kas"], "rencana_kas"),
        spent=_money(cells["realisasi_keuangan"], "realisasi_keuangan"),
        work_planned=read_percent(cells["rencana_fisik"], "rencana_fisik"),
        work_done=read_percent(cells["realisasi_fisik"], "realisasi_fisik"),
    )


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not is_whole_number(text, most) or int(text) < least:
        raise InputError(f"{name} {text[:20]!r}: tulis angka {least} sampai {most}, tanpa titik")
    return int(text)


def _money(text: str, name: str) -> float:
    value = read_number(text or "0", name)
    if not 0 <= value <= _LARGEST:
        raise InputError(f"{name} {text[:20]!r}: tidak boleh kurang dari nol atau di atas {_LARGEST}")
    return value


def read_percent(text: str, name: str) -> float | None:
    """Read a share of the work; nothing is "not reported".

    Raises:
        InputError: it is no number from 0 to 100.
    """
    if not text:
        return None
    value = read_number(text, name)
    if not 0 <= value <= 100:
        raise InputError(f"{name} {text[:20]!r}: tulis persen dari 0 sampai 100")
    return value


def export_rows(lines: Iterable[LineYear]) -> Iterator[tuple[object, ...]]:
    """Return the rows that :func:`import_budget` reads, months without anything left out."""
    for one in lines:
        for number, month in zip(MONTHS, one.months, strict=True):
            if month != Month():
                here = one.line
                yield (
                    *(here.year, here.opd, here.code, here.name, here.ceiling, number),
                    *(_plain(month.planned), _plain(month.spent)),
                    *(_plain(month.work_planned), _plain(month.work_done)),
                )


def _plain(value: float | None) -> object:
    if value is None:
        return ""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
