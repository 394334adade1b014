"""The table of blink patterns: state, pattern, what it means, what to do. Data; the guide shows the same.

Ours have one long blink before the short ones, or long ones alone, or one or two short ones: those of
the Raspberry Pi's own firmware (documentation "LED warning flash codes", 2025) never do, so nobody
takes one for the other.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a device has to say, the most urgent first."""

    STOPPED = "stopped"
    CARD = "card"
    REFUSED = "refused"
    IDENTITY = "identity"
    DISK = "disk"
    POWER = "power"
    UPDATING = "updating"
    NO_NETWORK = "no-network"
    NO_HUB = "no-hub"
    CAMERA = "camera"
    CLOCK = "clock"
    BLANK = "blank"
    BUSY = "busy"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern, repeated with a pause; ``meaning`` and ``remedy`` in the words of the guide."""

    long: int
    short: int
    meaning: str
    remedy: str

    @property
    def pattern(self) -> str:
        """The pattern in words, as the guide has it."""
        parts = [
            f"{count} {word}" for count, word in ((self.long, "panjang"), (self.short, "pendek")) if count
        ]
        return ", ".join(parts)


SIGNS: dict[State, Sign] = {
    State.WELL: Sign(0, 1, "bekerja, tersambung ke hub", "tidak ada"),
    State.BLANK: Sign(
        0, 2, "belum punya identitas dan tidak menemukan kode", "taruh pontive.toml di kartu atau stik USB"
    ),
    State.BUSY: Sign(1, 0, "sedang mulai, mendaftar, atau menyambung", "tunggu dua menit"),
    State.NO_NETWORK: Sign(
        1, 1, "tidak ada kabel atau alamat IP", "periksa kabel, lampu porta sakelar, DHCP, Wi-Fi"
    ),
    State.NO_HUB: Sign(
        1, 2, "jaringan ada, hub tidak menjawab", "periksa alamat hub, gerbang, porta 443 dan 8883"
    ),
    State.REFUSED: Sign(
        1, 3, "kode atau berkas ditolak", "baca pontive-jawab.txt di kartu; lihat Bila ditolak"
    ),
    State.CARD: Sign(
        1, 4, "berkas di kartu atau stik rusak", "baca pontive-jawab.txt; tulis ulang berkasnya"
    ),
    State.CAMERA: Sign(1, 5, "kamera atau pintu tanpa gambar", "periksa kabel kamera, PoE, alamatnya"),
    State.POWER: Sign(1, 6, "tegangan di bawah batas", "adaptor asli, kabel pendek, kelas PoE sakelar"),
    State.DISK: Sign(
        1,
        7,
        "kartu penuh atau tidak dapat ditulis",
        "ganti kartu; yang tersimpan tetap dikirim bila dapat dibaca",
    ),
    State.CLOCK: Sign(1, 8, "jam tidak pasti", "buka UDP 123; pasang baterai RTC"),
    State.IDENTITY: Sign(
        1,
        9,
        "sertifikat kedaluwarsa, dicabut, atau bukan milik hub ini",
        "buat kode baru di halaman Pemasangan",
    ),
    State.UPDATING: Sign(
        2, 0, "pembaruan sedang dipasang atau dicoba", "jangan cabut listrik; paling lama 15 menit"
    ),
    State.STOPPED: Sign(3, 0, "program perangkat berhenti", "cabut dan pasang listrik sekali; lalu laporkan"),
}
"""Every state has exactly one pattern, and no two states the same."""
