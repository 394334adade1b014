"""Figures that the city published, and where they contradict each other. Pure.

A figure that does not add up is kept as it was published and flagged, never repaired: whoever
reads it must see both the number and the doubt.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.errors import InputError
from hub.web.files.table_file import Table, TableRow
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

COLUMNS = ("subjek", "periode", "bagian", "kunci", "jumlah", "sumber")
EXAMPLE_COLUMN = "contoh"
_YEAR = re.compile(r"\A(20[0-9]{2})\Z")
_MONTHS = re.compile(r"\A(20[0-9]{2})-(0[1-9]|1[0-2])/(20[0-9]{2})-(0[1-9]|1[0-2])\Z")
_LARGEST = 10_000_000
MONTHS = tuple(str(month) for month in range(1, 13))


class Part(StrEnum):
    """What a published figure counts; the values stand in files."""

    TOTAL = "total"
    STATUS = "status"
    MONTH = "bulan"
    OPD = "opd"
    CATEGORY = "kategori"
    KELURAHAN = "kelurahan"
    RANK = "peringkat"  # of an OPD: one is the most


HANDED_ON = "terdisposisi"
ARCHIVED = "diarsipkan"
# What the city counts as handed on, whatever became of it.
OF_HANDED_ON = ("terverifikasi", "diproses", "diselesaikan")


@dataclass(frozen=True, slots=True)
class Period:
    """Months from ``first`` to ``last``, both included, each as year * 12 + month - 1."""

    first: int
    last: int

    def __str__(self) -> str:
        """Return as files have it: ``2021`` or ``2016-03/2018-08``."""
        if self.first % 12 == 0 and self.last - self.first == 11:
            return str(self.first // 12)
        return "/".join(f"{month // 12}-{month % 12 + 1:02}" for month in (self.first, self.last))

    def holds(self, other: "Period") -> bool:
        """Return whether another period lies within this one and is shorter."""
        return self != other and self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number; ``is_example``: made to fit, not published."""

    subject: str
    period: Period
    part: Part
    key: str
    count: int
    source: str
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two numbers that cannot both be right; ``words`` is a text to translate that names ``values``."""

    subject: str
    period: Period
    words: str
    stated: int
    found: int


def read_figures(table: Table) -> tuple[Figure, ...]:
    """Read a table of figures.

    Raises:
        InputError: a column is missing, or rows are wrong; names every one with its number.
    """
    table.needs(COLUMNS)
    figures, wrong = [], []
    for row in table.rows:
        try:
            figures.append(_figure(row))
        except InputError as error:
            wrong.append(f"baris {row.number}: {error}")
    if wrong:
        raise InputError("\n".join(wrong))
    return tuple(figures)


def _figure(row: TableRow) -> Figure:
    if row.complaint:
        raise InputError(row.complaint)
    cells = row.cells
    try:
        part = Part(cells["bagian"])
    except ValueError as error:
        raise InputError(f"bagian {cells['bagian']!r}: pilih dari {', '.join(Part)}") from error
    if not is_whole_number(cells["jumlah"], _LARGEST):
        raise InputError(f"jumlah {cells['jumlah']!r}: tulis angka tanpa titik")
    if not cells["subjek"] or not cells["sumber"]:
        raise InputError("isi subjek dan sumber")
    if part is Part.MONTH and cells["kunci"] not in MONTHS:
        raise InputError(f"kunci {cells['kunci']!r}: tulis bulan 1 sampai 12")
    if (part is Part.TOTAL) == bool(cells["kunci"]):
        raise InputError("kunci: kosong untuk total, dan hanya untuk itu")
    is_example = cells.get(EXAMPLE_COLUMN, "").casefold() == "ya"
    period, count = read_period(cells["periode"]), int(cells["jumlah"])
    return Figure(cells["subjek"], period, part, cells["kunci"], count, cells["sumber"], is_example)


def read_period(text: str) -> Period:
    """Read ``2021`` or ``2016-03/2018-08``.

    Raises:
        InputError: it is neither, or ends before it begins.
    """
    if year := _YEAR.match(text):
        first = int(year[1]) * 12
        return Period(first, first + 11)
    if months := _MONTHS.match(text):
        numbers = [int(group) for group in months.groups()]
        first, last = numbers[0] * 12 + numbers[1] - 1, numbers[2] * 12 + numbers[3] - 1
        if first <= last:
            return Period(first, last)
    raise InputError(f"periode {text!r}: tulis 2021 atau 2016-03/2018-08")


def conflicts_in(figures: Iterable[Figure]) -> tuple[Conflict, ...]:
    """Return every sum that does not add up, in the order of subjects and periods."""
    groups: dict[tuple[str, Period], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.subject, figure.period].append(figure)
    found = [conflict for key, group in groups.items() for conflict in _within(*key, group)]
    found += _between(groups)
    return tuple(sorted(found, key=lambda one: (one.subject, one.period.first, one.words, one.found)))


def _within(subject: str, period: Period, group: Sequence[Figure]) -> Iterator[Conflict]:
    totals = [figure.count for figure in group if figure.part is Part.TOTAL]
    status = _by_key(group, Part.STATUS)
    for other in totals[1:]:
        if other != totals[0]:
            yield Conflict(subject, period, N_("dua sumber menyebut jumlah yang berbeda"), totals[0], other)
    parts = [status[name] for name in OF_HANDED_ON if name in status]
    if HANDED_ON in status and len(parts) == len(OF_HANDED_ON) and sum(parts) != status[HANDED_ON]:
        words = N_("terdisposisi tidak sama dengan terverifikasi + diproses + diselesaikan")
        yield Conflict(subject, period, words, status[HANDED_ON], sum(parts))
    if not totals:
        return
    if (whole := _whole(status)) and sum(whole) != totals[0]:
        words = N_("jumlah menurut status tidak sama dengan total")
        yield Conflict(subject, period, words, totals[0], sum(whole))
    for part, words in _SUMS.items():
        counts = _by_key(group, part)
        is_all = len(counts) == len(MONTHS) if part is Part.MONTH else sum(counts.values()) > totals[0]
        if counts and is_all and sum(counts.values()) != totals[0]:
            yield Conflict(subject, period, words, totals[0], sum(counts.values()))


# Lists of OPD, categories and kelurahan may be cut short ("lima besar"): only too much is a conflict.
_SUMS = {
    Part.MONTH: N_("jumlah dua belas bulan tidak sama dengan total"),
    Part.OPD: N_("jumlah menurut OPD melebihi total"),
    Part.CATEGORY: N_("jumlah menurut kategori melebihi total"),
    Part.KELURAHAN: N_("jumlah menurut kelurahan melebihi total"),
}


def _whole(status: dict[str, int]) -> list[int]:
    """Return the counts that together are everything, or nothing when some are missing."""
    if ARCHIVED not in status:
        return []
    rest = [count for name, count in status.items() if name not in (HANDED_ON, ARCHIVED, *OF_HANDED_ON)]
    if HANDED_ON in status:
        return [status[HANDED_ON], status[ARCHIVED], *rest]
    parts = [status[name] for name in OF_HANDED_ON if name in status]
    return [*parts, status[ARCHIVED], *rest] if len(parts) == len(OF_HANDED_ON) else []


def _between(groups: dict[tuple[str, Period], list[Figure]]) -> Iterator[Conflict]:
    """A period within another cannot have more."""
    totals = {
        key: figure.count for key, group in groups.items() for figure in group if figure.part is Part.TOTAL
    }
    for (subject, period), count in totals.items():
        for (other, inner), inner_count in totals.items():
            if subject == other and period.holds(inner) and inner_count > count:
                words = N_("bagian dari periode ini menyebut lebih banyak daripada seluruhnya")
                yield Conflict(subject, period, words, count, inner_count)


def _by_key(group: Iterable[Figure], part: Part) -> dict[str, int]:
    return {figure.key: figure.count for figure in group if figure.part is part}
