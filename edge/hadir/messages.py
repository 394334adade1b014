"""What a door says: Indonesian texts H00…T12 and their sounds.

Never blames, always says what to do. Sounds differ by outcome, because hurried and blind
people do not read. Names appear here and on the screen only: a Message must not be logged whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

# West Indonesian time has no daylight saving (Keppres 41/1987).
WIB = timezone(timedelta(hours=7), "WIB")


class Sound(StrEnum):
    """How many tones of which pitch."""

    HIGH_ONCE = "high-1"
    MID_ONCE = "mid-1"
    MID_TWICE = "mid-2"
    LOW_ONCE = "low-1"
    LOW_TWICE = "low-2"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its code, text and sound.

    A greeting also comes in parts, for a screen that shows them large: the display ``name``, what
    was recorded (``action``) and what there is to say about it (``note``).
    """

    code: str
    text: str
    sound: Sound
    name: str = ""
    action: str = ""
    note: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the person was recorded just now."""
        return self.code == "H00"


def clock_time(at: datetime) -> str:
    """Return hours and minutes in Pontianak, as ``07.14``."""
    return f"{at.astimezone(WIB):%H.%M}"


def greeting(at: datetime) -> str:
    """Return how people greet at this time of day."""
    hour = at.astimezone(WIB).hour
    for limit, part in ((11, "pagi"), (15, "siang"), (18, "sore")):
        if 4 <= hour < limit:
            return f"Selamat {part}"
    return "Selamat malam"


def _greeted(name: str, at: datetime) -> str:
    """Return greeting and name as one sentence; a shortened name brings its own full stop."""
    return f"{greeting(at)}, {name.removesuffix('.')}."


def arrived(name: str, at: datetime, late_min: int | None) -> Message:
    """H00 for coming in; ``late_min`` is ``None`` where the door does not know the hours."""
    note = "" if late_min is None else "tepat waktu" if late_min <= 0 else f"terlambat {late_min} menit"
    action = f"MASUK {clock_time(at)}"
    return Message("H00", _whole(name, at, action, note), Sound.HIGH_ONCE, name, action, note)


def left(name: str, at: datetime) -> Message:
    """H00 for going home."""
    action, note = f"PULANG {clock_time(at)}", "sampai jumpa"
    return Message("H00", _whole(name, at, action, note), Sound.HIGH_ONCE, name, action, note)


def _whole(name: str, at: datetime, action: str, note: str) -> str:
    ending = f" — {note}" if note else ""
    return f"{_greeted(name, at)} {action}{ending}"


def recorded_without_time(name: str) -> Message:
    """H00 while the door's clock is unknown: the hub completes the time later."""
    note = "jam perangkat dilengkapi kemudian"
    text = f"Halo, {name}. TERCATAT — {note}"
    return Message("H00", text, Sound.HIGH_ONCE, name, "TERCATAT", note)


def already_recorded(at: datetime) -> Message:
    """H01."""
    text = f"Sudah tercatat pukul {clock_time(at)}. Tidak perlu memindai lagi."
    return Message("H01", text, Sound.MID_TWICE)


def expired(difference_s: int) -> Message:
    """E02; ``difference_s`` is how far the phone's time is from the door's, without sign."""
    text = (
        f"Kode sudah kedaluwarsa (selisih {difference_s} detik). "
        "Buka ulang aplikasi; aktifkan waktu otomatis di ponsel."
    )
    return Message("E02", text, Sound.LOW_ONCE)


def used() -> Message:
    """E03."""
    text = "Kode ini baru saja dipakai. Gunakan kode dari ponsel Anda sendiri."
    return Message("E03", text, Sound.LOW_ONCE)


def unknown_phone() -> Message:
    """E04."""
    text = "Ponsel ini belum terdaftar. Daftarkan di menu Perangkat atau hubungi admin OPD."
    return Message("E04", text, Sound.LOW_ONCE)


def badge_not_allowed() -> Message:
    """E04 for the badge of somebody who is not listed as being without a phone."""
    text = "Kartu ini belum diizinkan. Gunakan kode di ponsel atau hubungi admin OPD."
    return Message("E04", text, Sound.LOW_ONCE)


def no_roster() -> Message:
    """E04 while the door has no roster at all."""
    text = "Daftar pegawai belum diterima perangkat ini. Hubungi admin OPD; gunakan pintu lain."
    return Message("E04", text, Sound.LOW_ONCE)


def revoked() -> Message:
    """E05."""
    text = "Perangkat/kartu telah dicabut. Hubungi admin kepegawaian."
    return Message("E05", text, Sound.LOW_ONCE)


def badge_ran_out() -> Message:
    """E05 for a badge past its last day."""
    text = "Masa berlaku kartu sudah habis. Hubungi admin kepegawaian."
    return Message("E05", text, Sound.LOW_ONCE)


def not_genuine() -> Message:
    """E06."""
    return Message("E06", "Kode tidak sah.", Sound.LOW_TWICE)


def foreign() -> Message:
    """E07."""
    return Message("E07", "Bukan kode Hadir.", Sound.NONE)


def ask_pin() -> Message:
    """E08, the question."""
    return Message("E08", "Kartu: masukkan PIN", Sound.MID_ONCE)


def wrong_pin(tries_left: int) -> Message:
    """E08, the answer to a wrong PIN."""
    ending = "" if tries_left else " Tunggu 10 menit atau hubungi petugas."
    return Message("E08", f"PIN salah, sisa {tries_left} kali.{ending}", Sound.MID_ONCE)


def challenge(figures: str) -> Message:
    """E09."""
    text = f"Verifikasi acak: masukkan angka {figures} di aplikasi, lalu tunjukkan kode lagi."
    return Message("E09", text, Sound.MID_ONCE)


def offline(waiting: int) -> Message:
    """W10, a footer; ``waiting`` rows are kept on the device."""
    text = f"Luring — data tersimpan, dikirim saat tersambung ({waiting} antre)"
    return Message("W10", text, Sound.NONE)


def clock_is_estimated() -> Message:
    """W11, a footer."""
    return Message("W11", "Jam perangkat diperkirakan", Sound.NONE)


def roster_is_old(age_days: int) -> Message:
    """W11, a footer."""
    return Message("W11", f"Daftar pegawai {age_days} hari lalu", Sound.NONE)


def hint(is_too_small: bool) -> Message:
    """T12."""
    way = "lebih dekat" if is_too_small else "lebih jauh"
    text = f"Dekatkan ponsel {way}" if is_too_small else f"Pegang ponsel {way}"
    return Message("T12", f"{text}, tahan 1 detik, naikkan kecerahan layar", Sound.NONE)


def not_kept() -> Message:
    """E13: the device could not write the scan down."""
    text = "Belum tercatat: perangkat tidak dapat menyimpan. Coba lagi atau hubungi petugas."
    return Message("E13", text, Sound.LOW_TWICE)
