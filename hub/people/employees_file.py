"""Cells and rows of CSV files of attendance; employees themselves: :mod:`hub.people.importing`."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date

from hub.errors import InputError


class BadCell(Exception):  # noqa: N818 (carries one sentence to the line it stands in)
    """A cell that cannot be used."""

    def __init__(self, sentence: str) -> None:
        """Take the sentence that names the cell and the remedy."""
        super().__init__(sentence)
        self.sentence = sentence


def read_table(text: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of a CSV, comma or semicolon.

    Raises:
        InputError: a column is missing.
    """
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    missing = [name for name in columns if name not in names]
    if missing:
        raise InputError(f"kolom {', '.join(missing)} tidak ada; baris pertama berisi: {','.join(columns)}")
    reader.fieldnames = names
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in columns}
        if any(cells.values()):
            yield reader.line_num, cells


def date_of(name: str, text: str) -> date:
    """Read a date as ``2026-11-23`` or ``23/11/2026``.

    Raises:
        BadCell: it is none.
    """
    found = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCell(f"{name} {text!r} bukan tanggal; tulis HH/BB/TTTT atau TTTT-BB-HH") from error


def number_of(name: str, text: str, *, largest: int = 2**32 - 1) -> int:
    """Read a number from 1 on.

    Raises:
        BadCell: it is none.
    """
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= largest:
        raise BadCell(f"{name} {text!r} bukan nomor dari 1 sampai {largest}")
    return int(text)
