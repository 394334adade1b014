"""Numbers as Indonesians write them: a point parts thousands, a comma the decimals. Pure.

What could be read in two ways is refused, not guessed.
"""

import re

from hub.places.importing.cells import BadCell
from hub.registers.kind.fields import LARGEST, Field

_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+", re.ASCII)
_PLAIN = re.compile(r"\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,15}|\d{1,3}(?:\.\d{3})+),(\d{1,9})", re.ASCII)
_POINT = re.compile(r"(\d{1,15})\.(\d{1,9})", re.ASCII)


def read_number(what: Field, text: str) -> int | float:
    """Read a number, with or without its unit.

    Raises:
        BadCell: none, of another unit, out of bounds, or to be read in two ways.
    """
    bare = _without_unit(what.unit, text)
    number = _figure(bare, what.decimals)
    _within(what, number)
    return number


def read_money(what: Field, text: str) -> int:
    """Read whole rupiah: ``1250000``, ``1.250.000``, ``Rp 1.250.000,00``.

    Raises:
        BadCell: none, or out of bounds.
    """
    bare = re.sub(r"^(-?)\s*(rp|idr)\.?\s*", r"\1", text, flags=re.IGNORECASE)
    bare = re.sub(r"(,00?|,-)$", "", bare)
    try:
        number = _figure(bare, 0)
    except BadCell as bad:
        raise BadCell(f"isi rupiah bulat, misalnya 1.250.000; {bad.remedy}") from bad
    _within(what, number)
    return int(number)


def _without_unit(unit: str, text: str) -> str:
    found = re.fullmatch(r"(-?[\d.,\s]*\d)\s*([^\d\s.,-].*)", text)
    if found is None:
        return text
    if not unit:
        raise BadCell(f"isi angka saja, tanpa {found[2]!r}")
    if _same(found[2]) != _same(unit):
        raise BadCell(f"satuannya {unit}, bukan {found[2]!r}; hitung ulang dalam {unit}")
    return found[1]


def _figure(text: str, decimals: int) -> int | float:
    sign, bare = (-1, text[1:].strip()) if text.startswith("-") else (1, text)
    if _PLAIN.fullmatch(bare):
        return sign * int(bare)
    if _GROUPED.fullmatch(bare):
        if decimals and bare.count(".") == 1:
            whole, rest = bare.split(".")
            raise BadCell(f"{text} dapat dibaca dua cara; tulis {whole}{rest} atau {whole},{rest}")
        return sign * _bounded(int(bare.replace(".", "")))
    found = _DECIMAL.fullmatch(bare) or _POINT.fullmatch(bare)
    if found is None:
        raise BadCell("isi angka, misalnya 1.250" + (",5" if decimals else ""))
    whole, rest = found[1].replace(".", ""), found[2].rstrip("0")
    if not decimals and rest:
        raise BadCell("isi bilangan bulat, tanpa koma")
    if len(rest) > decimals:
        raise BadCell(f"paling banyak {decimals} angka di belakang koma")
    if len(whole) + len(rest) > 15:
        raise BadCell("terlalu banyak angka untuk disimpan tepat")
    return sign * (float(f"{whole}.{rest}") if rest else int(whole))


def _bounded(number: int) -> int:
    if number > LARGEST:
        raise BadCell("terlalu besar untuk disimpan tepat; periksa jumlah nolnya")
    return number


def _within(what: Field, number: float) -> None:
    if what.least is not None and number < what.least:
        raise BadCell(f"paling kecil {_said(what.least)} {what.unit}".strip())
    if what.most is not None and number > what.most:
        raise BadCell(f"paling besar {_said(what.most)} {what.unit}".strip())


def _said(bound: float) -> str:
    return f"{bound:g}".replace(".", ",")


def _same(unit: str) -> str:
    return "".join(unit.split()).casefold()
