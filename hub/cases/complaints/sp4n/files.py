"""Rows of SP4N-LAPOR! files: read with all mistakes named, written so that they can be read again. Pure.

The columns are ours: the national system gives no format that is public. Column names are those of its
screens, so that a list from there needs a heading at most.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from hub.errors import InputError
from hub.web.files.table_file import Table, TableRow

COLUMNS = ("tracking id", "tanggal", "judul", "isi", "kategori", "instansi", "status")
MORE = ("kelurahan", "jenis", "nomor kota")
# The city's four, and what SP4N-LAPOR! calls two of them.
STATUSES: Mapping[str, str] = {
    "terverifikasi": "terverifikasi",
    "belum ditindaklanjuti": "terverifikasi",
    "diproses": "diproses",
    "diselesaikan": "diselesaikan",
    "selesai": "diselesaikan",
    "diarsipkan": "diarsipkan",
    "tertunda": "diarsipkan",
}
KINDS = ("pengaduan", "aspirasi", "informasi")
_MOST_ID = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint of a file; ``opd`` and ``kelurahan`` as written there."""

    tracking_id: str
    day: date
    title: str
    text: str
    category: str
    opd: str
    status: str
    kelurahan: str
    kind: str


def read_rows(table: Table, categories: Mapping[str, str]) -> tuple[Row, ...]:
    """Read a file.

    Args:
        table: As it was uploaded.
        categories: Labels by code; both are understood.

    Raises:
        InputError: a column is missing or rows are wrong; names every one.
    """
    table.needs(COLUMNS)
    codes = {_plain(label): code for code, label in categories.items()} | {code: code for code in categories}
    rows: list[Row] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for one in table.rows:
        try:
            row = _row(one, codes)
            if row.tracking_id in seen:
                raise InputError(f"tracking id {row.tracking_id!r} ada dua kali")
        except InputError as error:
            wrong.append(f"baris {one.number}: {error}")
            continue
        seen.add(row.tracking_id)
        rows.append(row)
    if wrong:
        raise InputError("\n".join(wrong))
    return tuple(rows)


def _row(one: TableRow, codes: Mapping[str, str]) -> Row:
    if one.complaint:
        raise InputError(one.complaint)
    cells = one.cells
    formulas = [name for name, text in cells.items() if text.startswith("=")]
    if formulas:
        raise InputError(f"{formulas[0]}: rumus tidak diterima; tempel hasilnya sebagai nilai")
    tracking_id, status = cells["tracking id"], STATUSES.get(_plain(cells["status"]), "")
    if not 1 <= len(tracking_id) <= _MOST_ID:
        raise InputError(f"tracking id: isi 1 sampai {_MOST_ID} huruf")
    if not status:
        raise InputError(f"status {cells['status']!r}: pilih dari {', '.join(STATUSES)}")
    category = codes.get(_plain(cells["kategori"]), "")
    if not category:
        raise InputError(f"kategori {cells['kategori']!r}: pilih dari {_some(codes)}")
    kind = _plain(cells.get("jenis", "")) or KINDS[0]
    if kind not in KINDS:
        raise InputError(f"jenis {kind!r}: pilih dari {', '.join(KINDS)}")
    try:
        day = date.fromisoformat(cells["tanggal"][:10])
    except ValueError as error:
        raise InputError(f"tanggal {cells['tanggal']!r}: tulis seperti 2021-09-15") from error
    if not 2000 <= day.year <= 2100:
        raise InputError(f"tanggal {day}: tahun harus 2000 sampai 2100")
    if not cells["judul"] or not cells["isi"]:
        raise InputError("isi judul dan isi")
    return Row(
        tracking_id,
        day,
        cells["judul"],
        cells["isi"],
        category,
        cells["instansi"],
        status,
        cells.get("kelurahan", ""),
        kind,
    )


def _some(codes: Collection[str]) -> str:
    return ", ".join(sorted(codes)[:12])


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
