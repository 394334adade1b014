"""Public words of services: families, and a promise as a day. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.cases.definition.service import Family
from hub.web.formats import day_text
from hub.web.i18n import N_

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


def due_words(due_at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return a promise as its last day: ``paling lambat Kam 26 Nov 2026``."""
    day = day_text(due_at, zone, language)
    return f"at the latest {day}" if language == "en" else f"paling lambat {day}"
