"""What people type about attendance, read into the words of the services."""

from collections.abc import Mapping
from datetime import date, time

from hub.errors import InputError
from hub.hadir.corrections.service import Wish
from hub.web.typed.dates import typed_clock, typed_day
from hub.web.typed.whole_numbers import is_whole_number

# No shift lasts longer than a day, and overtime less.
MAX_OVERTIME_MIN = 16 * 60


def read_wish(fields: Mapping[str, str]) -> Wish:
    """Read the form of a correction.

    Raises:
        InputError: the date, a time or the overtime is none; names the field.
    """
    return Wish(
        day=_date(fields.get("hari", "")),
        reason=fields.get("alasan", ""),
        arrived=_time("jam masuk", fields.get("masuk", "")),
        left=_time("jam pulang", fields.get("pulang", "")),
        is_excused=fields.get("dimaafkan") == "ya",
        overtime_min=_overtime(fields.get("lembur", "")),
    )


def _date(text: str) -> date:
    try:
        return typed_day(text)
    except ValueError as error:
        raise InputError("Isi tanggal yang dikoreksi sebagai TTTT-BB-HH, misalnya 2026-11-23.") from error


def _overtime(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not is_whole_number(text, MAX_OVERTIME_MIN) or int(text) == 0:
        raise InputError(f"Isi lembur dalam menit, 1 sampai {MAX_OVERTIME_MIN}.")
    return int(text)


def _time(name: str, text: str) -> time | None:
    text = text.strip().replace(".", ":")
    if not text:
        return None
    try:
        return typed_clock(text)
    except ValueError as error:
        raise InputError(f"Isi {name} sebagai JJ:MM, misalnya 07:30.") from error
