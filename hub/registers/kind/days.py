"""Days as Indonesians write them. Pure."""

import re
from datetime import date

from hub.places.importing.cells import BadCell
from hub.web.formats import YEARS

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_WRITTEN = re.compile(r"(?:[^\W\d_]+,?\s+)?(\d{1,2})\s+([^\W\d_]+)\.?\s+(\d{4})")
# By their first three letters: "Agustus", "Agu", "Ags", "August".
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb peb",
            "mar",
            "apr",
            "mei may",
            "jun",
            "jul",
            "agu ags aug",
            "sep",
            "okt oct",
            "nov nop",
            "des dec",
        ),
        start=1,
    )
    for name in names.split()
}


def read_day(text: str) -> date:
    """Read a day as Indonesians write it: ``21/11/2026``, ``21 November 2026``, or ``2026-11-21``.

    Raises:
        BadCell: it is none, or of another time.
    """
    day = _day(text)
    if day.year not in YEARS:
        raise BadCell(f"tahun {YEARS[0]} sampai {YEARS[-1]}; periksa tahunnya")
    return day


def _day(text: str) -> date:
    numbers, written = _DAY_FIRST.fullmatch(text), _WRITTEN.fullmatch(text)
    try:
        if numbers:
            if int(numbers[2]) > 12 >= int(numbers[1]):
                raise BadCell(f"hari dulu, lalu bulan: {numbers[2]}/{numbers[1]}/{numbers[3]}")
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
        if written:
            month = _MONTHS.get(written[2][:3].casefold())
            if month is None:
                raise BadCell(f"bulan {written[2]!r} tidak dikenal; tulis Januari sampai Desember")
            return date(int(written[3]), month, int(written[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCell("isi tanggal yang ada, misalnya 21/11/2026 atau 21 November 2026") from error
