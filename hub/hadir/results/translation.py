"""Explanations in English. Results are kept in Indonesian, the language they are decided in. Pure.

Each sentence that ``calendar``, ``wording`` and ``rules`` make has its pattern here; a test holds that
against every sentence of the golden days. Names of calendars and holidays stay as they were entered.
"""

import re

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\A{pattern}\Z", re.DOTALL), english)
    for pattern, english in (
        (r"Jam kerja (\S+) \((.*)\)", r"Working hours \1 (\2)"),
        (r"(.+) setengah hari, jam kerja (\S+) \((.*)\)", r"<\1>, half a day, working hours \2 (\3)"),
        (r"Tidak ada jam kerja \(belum ada kalender\)", "No working hours (no calendar yet)"),
        (r"Tidak ada jam kerja \((.*)\)", r"No working hours (\1)"),
        (r"Libur: (.*)", r"Holiday: \1"),
        (r"Masuk (\S+) keesokan harinya, tepat waktu", r"In \1 the next morning, on time"),
        (r"Masuk (\S+) keesokan harinya, terlambat (\d+) menit", r"In \1 the next morning, \2 minutes late"),
        (r"Masuk (\S+), tepat waktu", r"In \1, on time"),
        (r"Masuk (\S+), terlambat (\d+) menit", r"In \1, \2 minutes late"),
        (
            r"Pulang (\S+) keesokan harinya, (\d+) menit lebih awal",
            r"Out \1 the next morning, \2 minutes early",
        ),
        (r"Pulang (\S+) keesokan harinya", r"Out \1 the next morning"),
        (r"Pulang (\S+), (\d+) menit lebih awal", r"Out \1, \2 minutes early"),
        (r"Pulang (\S+)", r"Out \1"),
        (r"Belum ada pindaian masuk", "No scan in"),
        (r"Belum ada pindaian pulang", "No scan out"),
        (r"Belum ada pindaian|Tidak ada pindaian", "No scan"),
        (r"(\d+) pindaian pada hari tanpa jam kerja", r"\1 scans on a day without working hours"),
        (r"Koreksi disetujui: (.*)", r"Correction approved: \1"),
        (r"Koreksi disetujui", "Correction approved"),
        (
            r"Jam perangkat tidak pasti saat memindai: perlu diperiksa, tidak ada potongan otomatis",
            "The device's clock was uncertain at the scan: to be looked at, nothing is cut by itself",
        ),
        (r"Potongan (\S+): (\S+) %, tarif (.*)", r"Cut \1: \2 %, tariff \3"),
        (r"Terlambat (\d+) menit diganti pada hari yang sama", r"\1 minutes late, made good the same day"),
        (
            r"Data belum lengkap: menunggu kiriman semua pembaca di lokasi",
            "Not complete yet: waiting for every reader of the site",
        ),
        (
            r"Data belum lengkap: belum ada pembaca di tempat kerja pada hari itu",
            "Not complete: the workplace had no reader on that day",
        ),
        (r"Belum ada tarif yang berlaku", "No tariff is in force"),
        (r"Lembur (\d+) menit, disetujui: (.*)", r"Overtime of \1 minutes, approved: \2"),
        (r"(\d+) menit setelah jam pulang, belum disetujui sebagai lembur",
         r"\1 minutes after the end, not approved as overtime"),
    )
)  # fmt: skip
# PP 94/2021, as ``month.LADDER`` has it.
_LADDER = {
    "teguran lisan": "verbal reprimand",
    "teguran tertulis": "written reprimand",
    "pernyataan tidak puas secara tertulis": "written statement of dissatisfaction",
    "pemotongan tunjangan 25 % selama 6 bulan": "allowance cut by 25 % for 6 months",
    "pemotongan tunjangan 25 % selama 9 bulan": "allowance cut by 25 % for 9 months",
    "pemotongan tunjangan 25 % selama 12 bulan": "allowance cut by 25 % for 12 months",
    "penurunan jabatan selama 12 bulan": "demotion for 12 months",
    "pembebasan dari jabatan selama 12 bulan": "relief from office for 12 months",
    "pemberhentian": "dismissal",
    "pemberhentian (10 hari kerja berturut-turut)": "dismissal (10 consecutive working days)",
}
_INDICATION = "indikasi: "
_LEAVES = {
    "Cuti": "Leave",
    "Sakit": "Sick",
    "Izin": "Permission",
    "Dinas luar": "Duty travel",
    "Bekerja dari mana saja (WFA)": "Working from anywhere (WFA)",
    "Tugas belajar": "Study",
}


def explained(sentence: str, language: str) -> str:
    """Return a sentence of an explanation in a language; one that has no pattern stays as it is."""
    if language != "en":
        return sentence
    if sentence in _LEAVES:
        return _LEAVES[sentence]
    if sentence.startswith(_INDICATION):
        words = sentence.removeprefix(_INDICATION)
        return f"indication: {_LADDER.get(words, words)}"
    for pattern, english in _PATTERNS:
        found = pattern.match(sentence)
        if found:
            return _completed(found.expand(english))
    return sentence


def _completed(text: str) -> str:
    if text.startswith("Cut "):
        return re.sub(r"(\d),(\d)", r"\1.\2", text)
    return re.sub(r"\A<(.+?)>", lambda leave: _LEAVES.get(leave[1], leave[1]), text)
