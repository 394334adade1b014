"""Dates, sums and numbers as Indonesian letters write them, and numbers of letters. Pure."""

from datetime import date

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_DIGITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
# From the largest; what is one of a thousand or a hundred has a word of its own.
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"))
_SERIAL_DIGITS = 4


def long_date(day: date) -> str:
    """Return as ``22 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def roman_month(day: date) -> str:
    """Return as ``XI``."""
    return _ROMAN[day.month - 1]


def spelled(number: int) -> str:
    """Return a whole number from 0 to 10^15 - 1 in words: ``seribu dua ratus lima``.

    Raises:
        ValueError: negative, or too large for a sum that anybody writes out.
    """
    if not 0 <= number < 10**15:
        raise ValueError(f"{number} is not spelled out")
    return _spelled(number) if number else _DIGITS[0]


def rupiah(amount: int) -> str:
    """Return as ``Rp 1.250.000 (satu juta dua ratus lima puluh ribu rupiah)``."""
    return f"Rp {amount:,}".replace(",", ".") + f" ({spelled(amount)} rupiah)"


def letter_number(pattern: str, *, classification: str, serial: int, unit: str, day: date) -> str:
    """Return the number of a letter: ``400.12/0007/KEL.TENGAH/XI/2026``.

    Args:
        pattern: Of the definition, with {serial} and maybe {classification}, {unit}, {month}, {year}.
        classification: Of the definition.
        serial: From 1, without gaps in a unit and a year.
        unit: Which office.
        day: When it is signed, in the city.
    """
    facts = {
        "classification": classification,
        "serial": f"{serial:0{_SERIAL_DIGITS}d}",
        "unit": unit,
        "month": roman_month(day),
        "year": str(day.year),
    }
    for name, text in facts.items():
        pattern = pattern.replace(f"{{{name}}}", text)
    return pattern


def _spelled(number: int) -> str:
    """Return a number from 1 in words, nothing for 0."""
    if number < 12:
        return _DIGITS[number] if number else ""
    if number < 20:
        return f"{_DIGITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_DIGITS[number // 10]} puluh", number % 10)
    size, word = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = f"se{word}" if count == 1 and size in (100, 1000) else f"{_spelled(count)} {word}"
    return _joined(head, rest)


def _joined(head: str, rest: int) -> str:
    return f"{head} {_spelled(rest)}" if rest else head
