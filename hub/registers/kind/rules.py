"""Texts as typed or in a file's cells, as values of a field; a bad one says what to write instead. Pure."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hub.places.importing.cells import BadCell, read_kelurahan, read_place
from hub.registers.kind.days import read_day
from hub.registers.kind.fields import MAX_LETTERS, MAX_LONG_LETTERS, Field, FieldKind
from hub.registers.kind.numbers import read_money, read_number
from hub.web.formats import YEARS

Value = str | int | float | bool | list[str] | list[float]

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
_FORMULA_SIGNS = "=+-@\t\r"
_YES, _NO = frozenset({"ya", "y", "true", "1"}), frozenset({"tidak", "t", "tdk", "false", "0"})


@dataclass(frozen=True, slots=True)
class Names:
    """What cells may name: OPDs by plain name, keys of rows of other kinds by their plain text."""

    opds: Mapping[str, int] = field(default_factory=dict)
    opd_names: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NO_NAMES = Names()


def plain(text: str) -> str:
    """Return what is the same for all spellings of a name."""
    return " ".join(text.split()).casefold()


def clean(text: str) -> str:
    """Return a cell without spaces around it and without the mark that keeps spreadsheets from running it."""
    text = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    while len(text) > 1 and text[0] == "'" and text[1] in _FORMULA_SIGNS:
        text = text[1:].strip()
    return text


def read_value(what: Field, text: str, names: Names = NO_NAMES) -> Value | None:
    """Read a cell; empty is nothing.

    Raises:
        BadCell: with the remedy.
    """
    text = clean(text)
    if not text:
        if what.is_required:
            raise BadCell("wajib diisi", what.id)
        return None
    if text.startswith("="):
        raise BadCell("rumus tidak diterima; tempel hasilnya sebagai nilai", what.id)
    try:
        return _READERS[what.kind](what, text, names)
    except BadCell as bad:
        raise BadCell(bad.remedy, what.id) from bad


def _text(_what: Field, text: str, _names: Names) -> str:
    return _line(text, MAX_LETTERS)


def _line(text: str, most: int) -> str:
    line = " ".join(text.split())
    if len(line) > most:
        raise BadCell(f"paling banyak {most} huruf")
    if not line.isprintable():
        raise BadCell("memuat tanda yang tidak dapat dibaca; ketik ulang")
    return line


def _long_text(_what: Field, text: str, _names: Names) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    whole = "\n".join(lines).strip("\n")
    if len(whole) > MAX_LONG_LETTERS:
        raise BadCell(f"paling banyak {MAX_LONG_LETTERS} huruf")
    if not all(line.isprintable() for line in lines):
        raise BadCell("memuat tanda yang tidak dapat dibaca; ketik ulang")
    return whole


def _number(what: Field, text: str, _names: Names) -> int | float:
    return read_number(what, text)


def _money(what: Field, text: str, _names: Names) -> int:
    return read_money(what, text)


def _date(_what: Field, text: str, _names: Names) -> str:
    return read_day(text).isoformat()


def _year(_what: Field, text: str, _names: Names) -> int:
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or int(text) not in YEARS:
        raise BadCell(f"isi tahun dengan empat angka, {YEARS[0]} sampai {YEARS[-1]}")
    return int(text)


def _yes_no(_what: Field, text: str, _names: Names) -> bool:
    word = plain(text)
    if word not in _YES | _NO:
        raise BadCell("isi ya atau tidak")
    return word in _YES


def _choice(what: Field, text: str, _names: Names) -> str:
    wanted = plain(text)
    spelled = {plain(name): one.id for one in what.choices for name in (one.label, one.id)}
    if wanted in spelled:
        return spelled[wanted]
    near = difflib.get_close_matches(wanted, spelled, n=1)
    told = f"mungkin {near[0]}; " if near else ""
    raise BadCell(f"{told}pilih dari: {', '.join(one.id for one in what.choices)}")


def _choices(what: Field, text: str, names: Names) -> list[str]:
    parts = [part for part in re.split(r"[;,\n]", text) if part.strip()]
    found = {_choice(what, part, names) for part in parts}
    # In the order of the kind, so that the same choices are always the same value.
    return [one.id for one in what.choices if one.id in found]


def _url(_what: Field, text: str, _names: Names) -> str:
    line = _line(text, MAX_LETTERS)
    line = line if "://" in line else f"https://{line}"
    try:
        parts = urlsplit(line)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadCell("isi alamat web, misalnya https://diskominfo.pontianak.go.id") from error
    if parts.scheme.casefold() not in ("http", "https") or "." not in host or " " in line or parts.username:
        raise BadCell("isi alamat web, misalnya https://diskominfo.pontianak.go.id")
    return line


def _email(_what: Field, text: str, _names: Names) -> str:
    line = _line(text, MAX_LETTERS)
    if not _EMAIL.fullmatch(line):
        raise BadCell("isi alamat e-mail, misalnya nama@contoh.id")
    return line


def _phone(_what: Field, text: str, _names: Names) -> str:
    line = _line(text, 30)
    if not _PHONE.fullmatch(line):
        raise BadCell("isi nomor telepon, misalnya 0561 732000 atau +62 811 5700 000")
    return line


def _opd(_what: Field, text: str, names: Names) -> int:
    return read_opd(text, names)


def read_opd(text: str, names: Names) -> int:
    """Read an OPD by any of its names, or by its number.

    Raises:
        BadCell: nobody knows it; proposes the nearest.
    """
    wanted = plain(text)
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 and int(wanted) in names.opd_names:
        return int(wanted)
    if wanted in names.opds:
        return names.opds[wanted]
    near = difflib.get_close_matches(wanted, names.opds, n=1)
    told = f"; mungkin {names.opd_names[names.opds[near[0]]]}" if near else ""
    raise BadCell(f"OPD tidak dikenal{told}")


def _kelurahan(_what: Field, text: str, _names: Names) -> str:
    return read_kelurahan(text)


def _place(_what: Field, text: str, _names: Names) -> list[float]:
    parts = [part.strip() for part in re.split(r"[;,]\s*", text)]
    if len(parts) != 2:
        raise BadCell("isi lintang dan bujur dengan titik desimal: -0.026330, 109.342504")
    latitude, longitude = read_place(*parts)
    # Six decimals are 11 cm; 0.0 is the equator, a real place.
    return [round(latitude, 6) + 0.0, round(longitude, 6) + 0.0]


def _reference(what: Field, text: str, names: Names) -> str:
    known = names.keys.get(what.of, {})
    wanted = plain(text)
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1)
    told = f"; mungkin {known[near[0]]}" if near else "; tambahkan dulu di register itu"
    raise BadCell(f"tidak ada di register {what.of}{told}")


def _image(_what: Field, text: str, _names: Names) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise BadCell("gambar diunggah di halaman baris, bukan lewat berkas")
    return text


_READERS: Mapping[FieldKind, Callable[[Field, str, Names], Value]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.YEAR: _year,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.URL: _url,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.OPD: _opd,
    FieldKind.KELURAHAN: _kelurahan,
    FieldKind.PLACE: _place,
    FieldKind.REFERENCE: _reference,
    FieldKind.IMAGE: _image,
}
