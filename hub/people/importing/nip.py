"""What a NIP must look like, and how spreadsheets break it. Pure.

Peraturan Kepala BKN 22/2007: birth date, year and month of appointment, sex, serial number. The
number of a PPPK has the same length, with 21 and on in place of the month.
"""

import hashlib
import hmac
import re
from datetime import date

from hub.people.importing.cells import BadCell

REMEDY = "kolom NIP rusak oleh Excel; ubah kolom menjadi Teks, isi ulang NIP, lalu simpan lagi"
_EXPONENT = re.compile(r"\A\d+(?:[.,]\d+)?\s*[eE]\s*[+-]?\d+\Z")
_YOUNGEST_YEARS, _OLDEST_YEARS = 15, 75
_FIRST_PPPK_MONTH, _LAST_PPPK_MONTH = 21, 29


def read_nip(text: str, today: date) -> str:
    """Return the 18 digits of a cell, or nothing for an empty one.

    Raises:
        BadCell: broken by a spreadsheet, or no NIP; says which part cannot be, and the remedy.
    """
    text = _unwrapped(text)
    if not text:
        return ""
    if _is_mangled(text):
        raise BadCell(f"NIP {text!r}: {REMEDY}")
    digits = re.sub(r"[ .'\u00a0-]", "", text)
    if not re.fullmatch(r"\d{18}", digits, re.ASCII):
        raise BadCell(f"NIP harus 18 angka, di sini {len(digits)} huruf; periksa lagi di SK pegawai")
    if digits.endswith("000"):
        # 1.9E+17 saved once as a number loses its last digits: three zeros at the end are its trace.
        raise BadCell(f"NIP berakhir 000: {REMEDY}")
    _check_parts(digits, today)
    return digits


def nip_digest(key: str, nip: str) -> str:
    """Return the keyed digest by which a NIP is found again; the NIP itself is not kept."""
    return hmac.new(key.encode(), b"pontive nip 1 " + nip.encode(), hashlib.sha256).hexdigest()


def _unwrapped(text: str) -> str:
    """Take off what people put around a number to keep it a text: '1987…, ="1987…"."""
    text = text.strip().strip("\u200b\ufeff")
    formula = re.fullmatch(r'="([^"]*)"', text)
    return (formula[1] if formula else text).lstrip("'`’").strip()


def _is_mangled(text: str) -> bool:
    is_hashes = set(text) == {"#"}
    is_decimal = re.fullmatch(r"\d{15,18}[.,]0+", text) is not None
    return _EXPONENT.match(text) is not None or is_hashes or is_decimal


def _check_parts(digits: str, today: date) -> None:
    born = _day(digits[:8])
    if born is None or not _OLDEST_YEARS >= today.year - born.year >= _YOUNGEST_YEARS:
        raise BadCell("NIP: 8 angka pertama bukan tanggal lahir (TTTTBBHH) yang mungkin; periksa di SK")
    year, month = int(digits[8:12]), int(digits[12:14])
    if not born.year + _YOUNGEST_YEARS <= year <= today.year + 1 or not _is_month(month):
        raise BadCell("NIP: angka 9-14 bukan tahun dan bulan pengangkatan yang mungkin; periksa di SK")
    if digits[14] not in "12":
        raise BadCell("NIP: angka ke-15 adalah jenis kelamin, 1 atau 2; periksa di SK")


def _is_month(month: int) -> bool:
    return 1 <= month <= 12 or _FIRST_PPPK_MONTH <= month <= _LAST_PPPK_MONTH


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
