"""How dates, numbers and ages are written, in Indonesian and English. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

# Of a date from outside; beyond lie moments that cannot be computed with, and nothing that was recorded.
YEARS = range(1970, 2101)
_DAYS = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# Upper bound in seconds, divisor, unit in each language; static/js/age.js says the same.
_AGES = (
    (90, 1, {"id": "dtk", "en": "s"}),
    (90 * 60, 60, {"id": "mnt", "en": "min"}),
    (36 * 3600, 3600, {"id": "jam", "en": "h"}),
    (float("inf"), 86_400, {"id": "hari", "en": "d"}),
)


def day_text(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return as ``Sab 21 Nov 2026``."""
    return date_text(at.astimezone(zone).date(), language)


def date_text(day: date, language: str) -> str:
    """Return as ``Sab 21 Nov 2026``, of a day that is the same in every zone."""
    return f"{_DAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def month_text(day: date, language: str) -> str:
    """Return as ``Nov 2026``."""
    return f"{_MONTHS[language][day.month - 1]} {day.year}"


def moment_text(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return as ``Sab 21 Nov 2026 07.14 WIB`` (English: ``07:14``)."""
    local = at.astimezone(zone)
    time = local.strftime("%H.%M" if language == "id" else "%H:%M")
    return f"{day_text(at, zone, language)} {time} {local.tzname()}"


def clock_text(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return as ``07.14.22``, without the day."""
    return at.astimezone(zone).strftime("%H.%M.%S" if language == "id" else "%H:%M:%S")


def number_text(value: float, language: str, decimals: int = 0) -> str:
    """Return as ``1.234,5`` (English: ``1,234.5``)."""
    english = f"{value:,.{decimals}f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def rupiah_text(value: int, language: str) -> str:
    """Return as ``Rp 1.250.000``; negative as ``-Rp 500``."""
    return f"{'-' if value < 0 else ''}Rp\u00a0{number_text(abs(value), language)}"


def age_text(age_s: float, language: str) -> str:
    """Return as ``12 dtk``, ``5 mnt``, ``3 jam``, ``2 hari``; what lies ahead is ``0 dtk`` old."""
    age_s = max(0.0, age_s)
    for bound_s, divisor, unit in _AGES:
        if age_s < bound_s:
            return f"{int(age_s // divisor)} {unit[language]}"
    raise AssertionError("the last bound is infinite")


def bytes_text(size: int, language: str) -> str:
    """Return as ``14,2 MiB``."""
    value, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{number_text(value, language, 0 if unit == 'B' else 1)} {unit}"


def coordinate_text(value: float) -> str:
    """Return with six decimals: 0.0 is the equator, a real place in this city."""
    return f"{value:.6f}"
