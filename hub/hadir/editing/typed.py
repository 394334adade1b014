"""What people type into forms of hours and dates, read strictly. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec

from hub.errors import InputError
from hub.hadir.editing.desk import Field, Values
from hub.hadir.editing.files.shifts import read_clock
from hub.hadir.results.reading.rows import TierText
from hub.people.importing.cells import BadCell, read_day
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

# Of the legend of recaps: they stand for whole days.
# A tariff may name what it cuts for a missing scan or a missing day as the day itself is named.
MISSING_CODE, ABSENT_CODE = "TS", "TK"
RESERVED_CODES = frozenset(("H", "T", "P", "TK", "C", "S", "I", "DL", "WFA", "TB", "LB", "TS", "?", "-"))
WEEKDAYS = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))
_HOURS_HINT = N_(
    "Tulis mulai-selesai, lalu istirahat bila ada: 07.30-16.00 12.00-13.00. "
    "Selesai esok hari: 22.00-06.00+1. Kosong: tanpa jam kerja."
)
_SPAN = re.compile(r"([\d.:]+)\s*[-–]\s*([\d.:]+)(\+1)?")


def text_of(values: Values, name: str, label: str, *, longest: int, is_needed: bool = True) -> str:
    """Read a short text.

    Raises:
        InputError: missing or too long.
    """
    text = " ".join(values.get(name, "").split())
    if is_needed and not text:
        raise InputError(f"Isi {label}.")
    if len(text) > longest:
        raise InputError(f"{label} terlalu panjang: paling banyak {longest} huruf.")
    return text


def date_of(values: Values, name: str, label: str) -> date:
    """Read a date.

    Raises:
        InputError: it is none.
    """
    try:
        return read_day(label, values.get(name, "").strip())
    except BadCell as bad:
        raise InputError(f"{bad.sentence}.") from bad


def optional_date_of(values: Values, name: str, label: str) -> date | None:
    """Read a date or nothing."""
    return date_of(values, name, label) if values.get(name, "").strip() else None


def span_of(values: Values, label: str) -> tuple[date, date]:
    """Read the fields ``mulai`` and ``selesai``.

    Raises:
        InputError: one is no date, or they are the wrong way round.
    """
    first, last = date_of(values, "mulai", "mulai"), date_of(values, "selesai", "selesai")
    if last < first:
        raise InputError(f"{label}: selesai lebih awal daripada mulai; tukar keduanya.")
    if (last - first).days > 366:
        raise InputError(f"{label}: lebih dari satu tahun; periksa tahunnya.")
    return first, last


def percent_of(text: str, label: str) -> Decimal:
    """Read a percentage from 0 to 100, comma or point.

    Raises:
        InputError: it is none.
    """
    try:
        percent = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise InputError(f"{label} {text!r} bukan persentase; tulis misalnya 0,5.") from error
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise InputError(f"{label} {text!r} di luar 0 sampai 100.")
    return percent


def minutes_of(values: Values, name: str, label: str, *, largest: int = 1440) -> int:
    """Read whole minutes.

    Raises:
        InputError: none, or too many.
    """
    text = values.get(name, "").strip() or "0"
    if not is_whole_number(text, largest):
        raise InputError(f"{label} {text!r}: tulis menit, 0 sampai {largest}.")
    return int(text)


def week_fields(week: Mapping[str, Sequence[str]]) -> list[Field]:
    """Return a field a weekday."""
    return [
        Field(
            f"hari{day}",
            name,
            value=hours_text(week.get(str(day), ())),
            hint=_HOURS_HINT if day == 0 else "",
            is_needed=False,
        )
        for day, name in enumerate(WEEKDAYS)
    ]


def week_of_values(values: Values) -> str:
    """Read the fields of a week; return JSON as rows keep it.

    Raises:
        InputError: a day is not written as hours, or no day has any.
    """
    week = {
        str(day): hours
        for day, name in enumerate(WEEKDAYS)
        if (hours := hours_of_text(values.get(f"hari{day}", ""), name))
    }
    if not week:
        raise InputError("Isi jam kerja sedikitnya satu hari, misalnya 07.30-16.00 12.00-13.00.")
    return msgspec.json.encode(week).decode()


def hours_text(times: Sequence[str]) -> str:
    """Return hours as they are typed."""
    spans = [f"{times[place]}-{times[place + 1]}" for place in range(0, len(times), 2)]
    if spans and times[1] <= times[0]:
        spans[0] += "+1"
    return " ".join(spans).replace(":", ".")


def tier_lines(tiers: Iterable[TierText]) -> str:
    """Return tiers as they are typed, one a line."""
    return "\n".join(f"{tier.code}; {tier.from_min}; {tier.percent.normalize():f}" for tier in tiers)


def tiers_of(values: Values, name: str, label: str) -> tuple[TierText, ...]:
    """Read tiers, one a line: code; from which minute on; percent.

    Raises:
        InputError: a line is not written so, or minutes do not rise.
    """
    tiers = tuple(_tier(line, label) for line in values.get(name, "").splitlines() if line.strip())
    starts = [tier.from_min for tier in tiers]
    if not tiers or starts != sorted(set(starts)):
        raise InputError(f"{label}: isi sedikitnya satu baris, menitnya naik dari baris ke baris.")
    return tiers


def hours_of_text(text: str, name: str) -> list[str]:
    """Read hours as they are typed, as ``07.30-16.00 12.00-13.00``; nothing for nothing.

    Raises:
        InputError: they are none.
    """
    if not text.strip():
        return []
    spans = _SPAN.findall(text)
    if not 1 <= len(spans) <= 2 or _SPAN.sub("", text).strip(" ,;/"):
        raise InputError(f"{name}: {text!r} bukan jam kerja; tulis misalnya 07.30-16.00 12.00-13.00.")
    try:
        times = [read_clock(name, clock) for start, end, _next in spans for clock in (start, end)]
    except BadCell as bad:
        raise InputError(f"{bad.sentence}.") from bad
    _check_spans(name, times, says_next_day=[bool(mark) for _start, _end, mark in spans])
    return times


def _check_spans(name: str, times: Sequence[str], *, says_next_day: Sequence[bool]) -> None:
    """Refuse hours that cross midnight unsaid, and a break that is not inside them."""
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in times]
    start, end = minutes[:2]
    if (end <= start) is not says_next_day[0]:
        raise InputError(
            f"{name}: {times[0]}-{times[1]}; tambahkan +1 bila dan hanya bila selesainya esok hari, "
            "misalnya 22.00-06.00+1."
        )
    if len(minutes) == 4:
        length = (end - start) % 1440
        begins, ends = ((clock - start) % 1440 for clock in minutes[2:])
        if not 0 <= begins < ends <= length:
            raise InputError(f"{name}: istirahat {times[2]}-{times[3]} di luar jam kerja; perbaiki jamnya.")


def tier_code(text: str, label: str, *, may_be: str = "") -> str:
    """Read the code of a tier; codes of days mean something else already.

    Raises:
        InputError: not 1-6 capital letters and digits, or reserved.
    """
    code = text.strip()
    if not re.fullmatch(r"[A-Z0-9]{1,6}", code) or (code in RESERVED_CODES and code != may_be):
        raise InputError(
            f"{label}: kode {code!r}; tulis 1-6 huruf besar atau angka yang bukan kode hari "
            f"({', '.join(sorted(RESERVED_CODES))})."
        )
    return code


def _tier(line: str, label: str) -> TierText:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3 or not 1 <= len(parts[0]) <= 8 or not is_whole_number(parts[1], 1440):
        raise InputError(
            f"{label}: baris {line!r}; tulis kode; mulai menit ke; persen. Misalnya TL1; 1; 0,5."
        )
    return TierText(tier_code(parts[0], label), int(parts[1]), percent_of(parts[2], label))
