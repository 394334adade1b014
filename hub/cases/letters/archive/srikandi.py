"""The archive as a table for Srikandi, the state's archive application: one row a letter. Pure.

Srikandi publishes no format for imports that we could read; the columns are those that its letter
form asks for (2026). Files are fetched by their hash. No NIK.
"""

from collections.abc import Iterable
from datetime import date

from hub.cases.letters.archive.retention import keeping_of, schedule_of
from hub.cases.letters.models import LetterDocument

COLUMNS = (
    "nomor_surat",
    "tanggal_surat",
    "jenis_naskah",
    "hal",
    "kode_klasifikasi",
    "sifat",
    "unit_pengolah",
    "penandatangan",
    "tujuan",
    "retensi_aktif_tahun",
    "retensi_inaktif_tahun",
    "keterangan_retensi",
    "status",
    "sha256_berkas",
    "kode_periksa",
)


def rows_of(documents: Iterable[LetterDocument], today: date) -> list[tuple[object, ...]]:
    """Return the rows under :data:`COLUMNS`."""
    return [_row(document, today) for document in documents]


def _row(document: LetterDocument, today: date) -> tuple[object, ...]:
    schedule = schedule_of(document.classification)
    return (
        document.number,
        document.issued_on.isoformat(),
        "Surat Keterangan",
        document.title,
        document.classification,
        "Biasa",
        document.office,
        document.signatory,
        document.holder_name,
        schedule.active_years,
        schedule.inactive_years,
        str(keeping_of(document.classification, document.issued_on, today)),
        "dicabut" if document.revoked_at else "berlaku",
        document.final_sha256,
        document.code,
    )
