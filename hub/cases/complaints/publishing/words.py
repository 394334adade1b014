"""How the public reads the states of a complaint and what happened to it. Texts to translate."""

from hub.cases import status_words
from hub.cases.definition.stages import PublicStatus
from hub.web.contributions.tiles import Tone
from hub.web.i18n import N_

# The few that say more of a complaint than of other cases; all others as everywhere.
_OWN_WORDS: dict[str, str] = {
    PublicStatus.RETURNED: N_("Menunggu pelapor"),
    PublicStatus.REJECTED: N_("Bukan kewenangan kota"),
    PublicStatus.CANCELLED: N_("Dibatalkan pelapor"),
}
_SHOWN = (
    PublicStatus.RECEIVED,
    PublicStatus.VERIFIED,
    PublicStatus.IN_PROGRESS,
    PublicStatus.RETURNED,
    PublicStatus.DONE,
    PublicStatus.ARCHIVED,
    PublicStatus.REJECTED,
    PublicStatus.CANCELLED,
)
STATUS_WORDS: dict[str, str] = {status: (status_words.STATUS_WORDS | _OWN_WORDS)[status] for status in _SHOWN}
STATUS_TONE: dict[str, Tone] = {
    PublicStatus.RECEIVED: Tone.WARN,
    PublicStatus.VERIFIED: Tone.WARN,
    PublicStatus.IN_PROGRESS: Tone.WARN,
    PublicStatus.RETURNED: Tone.IDLE,
    PublicStatus.DONE: Tone.GOOD,
    PublicStatus.ARCHIVED: Tone.IDLE,
    PublicStatus.REJECTED: Tone.IDLE,
    PublicStatus.CANCELLED: Tone.IDLE,
}
# What is told of steps that the status alone does not tell.
HAPPENED: dict[str, str] = {
    "file": N_("Laporan masuk"),
    "teruskan": N_("Diteruskan ke OPD"),
    "salah_alamat": N_("Salah alamat, kembali ke koordinator"),
    "kerjakan": N_("Mulai dikerjakan"),
    "kabari": N_("Kabar dari OPD"),
    "selesaikan": N_("Selesai dikerjakan"),
    "jawab": N_("Dijawab OPD"),
    "terima": N_("Pelapor menyatakan sudah baik"),
    "belum": N_("Pelapor menyatakan belum selesai"),
    "diam": N_("Ditutup tanpa tanggapan pelapor"),
    "buka_lagi": N_("Dibuka kembali"),
    "gabung": N_("Digabung dengan laporan lain"),
    "pisah": N_("Sebagian menjadi laporan sendiri"),
    "arsipkan": N_("Diarsipkan"),
    "tolak": N_("Bukan kewenangan kota"),
}
