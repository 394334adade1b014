"""What a phone is told after it scanned a workplace code: the door's own words where they fit.

Never blames, always says what to do. Texts are those of the reference, as on a door's screen.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Answer:
    """A message code, its text, and the HTTP status that goes with it."""

    message: str
    text: str
    at: datetime
    status: int = 200

    @property
    def is_accepted(self) -> bool:
        """Whether something was recorded just now."""
        return self.message == "H00"


def recorded(at: datetime, zone: ZoneInfo, *, name: str, site: str) -> Answer:
    """H00."""
    person = name.removesuffix(".")
    return Answer("H00", f"{_greeting(at, zone)}, {person}. TERCATAT {_clock(at, zone)} di {site}.", at)


def already_recorded(at: datetime, zone: ZoneInfo) -> Answer:
    """H01."""
    return Answer("H01", f"Sudah tercatat pukul {_clock(at, zone)}. Tidak perlu memindai lagi.", at)


def expired(at: datetime, *, off_s: int) -> Answer:
    """E02."""
    text = f"Kode tempat kerja sudah berganti (selisih {off_s} detik). Pindai lagi kode di layar."
    return Answer("E02", text, at, 409)


def unknown_phone(at: datetime) -> Answer:
    """E04."""
    text = "Ponsel ini belum terdaftar. Daftarkan di menu Perangkat atau hubungi admin OPD."
    return Answer("E04", text, at, 403)


def not_linked(at: datetime) -> Answer:
    """E04 for an account that belongs to no employee."""
    text = "Akun ini belum terhubung dengan data pegawai. Hubungi admin OPD."
    return Answer("E04", text, at, 403)


def revoked(at: datetime) -> Answer:
    """E05."""
    return Answer("E05", "Perangkat/kartu telah dicabut. Hubungi admin kepegawaian.", at, 403)


def not_genuine(at: datetime) -> Answer:
    """E06."""
    return Answer("E06", "Kode tidak sah. Pindai kode yang tampil di layar pintu.", at, 403)


def foreign(at: datetime) -> Answer:
    """E07."""
    return Answer("E07", "Bukan kode tempat kerja Hadir.", at, 400)


def unreadable(at: datetime) -> Answer:
    """E07 for a request that no phone page of ours sends."""
    text = "Data dari ponsel tidak lengkap atau tidak masuk akal. Muat ulang halaman, lalu pindai lagi."
    return Answer("E07", text, at, 400)


def outside(at: datetime, *, away_m: float, site: str) -> Answer:
    """E10."""
    text = (
        f"Ponsel ini sekitar {round(away_m, -1):.0f} m dari {site}. "
        "Pindai di tempat kerja; nyalakan GPS bila Anda sudah di sana."
    )
    return Answer("E10", text, at, 403)


def elsewhere(at: datetime, *, site: str) -> Answer:
    """E11."""
    text = f"Anda tercatat di {site} kurang dari 10 menit lalu. Tunggu sebentar atau hubungi admin OPD."
    return Answer("E11", text, at, 409)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H.%M}"


def _greeting(at: datetime, zone: ZoneInfo) -> str:
    hour = at.astimezone(zone).hour
    for limit, part in ((11, "pagi"), (15, "siang"), (18, "sore")):
        if 4 <= hour < limit:
            return f"Selamat {part}"
    return "Selamat malam"
