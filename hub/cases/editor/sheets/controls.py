"""Which controls the form of each part has, in the words of officials. Pure; a table and nothing else.

The words are the ones of definitions, which are Indonesian; diffs and faults use the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of part; the values stand in addresses."""

    GENERAL = "umum"
    FIELD = "isian"
    REQUIREMENT = "syarat"
    STAGE = "tahap"
    ACTION = "tindakan"
    OPINION = "pertimbangan"
    DOCUMENT = "surat"


class Shape(StrEnum):
    """How one value is typed."""

    LINE = "line"
    AREA = "area"
    LINES = "lines"  # one text a line
    NUMBER = "number"
    TICK = "tick"
    ONE = "one"  # of a list
    MANY = "many"  # of a list
    CONDITION = "condition"
    CONDITIONS = "conditions"
    CHOICES = "choices"
    ESCALATIONS = "escalations"


@dataclass(frozen=True, slots=True)
class Control:
    """One value of a part. ``key`` is its path in the part; ``options`` names what is offered."""

    key: str
    label: str
    shape: Shape
    options: str = ""
    hint: str = ""


_CLOCK = (
    Control("clock.unit", "Jam: satuan", Shape.ONE, "unit", "Kosong: tanpa batas waktu."),
    Control("clock.amount", "Jam: banyaknya", Shape.NUMBER),
    Control(
        "clock.escalations",
        "Jam: siapa diberi tahu",
        Shape.ESCALATIONS,
        "staff",
        "Setelah berapa persen waktu, dan siapa. Biasanya 50, 80, dan 100.",
    ),
    Control("clock.is_example", "Lamanya contoh: peraturannya belum terbaca", Shape.TICK),
)

SHEETS: Mapping[Kind, tuple[Control, ...]] = {
    Kind.GENERAL: (
        Control("label", "Nama layanan", Shape.LINE),
        Control("description", "Penjelasan untuk pemohon", Shape.AREA),
        Control("family", "Rumpun", Shape.ONE, "family"),
        Control("applicants", "Siapa boleh mengajukan", Shape.ONE, "applicants"),
        Control("start", "Tahap pertama", Shape.ONE, "stages"),
        Control("opd", "OPD yang menangani", Shape.ONE, "opds"),
        Control(
            "old_names", "Nama lama atau sebutan lain", Shape.LINES, hint="Satu per baris; ikut dicari warga."
        ),
        Control("sources", "Dasar hukum", Shape.LINES, hint="Satu per baris, dengan tahunnya."),
        Control("is_public", "Berkasnya tampil di halaman umum, tanpa data pribadi", Shape.TICK),
        *_CLOCK,
        Control("effects", "Saat diajukan", Shape.MANY, "first effects"),
    ),
    Kind.FIELD: (
        Control("label", "Pertanyaan", Shape.LINE),
        Control("kind", "Jenis jawaban", Shape.ONE, "field kind"),
        Control("hint", "Petunjuk", Shape.AREA),
        Control("is_required", "Wajib diisi", Shape.TICK),
        Control("is_public", "Jawabannya boleh tampil di halaman umum", Shape.TICK),
        Control(
            "choices",
            "Pilihan",
            Shape.CHOICES,
            hint="Hanya untuk jenis pilihan. Satu per baris: kode = Jawaban, atau Jawaban saja. "
            "Bila OPD-nya lain: kode = Jawaban | nama OPD.",
        ),
        Control("least", "Paling sedikit", Shape.NUMBER, hint="Angka, rupiah, atau banyaknya huruf."),
        Control("most", "Paling banyak", Shape.NUMBER),
        Control("shown_if", "Ditanyakan hanya bila", Shape.CONDITION),
    ),
    Kind.REQUIREMENT: (
        Control("label", "Syarat", Shape.LINE),
        Control("hint", "Petunjuk", Shape.AREA),
        Control("is_required", "Wajib dilampirkan", Shape.TICK),
        Control("is_reusable", "Boleh dipakai lagi dari brankas warga", Shape.TICK),
        Control("valid_days", "Berlaku berapa hari", Shape.NUMBER, hint="0: selamanya."),
        Control("kinds", "Bentuk berkas", Shape.MANY, "file kind"),
        Control("most_files", "Paling banyak berkas", Shape.NUMBER, hint="1 sampai 10."),
        Control("needed_if", "Diminta hanya bila", Shape.CONDITION),
        Control("is_example", "Contoh: peraturannya belum terbaca", Shape.TICK),
    ),
    Kind.STAGE: (
        Control("label", "Nama tahap", Shape.LINE),
        Control("public_status", "Yang dibaca pemohon", Shape.ONE, "status"),
        Control("roles", "Peran yang bekerja di sini", Shape.MANY, "roles"),
        Control("reach", "Pemegang peran dari", Shape.ONE, "reach"),
        Control("is_pause", "Menunggu pemohon: jam berhenti", Shape.TICK),
        Control("is_end", "Tahap akhir", Shape.TICK),
        *_CLOCK,
        Control(
            "clock.then",
            "Bila waktunya habis, sistem melakukan",
            Shape.ONE,
            "actions",
            "Tindakan itu harus boleh dilakukan peran “sistem” tanpa isian.",
        ),
    ),
    Kind.ACTION: (
        Control("label", "Tulisan pada tombol", Shape.LINE),
        Control("to", "Berkas pindah ke tahap", Shape.ONE, "stages"),
        Control("roles", "Hanya untuk peran", Shape.MANY, "roles", "Kosong: semua peran tahap ini."),
        Control(
            "only_if",
            "Hanya bila",
            Shape.CONDITIONS,
            hint="Setiap isian yang dicentang harus cocok; dari satu isian cukup salah satu jawabannya.",
        ),
        Control("needs_note", "Wajib menulis catatan", Shape.TICK),
        Control("asks", "Menanyakan isian", Shape.MANY, "fields", "Isian itu tidak ditanyakan di awal."),
        Control("needs_files", "Meminta lampiran", Shape.MANY, "requirements"),
        Control("is_form_again", "Formulir awal diisi lagi", Shape.TICK),
        Control("needs_opinions", "Pertimbangan teknis", Shape.ONE, "opinion rule"),
        Control("is_signature", "Tanda tangan: PIN diminta lagi", Shape.TICK),
        Control("is_four_eyes", "Empat mata: bukan yang sudah menangani", Shape.TICK),
        Control("effects", "Akibat", Shape.MANY, "effects"),
    ),
    Kind.OPINION: (
        Control("label", "Pertimbangan tentang", Shape.LINE),
        Control("role", "Diminta dari peran", Shape.ONE, "staff"),
        Control("opd", "Di OPD", Shape.ONE, "opds", "Kosong: OPD berkas itu."),
    ),
    Kind.DOCUMENT: (
        Control(
            "number",
            "Bentuk nomor",
            Shape.LINE,
            hint="Memuat {serial}; boleh {classification}, {unit}, {month}, {year}.",
        ),
        Control("classification", "Kode klasifikasi arsip", Shape.LINE, hint="Misalnya 500.3."),
        Control("valid_days", "Berlaku berapa hari", Shape.NUMBER, hint="0: tanpa batas waktu."),
        Control("signed_by", "Ditandatangani", Shape.ONE, "staff"),
        Control("is_example", "Contoh: peraturannya belum terbaca", Shape.TICK),
        Control("template", "Naskah bawaan", Shape.ONE, "templates", "Dipakai bila naskah sendiri kosong."),
        Control("words.title", "Naskah sendiri: judul", Shape.LINE, hint="Kosong: nama layanan."),
        Control("words.opening", "Naskah sendiri: pembuka", Shape.AREA),
        Control("words.statement", "Naskah sendiri: pernyataan", Shape.AREA),
        Control("words.rows", "Naskah sendiri: jawaban yang dicantumkan", Shape.MANY, "rows"),
        Control("words.after", "Naskah sendiri: sesudahnya", Shape.AREA),
        Control("words.closing", "Naskah sendiri: penutup", Shape.AREA),
    ),
}

# What each kind of part is called before its name.
KIND_WORDS: Mapping[Kind, str] = {
    Kind.GENERAL: "Umum",
    Kind.FIELD: "Isian",
    Kind.REQUIREMENT: "Syarat",
    Kind.STAGE: "Tahap",
    Kind.ACTION: "Tindakan",
    Kind.OPINION: "Pertimbangan",
    Kind.DOCUMENT: "Surat",
}


def label_of(kind: Kind, key: str) -> str:
    """Return what a value is called on the form; the key itself when no form has it."""
    return next((one.label for one in SHEETS[kind] if one.key == key), key)
