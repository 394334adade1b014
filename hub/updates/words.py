"""What states and faults of updates are called, and what to do about each fault. Needs no request."""

from collections.abc import Mapping

from edge.wire.updates import UpdateFault, UpdateState
from hub.updates.rules import RolloutState
from hub.web.i18n import N_

STATE_WORDS: Mapping[str, str] = {
    "": N_("belum menjawab"),
    UpdateState.IDLE: N_("tidak ada pembaruan"),
    UpdateState.OFFERED: N_("ditawari"),
    UpdateState.CHECKING: N_("memeriksa"),
    UpdateState.DOWNLOADING: N_("mengunduh"),
    UpdateState.DOWNLOADED: N_("terunduh"),
    UpdateState.VERIFYING: N_("memeriksa tanda tangan"),
    UpdateState.WAITING: N_("menunggu pintu sepi"),
    UpdateState.INSTALLING: N_("memasang"),
    UpdateState.INSTALLED: N_("terpasang, menunggu jam tenang"),
    UpdateState.RESTARTING: N_("mulai ulang"),
    UpdateState.TRYING: N_("mencoba versi baru"),
    UpdateState.COMMITTING: N_("menetapkan versi baru"),
    UpdateState.COMMITTED: N_("versi baru dipakai"),
    UpdateState.RETURNING: N_("kembali ke versi lama"),
    UpdateState.RETURNED: N_("kembali ke versi lama sendiri"),
    UpdateState.REFUSED: N_("ditolak perangkat"),
    UpdateState.FAILED: N_("gagal, versi lama tetap jalan"),
}

TONES: Mapping[str, str] = {
    UpdateState.COMMITTED: "good",
    UpdateState.RETURNED: "bad",
    UpdateState.RETURNING: "bad",
    UpdateState.REFUSED: "bad",
    UpdateState.FAILED: "bad",
    UpdateState.TRYING: "warn",
}
"""Of a state; ``idle`` for the rest."""

# Fault -> what happened, and what a technician does about it.
FAULT_WORDS: Mapping[str, tuple[str, str]] = {
    UpdateFault.OTHER_BOARD: (
        N_("Rilis ini untuk papan lain."),
        N_("Pilih rilis untuk papan perangkat ini."),
    ),
    UpdateFault.NOT_NEWER: (
        N_("Nomor rilis tidak lebih tinggi dari yang pernah jalan."),
        N_("Terbitkan lagi dengan nomor yang lebih tinggi."),
    ),
    UpdateFault.NO_ROOM: (
        N_("Disk perangkat tidak cukup."),
        N_("Kurangi klip yang disimpan atau ganti kartu, lalu coba lagi."),
    ),
    UpdateFault.UNREACHABLE: (
        N_("Berkas belum dapat diambil dari hub."),
        N_("Dicoba terus sendiri; periksa jaringan titik dan alamat [updates] url."),
    ),
    UpdateFault.NOT_PERMITTED: (
        N_("Izin unduh sudah habis."),
        N_("Izin baru dikirim sendiri; bila lama, periksa jam hub."),
    ),
    UpdateFault.GONE: (
        N_("Berkas rilis tidak ada di hub."),
        N_("Tambahkan lagi dengan pontive-hub release add, lalu coba lagi."),
    ),
    UpdateFault.DAMAGED: (
        N_("Berkas dua kali tidak cocok dengan sidiknya."),
        N_("Periksa disk hub; tambahkan rilis itu lagi, lalu coba lagi."),
    ),
    UpdateFault.NOT_SIGNED: (
        N_("Bundel tidak ditandatangani kunci firmware kota."),
        N_("Jangan diulang. Periksa siapa yang membuat bundel ini."),
    ),
    UpdateFault.OTHER_CONTENT: (
        N_("Isi bundel bukan rilis yang dijanjikan."),
        N_("Tambahkan bundel yang benar dengan nomor dan versinya."),
    ),
    UpdateFault.NOT_INSTALLED: (
        N_("Bundel tidak dapat ditulis ke slot."),
        N_("Periksa kartu memori, lalu coba lagi."),
    ),
    UpdateFault.NOT_STARTED: (
        N_("Versi baru tidak menyala."),
        N_("Versi lama sudah jalan lagi. Coba di meja kerja sebelum diulang."),
    ),
    UpdateFault.NOT_HEARD: (
        N_("Versi baru jalan tetapi hub tidak mendengarnya."),
        N_("Versi lama sudah jalan lagi. Periksa catatan perangkat sebelum diulang."),
    ),
    UpdateFault.INTERRUPTED: (
        N_("Listrik padam atau proses dimatikan selama pembaruan."),
        N_("Versi lama jalan; coba lagi saat listrik stabil."),
    ),
    UpdateFault.DISK: (
        N_("Perangkat tidak dapat menulis ke disknya."),
        N_("Ganti kartu memori, lalu coba lagi."),
    ),
    UpdateFault.WITHDRAWN: (N_("Perintah ditarik oleh hub."), N_("Tidak perlu tindakan.")),
    UpdateFault.UNSUPPORTED: (
        N_("Perangkat ini tidak punya slot kedua."),
        N_("Perbarui lewat balena, atau pasang citra kota."),
    ),
}

ROLLOUT_WORDS: Mapping[str, tuple[str, str]] = {
    RolloutState.RUNNING: ("warn", N_("berjalan")),
    RolloutState.PAUSED: ("bad", N_("dijeda")),
    RolloutState.COMPLETED: ("good", N_("selesai")),
    RolloutState.CANCELLED: ("idle", N_("dibatalkan")),
}
"""Tone and word."""
