"""Explanations in English: every sentence the rules make has its English."""

import pytest

from hub.hadir.results.month import LADDER, ladder_indication
from hub.hadir.results.translation import explained


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("Jam kerja 07.30-16.00 (kalender kota)", "Working hours 07.30-16.00 (kalender kota)"),
        (
            "Dinas luar setengah hari, jam kerja 13.00-16.00 (kalender kota)",
            "Duty travel, half a day, working hours 13.00-16.00 (kalender kota)",
        ),
        ("Potongan TL1: 0,5 %, tarif a (contoh)", "Cut TL1: 0.5 %, tariff a (contoh)"),
        ("Sakit", "Sick"),
        ("Masuk 00.10 keesokan harinya, tepat waktu", "In 00.10 the next morning, on time"),
        (
            "Masuk 00.10 keesokan harinya, terlambat 10 menit",
            "In 00.10 the next morning, 10 minutes late",
        ),
        ("Pulang 06.05 keesokan harinya", "Out 06.05 the next morning"),
        (
            "Pulang 05.40 keesokan harinya, 20 menit lebih awal",
            "Out 05.40 the next morning, 20 minutes early",
        ),
        (
            "60 menit setelah jam pulang, belum disetujui sebagai lembur",
            "60 minutes after the end, not approved as overtime",
        ),
        ("Lembur 60 menit, disetujui: SK 1", "Overtime of 60 minutes, approved: SK 1"),
        ("Libur: Natal", "Holiday: Natal"),
        ("Koreksi disetujui: apel", "Correction approved: apel"),
        ("2 pindaian pada hari tanpa jam kerja", "2 scans on a day without working hours"),
        ("indikasi: teguran lisan", "indication: verbal reprimand"),
        ("kalimat lain", "kalimat lain"),
    ],
)
def test_a_sentence_is_said_in_english(sentence: str, english: str) -> None:
    assert explained(sentence, "en") == english
    assert explained(sentence, "id") == sentence


def test_every_step_of_the_ladder_has_its_english() -> None:
    for days, words in LADDER:
        indication = ladder_indication(days, 1)
        assert indication is not None
        assert words in indication
        assert words not in explained(indication, "en")
    assert explained("indikasi: pemberhentian (10 hari kerja berturut-turut)", "en").endswith("working days)")
