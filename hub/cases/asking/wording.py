"""Public words of cases: statuses, families, and a promise as a day. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.cases.definition.service import Family
from hub.cases.definition.stages import PublicStatus
from hub.web.formats import day_text
from hub.web.i18n import N_

STATUS_WORDS: dict[str, str] = {
    PublicStatus.RECEIVED: N_("Diterima"),
    PublicStatus.VERIFIED: N_("Terverifikasi"),
    PublicStatus.IN_PROGRESS: N_("Diproses"),
    PublicStatus.RETURNED: N_("Perlu perbaikan"),
    PublicStatus.AWAITING_SIGNATURE: N_("Menunggu tanda tangan"),
    PublicStatus.SCHEDULED: N_("Terjadwal"),
    PublicStatus.AWAITING_PAYMENT: N_("Menunggu retribusi"),
    PublicStatus.DONE: N_("Diselesaikan"),
    PublicStatus.ISSUED: N_("Terbit"),
    PublicStatus.REJECTED: N_("Ditolak"),
    PublicStatus.CANCELLED: N_("Dibatalkan"),
    PublicStatus.ARCHIVED: N_("Diarsipkan"),
}
# Shape and colour beside the word: what waits for the applicant must be seen first.
STATUS_TONES: dict[str, str] = {
    PublicStatus.RETURNED: "warn",
    PublicStatus.AWAITING_PAYMENT: "warn",
    PublicStatus.DONE: "good",
    PublicStatus.ISSUED: "good",
    PublicStatus.REJECTED: "bad",
    PublicStatus.CANCELLED: "idle",
    PublicStatus.ARCHIVED: "idle",
}
FAMILY_WORDS: dict[Family, str] = {
    Family.COMPLAINT: N_("Pengaduan dan aspirasi"),
    Family.LETTER: N_("Surat kelurahan dan kecamatan"),
    Family.PERMIT: N_("Perizinan"),
    Family.POPULATION: N_("Kependudukan"),
    Family.HEALTH: N_("Kesehatan"),
    Family.TRAINING: N_("Pelatihan"),
    Family.BOOKING: N_("Peminjaman"),
    Family.PRIVACY: N_("Data pribadi"),
}


def tone_of(status: str) -> str:
    """Return how a public status is drawn."""
    return STATUS_TONES.get(status, "good" if status == PublicStatus.SCHEDULED else "idle")


def due_words(due_at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return a promise as its last day: ``paling lambat Kam 26 Nov 2026``."""
    day = day_text(due_at, zone, language)
    return f"at the latest {day}" if language == "en" else f"paling lambat {day}"
