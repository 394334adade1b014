"""What is looked at, what can be found, and the sentence and remedy of each. Pure.

Sentences are Indonesian, to be translated; names in them are the facts of the finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.web.i18n import N_


class Check(StrEnum):
    """What is looked at, in the order of the page."""

    CONFIG = "config"
    DATABASE = "database"
    INGEST = "ingest"
    BROKER = "broker"
    DEAD_LETTERS = "dead-letters"
    MESSAGES = "messages"
    MIRROR = "mirror"
    BACKUP = "backup"
    DRILL = "drill"
    DISK = "disk"
    CLOCK = "clock"
    KEYS = "keys"
    CERTIFICATES = "certificates"
    UNITS = "units"


CHECK_WORDS: Mapping[Check, str] = {
    Check.CONFIG: N_("Pengaturan"),
    Check.DATABASE: N_("Basis data"),
    Check.INGEST: N_("Penerimaan data"),
    Check.BROKER: N_("Perantara pesan (broker)"),
    Check.DEAD_LETTERS: N_("Rekaman ditolak"),
    Check.MESSAGES: N_("Pemberitahuan keluar"),
    Check.MIRROR: N_("Cermin telemetri"),
    Check.BACKUP: N_("Cadangan"),
    Check.DRILL: N_("Latihan pemulihan"),
    Check.DISK: N_("Ruang cakram"),
    Check.CLOCK: N_("Jam server"),
    Check.KEYS: N_("Berkas kunci"),
    Check.CERTIFICATES: N_("Sertifikat"),
    Check.UNITS: N_("Layanan systemd"),
}


class Problem(StrEnum):
    """What can be found; ``WELL_…`` are those that ask for nothing."""

    CONFIG_BROKEN = "config-broken"
    DATABASE_AWAY = "database-away"
    DATABASE_OLD = "database-old"
    DATABASE_WELL = "database-well"
    INGEST_NEVER = "ingest-never"
    INGEST_STILL = "ingest-still"
    INGEST_BEHIND = "ingest-behind"
    INGEST_WELL = "ingest-well"
    BROKER_AWAY = "broker-away"
    BROKER_WELL = "broker-well"
    LETTERS_DEAD = "letters-dead"
    LETTERS_NONE = "letters-none"
    MESSAGES_DEAD = "messages-dead"
    MESSAGES_WELL = "messages-well"
    MIRROR_BEHIND = "mirror-behind"
    MIRROR_WELL = "mirror-well"
    BACKUP_NEVER = "backup-never"
    BACKUP_OLD = "backup-old"
    BACKUP_WELL = "backup-well"
    DRILL_DUE = "drill-due"
    DRILL_FAILED = "drill-failed"
    DRILL_WELL = "drill-well"
    DISK_FULL = "disk-full"
    DISK_WELL = "disk-well"
    CLOCK_BACK = "clock-back"
    CLOCK_LOOSE = "clock-loose"
    CLOCK_WELL = "clock-well"
    KEY_MISSING = "key-missing"
    KEY_OPEN = "key-open"
    ROOT_KEY_HERE = "root-key-here"
    KEYS_WELL = "keys-well"
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    CERTIFICATE_OVER = "certificate-over"
    CERTIFICATE_ENDING = "certificate-ending"
    CERTIFICATES_WELL = "certificates-well"
    UNIT_STOPPED = "unit-stopped"
    UNITS_WELL = "units-well"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, and what to do; both to be translated."""

    says: str
    remedy: str = ""


WORDS: Mapping[Problem, Words] = {
    Problem.CONFIG_BROKEN: Words(
        N_("Tidak dapat dibaca: %(why)s"), N_("Perbaiki hub.toml, lalu jalankan pontive-hub check-config")
    ),
    Problem.DATABASE_AWAY: Words(
        N_("Basis data tidak menjawab: %(why)s"),
        N_("Periksa database di hub.toml dan systemctl status postgresql"),
    ),
    Problem.DATABASE_OLD: Words(
        N_("Tabelnya bukan milik versi ini"), N_("Hentikan hub, jalankan pontive-hub migrate, mulai lagi")
    ),
    Problem.DATABASE_WELL: Words(N_("Menjawab, dan tabelnya milik versi ini")),
    Problem.INGEST_NEVER: Words(N_("Belum pernah berjalan"), N_("Jalankan systemctl start pontive-ingest")),
    Problem.INGEST_STILL: Words(
        N_("Pekerja %(worker)s diam: %(age)s detik tanpa simpanan"),
        N_("Baca journalctl -u pontive-ingest, lalu systemctl restart pontive-ingest"),
    ),
    Problem.INGEST_BEHIND: Words(
        N_("%(count)s pesan menunggu disimpan"),
        N_("Bila tidak berkurang dalam 10 menit, baca docs/operating.md"),
    ),
    Problem.INGEST_WELL: Words(N_("Menyimpan; %(count)s rekaman sejak mulai")),
    Problem.BROKER_AWAY: Words(
        N_("%(address)s tidak menjawab: %(why)s"),
        N_("Periksa systemctl status mosquitto dan [broker] di hub.toml"),
    ),
    Problem.BROKER_WELL: Words(N_("%(address)s menjawab dengan sertifikat yang benar")),
    Problem.LETTERS_DEAD: Words(
        N_("%(count)s rekaman ditolak dalam 24 jam, yang terbaru dari %(device)s: %(why)s"),
        N_("Perbarui perangkat itu, atau periksa apakah ia terdaftar di Inventaris"),
    ),
    Problem.LETTERS_NONE: Words(N_("Tidak ada dalam 24 jam")),
    Problem.MESSAGES_DEAD: Words(
        N_("%(count)s pemberitahuan gagal dikirim dalam 24 jam"),
        N_("Buka halaman Pesan keluar, baca sebabnya, lalu kirim ulang"),
    ),
    Problem.MESSAGES_WELL: Words(N_("Semua terkirim; %(count)s menunggu")),
    Problem.MIRROR_BEHIND: Words(
        N_("Tertinggal %(count)s kiriman"), N_("Periksa [mirror] di hub.toml dan server InfluxDB-nya")
    ),
    Problem.MIRROR_WELL: Words(N_("Mengikuti")),
    Problem.BACKUP_NEVER: Words(
        N_("Belum pernah ada cadangan"), N_("Jalankan systemctl enable --now pontive-backup.timer")
    ),
    Problem.BACKUP_OLD: Words(
        N_("Cadangan terbaru berumur %(hours)s jam"),
        N_("Baca journalctl -u pontive-backup, lalu systemctl start pontive-backup"),
    ),
    Problem.BACKUP_WELL: Words(N_("%(file)s, %(mib)s MiB")),
    Problem.DRILL_DUE: Words(
        N_("Tidak ada latihan pemulihan dalam 100 hari"),
        N_("Jalankan systemctl enable --now pontive-drill.timer, atau pontive-hub drill"),
    ),
    Problem.DRILL_FAILED: Words(
        N_("%(file)s tidak dapat dipulihkan: %(why)s"),
        N_("Perbaiki sebabnya, lalu systemctl start pontive-drill; simpan cadangan yang lebih lama"),
    ),
    Problem.DRILL_WELL: Words(N_("%(file)s dapat dipulihkan")),
    Problem.DISK_FULL: Words(
        N_("Sisa %(free)s dari %(total)s GiB di %(folder)s"),
        N_("Kosongkan ruang: jalankan pontive-hub retention, kurangi [clips], atau tambah cakram"),
    ),
    Problem.DISK_WELL: Words(N_("Sisa %(free)s dari %(total)s GiB")),
    Problem.CLOCK_BACK: Words(
        N_("Jam mundur: basis data berisi waktu %(ahead)s detik di depan"),
        N_("Periksa timedatectl; jangan memundurkan jam selama hub berjalan"),
    ),
    Problem.CLOCK_LOOSE: Words(
        N_("Jam tidak mengikuti server waktu"), N_("Jalankan timedatectl set-ntp true")
    ),
    Problem.CLOCK_WELL: Words(N_("Berjalan maju")),
    Problem.KEY_MISSING: Words(
        N_("%(path)s tidak ada"),
        N_("Pulihkan dari cadangan (pontive-hub backup open) atau buat dengan provisioning"),
    ),
    Problem.KEY_OPEN: Words(
        N_("%(path)s dapat dibaca pengguna lain"), N_("Jalankan chmod 600 pada berkas itu")
    ),
    Problem.ROOT_KEY_HERE: Words(
        N_("%(path)s: kunci akar kota ada di sebelah kunci penerbit; pencuri mesin ini menjadi kota"),
        N_("Salin ke dua media luring di brankas, lalu hapus di sini; hub tidak memerlukannya"),
    ),
    Problem.KEYS_WELL: Words(N_("%(count)s berkas, hanya untuk hub")),
    Problem.CERTIFICATE_UNREADABLE: Words(
        N_("%(path)s tidak dapat dibaca sebagai sertifikat"), N_("Pulihkan dari cadangan atau terbitkan lagi")
    ),
    Problem.CERTIFICATE_OVER: Words(
        N_("%(path)s tidak berlaku lagi"), N_("Terbitkan lagi: systemctl start pontive-renew")
    ),
    Problem.CERTIFICATE_ENDING: Words(
        N_("%(path)s berakhir dalam %(days)s hari"), N_("Perbarui: systemctl start pontive-renew")
    ),
    Problem.CERTIFICATES_WELL: Words(N_("Yang pertama berakhir dalam %(days)s hari")),
    Problem.UNIT_STOPPED: Words(
        N_("%(unit)s: %(state)s"), N_("Baca journalctl -u namanya, lalu systemctl restart namanya")
    ),
    Problem.UNITS_WELL: Words(N_("%(count)s layanan berjalan")),
}

STATE_WORDS: Mapping[str, str] = {"good": N_("baik"), "warn": N_("perhatian"), "bad": N_("gangguan")}
RUN_WORDS: Mapping[str, str] = {
    "made": N_("Cadangan dibuat"),
    "drilled": N_("Latihan pemulihan berhasil"),
    "failed": N_("Latihan pemulihan gagal"),
    "restored": N_("Dipulihkan dari cadangan"),
}
