"""Cells of an inventory's tables as values; a bad one says what it is and what to write instead. Pure."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from edge.wire.topics import DEVICE_ID_PATTERN, SOURCE_ID_PATTERN
from hub.places.areas import read_areas
from hub.places.importing.tables import PURPOSE_WORDS
from hub.places.inventory import LATITUDES, LONGITUDES
from hub.places.owning.opds import is_known, nearest_opd
from hub.places.purposes import Purpose

MAX_NAME = 80
MAX_SWITCH = 40
MAX_RANGE_M = 5000
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_QUANTITY = re.compile(r"[a-z][a-z0-9_]{0,47}", re.ASCII)
_WARD = re.compile(r"^(kelurahan|kel\.?)\s+")
_YES, _NO = frozenset({"ya", "y", "1", "true"}), frozenset({"tidak", "t", "0", "", "false"})


class BadCell(Exception):  # noqa: N818 (carries one remedy to the line it stands in)
    """A cell that cannot be used; ``column`` is filled in where the row is read."""

    def __init__(self, remedy: str, column: str = "") -> None:
        """Take what to write instead."""
        super().__init__(remedy)
        self.remedy, self.column = remedy, column


def read_id(text: str, *, is_device: bool) -> str:
    """Read the id of a point or device, or of a source of a device.

    Raises:
        BadCell: proposes an id of the same letters.
    """
    if re.match(DEVICE_ID_PATTERN if is_device else SOURCE_ID_PATTERN, text):
        return text
    most = 63 if is_device else 32
    proposed = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:most].strip("-")
    told = f"; misalnya {proposed}" if proposed else ""
    raise BadCell(f"pakai huruf kecil, angka dan tanda hubung, paling banyak {most}{told}")


def read_name(text: str, most: int = MAX_NAME) -> str:
    """Read a name.

    Raises:
        BadCell: empty, too long, or with signs that nobody can read.
    """
    name = " ".join(text.split())
    if not 1 <= len(name) <= most or not name.isprintable():
        raise BadCell(f"isi 1 sampai {most} huruf")
    return name


def read_number(text: str) -> float:
    """Read a number with a point.

    Raises:
        BadCell: none, or with a comma, which could also part thousands.
    """
    if _COMMA.fullmatch(text):
        raise BadCell(f"pakai titik, bukan koma: {text.replace(',', '.')}")
    if not _NUMBER.fullmatch(text):
        raise BadCell("isi angka dengan titik, misalnya -0.028300")
    return float(text)


def read_place(latitude: str, longitude: str) -> tuple[float, float]:
    """Read where a point is; latitude 0.0 is a place, the equator.

    Raises:
        BadCell: no numbers, swapped, or outside the city.
    """
    lat, lon = _in_column("lat", read_number, latitude), _in_column("lon", read_number, longitude)
    if _is_within(lat, LATITUDES) and _is_within(lon, LONGITUDES):
        return lat, lon
    if _is_within(lon, LATITUDES) and _is_within(lat, LONGITUDES):
        raise BadCell(f"lat dan lon tertukar; isi lat {longitude} dan lon {latitude}", "lat")
    column, bounds = ("lat", LATITUDES) if not _is_within(lat, LATITUDES) else ("lon", LONGITUDES)
    raise BadCell(
        f"di luar kota: {column} dari {bounds[0]} sampai {bounds[1]}; periksa titik desimal", column
    )


def read_kelurahan(text: str) -> str:
    """Read a kelurahan by its code, or by the city's or the ministry's spelling; return the code.

    Raises:
        BadCell: none of the 29; proposes the nearest.
    """
    plain = _WARD.sub("", " ".join(text.split()).casefold())
    wards = _wards()
    if plain in wards:
        return wards[plain]
    near = difflib.get_close_matches(plain, wards, n=1)
    names = {area.code: area.name for area in read_areas().kelurahan}
    told = f"; mungkin {names[wards[near[0]]]}" if near else ""
    raise BadCell(f"bukan salah satu dari 29 kelurahan{told}")


def read_owner(text: str, known: frozenset[str]) -> str:
    """Read an owner: an OPD by any name, "(lama)" for a former one, or one of ``known``.

    Raises:
        BadCell: nobody knows it; proposes the nearest OPD.
    """
    name = read_name(text)
    if is_known(name) or name.casefold() in known:
        return name
    near = nearest_opd(name)
    raise BadCell(f"pemilik tidak dikenal{f'; mungkin {near}' if near else '; isi nama OPD'}")


def read_choice(text: str, words: Mapping[str, str]) -> str:
    """Read one of some words.

    Raises:
        BadCell: another word.
    """
    found = words.get(" ".join(text.split()).casefold())
    if found is None:
        first: dict[str, str] = {}
        for word, value in words.items():
            first.setdefault(value, word)
        raise BadCell(f"isi {' atau '.join(first.values())}")
    return found


def read_heading(text: str) -> float | None:
    """Read a heading in degrees from north, clockwise; empty: not known.

    Raises:
        BadCell: not from 0 to below 360.
    """
    if not text:
        return None
    value = read_number(text)
    if not 0 <= value < 360:
        raise BadCell("isi 0 sampai 359.9 derajat: utara 0, timur 90, selatan 180, barat 270")
    return value


def read_above(text: str, most: float) -> float | None:
    """Read a number above 0; empty: not known.

    Raises:
        BadCell: 0 or below, or more than ``most``.
    """
    if not text:
        return None
    value = read_number(text)
    if not 0 < value <= most:
        raise BadCell(f"isi lebih dari 0 sampai {most:g}, atau kosongkan")
    return value


def read_purposes(text: str) -> str:
    """Read purposes with spaces or commas between them; return ids with spaces.

    Raises:
        BadCell: none of the seven.
    """
    known = {**PURPOSE_WORDS, **{purpose.value: purpose for purpose in Purpose}}
    words = re.split(r"[\s,;]+", text.strip().casefold()) if text.strip() else []
    unknown = [word for word in words if word not in known]
    if unknown:
        raise BadCell(f"{unknown[0]!r} bukan tujuan; pilih dari {', '.join(PURPOSE_WORDS)}")
    return " ".join(dict.fromkeys(known[word].value for word in words))


def read_yes(text: str) -> bool:
    """Read yes or no; empty is no.

    Raises:
        BadCell: another word.
    """
    plain = text.casefold()
    if plain not in _YES | _NO:
        raise BadCell("isi ya atau tidak")
    return plain in _YES


def read_day(text: str) -> date | None:
    """Read a date as ``2026-11-23`` or ``23/11/2026``; empty: not said.

    Raises:
        BadCell: none, or of another time.
    """
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError as error:
        raise BadCell("isi tanggal sebagai HH/BB/TTTT atau TTTT-BB-HH") from error
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise BadCell("tanggal di luar 2000-2100; periksa tahunnya")
    return day


def read_quantity(text: str) -> str:
    """Read what a sensor measures.

    Raises:
        BadCell: not a name with its unit.
    """
    if not _QUANTITY.fullmatch(text):
        raise BadCell("isi besaran dengan satuannya, misalnya water_level_m atau rain_mm_h")
    return text


def _in_column(column: str, read: Callable[[str], float], text: str) -> float:
    try:
        return read(text)
    except BadCell as bad:
        raise BadCell(bad.remedy, column) from bad


def _is_within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


@cache
def _wards() -> dict[str, str]:
    """Return the code of each kelurahan by all that it is called."""
    return {
        name.casefold(): area.code
        for area in read_areas().kelurahan
        for name in (area.code, area.ministry_name or area.name, area.name)
    }
