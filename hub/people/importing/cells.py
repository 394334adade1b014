"""Cells of an employees' table as values; a bad one says what it is and what to write instead. Pure."""

import re
from datetime import date

from hub.web.typed.whole_numbers import is_whole_number

# As large as a door's screen: the roster carries no more.
MAX_NAME_LETTERS = 20
MAX_NUMBER = 2**32 - 1
MAX_OPD = 65_535
MAX_UNIT = 2**31 - 1
_EARLIEST = date(1970, 1, 1)


class BadCell(Exception):  # noqa: N818 (carries one sentence to the line it stands in)
    """A cell that cannot be used."""

    def __init__(self, sentence: str) -> None:
        """Take the sentence that names the cell and the remedy."""
        super().__init__(sentence)
        self.sentence = sentence


def read_day(name: str, text: str) -> date:
    """Read a date as ``2026-11-23`` or ``23/11/2026``.

    Raises:
        BadCell: it is none, or lies where no employee's date can lie.
    """
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError as error:
        raise BadCell(f"{name} {text!r} bukan tanggal; tulis HH/BB/TTTT atau TTTT-BB-HH") from error
    if not _EARLIEST <= day <= date(2100, 1, 1):
        raise BadCell(f"{name} {text!r} di luar 1970-2100; periksa tahunnya")
    return day


def read_number(name: str, text: str, largest: int) -> int:
    """Read a number from 1 on.

    Raises:
        BadCell: it is none.
    """
    if not is_whole_number(text, largest) or int(text) == 0:
        raise BadCell(f"{name} {text!r} bukan nomor dari 1 sampai {largest}")
    return int(text)


def read_name(text: str) -> str:
    """Read a name as it is written; :func:`shorter_name` makes it fit a door.

    Raises:
        BadCell: empty, or with signs that are no letters.
    """
    name = " ".join(text.split())
    if not name or not name.isprintable():
        raise BadCell(f"nama {name!r} kosong atau memuat tanda yang bukan huruf; tulis namanya")
    return name


def shorter_name(name: str) -> str:
    """Return a name of at most 20 letters: titles left out, then middle and last names as initials.

    One that fits stays as it is.
    """
    if len(name) <= MAX_NAME_LETTERS:
        return name
    words = [word for word in name.split(",")[0].split() if not word.endswith(".") or len(word) == 2]
    words = words or name.split()
    for place in range(len(words) - 1, 0, -1):
        if len(" ".join(words)) <= MAX_NAME_LETTERS:
            break
        words[place] = f"{words[place][0]}."
    return " ".join(words)[:MAX_NAME_LETTERS].strip()
