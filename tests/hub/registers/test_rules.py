"""Cells as Indonesians write them: read, or refused with what to write instead."""

import pytest

from hub.places.importing.cells import BadCell
from hub.registers.kind.fields import Choice, Field, FieldKind
from hub.registers.kind.rules import Names, read_value
from hub.registers.kind.wording import typed_of, words_of

AREA = Field(id="luas", label="Luas", kind=FieldKind.NUMBER, unit="m2", decimals=2, least=0, most=10_000)
COUNT = Field(id="muka", label="Muka", kind=FieldKind.NUMBER, least=1, most=1_000_000)
MONEY = Field(id="pagu", label="Pagu", kind=FieldKind.MONEY, least=0)
NAMES = Names(
    opds={"dishub": 2, "dinas perhubungan": 2},
    opd_names={2: "Dinas Perhubungan"},
    keys={"proyek": {"btg-01": "BTG-01"}},
)


def of(kind: FieldKind, **more: object) -> Field:
    return Field(id="x", label="X", kind=kind, **more)  # type: ignore[arg-type]  # what a test needs


CHOICE = of(
    FieldKind.CHOICE, choices=(Choice(id="aktif", label="Aktif"), Choice(id="mati", label="Tidak aktif"))
)
MANY = of(FieldKind.CHOICES, choices=CHOICE.choices)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (AREA, "12,5", 12.5),
        (AREA, "1.250,25 m2", 1250.25),
        (AREA, "12.5", 12.5),
        (AREA, "0", 0),
        (COUNT, "1.250", 1250),
        (COUNT, "1250", 1250),
        (MONEY, "Rp 1.250.000,00", 1_250_000),
        (MONEY, "1250000", 1_250_000),
        (MONEY, "Rp2.000,-", 2000),
        (of(FieldKind.DATE), "21/11/2026", "2026-11-21"),
        (of(FieldKind.DATE), "Sabtu, 21 Nopember 2026", "2026-11-21"),
        (of(FieldKind.DATE), "1 Agu 2026", "2026-08-01"),
        (of(FieldKind.DATE), "2026-11-21", "2026-11-21"),
        (of(FieldKind.YEAR), "2026", 2026),
        (of(FieldKind.YES_NO), "Tidak", False),
        (CHOICE, "tidak aktif", "mati"),
        (MANY, "Tidak aktif; aktif", ["aktif", "mati"]),
        (of(FieldKind.URL), "diskominfo.contoh.example/a", "https://diskominfo.contoh.example/a"),
        (of(FieldKind.EMAIL), "a@contoh.id", "a@contoh.id"),
        (of(FieldKind.PHONE), "'+62 811 5700 000", "+62 811 5700 000"),
        (of(FieldKind.OPD), "Dishub", 2),
        (of(FieldKind.OPD), "2", 2),
        (of(FieldKind.KELURAHAN), "Kel. Benuamelayu Laut", "61.71.01.1002"),
        (of(FieldKind.PLACE), "0.0, 109.32", [0.0, 109.32]),
        (of(FieldKind.REFERENCE, of="proyek"), "btg-01", "BTG-01"),
        (of(FieldKind.LONG_TEXT), "  a\r\n b ", "a\nb"),
        (of(FieldKind.TEXT), " teks  biasa ", "teks biasa"),
        (of(FieldKind.IMAGE), "a" * 64, "a" * 64),
        (of(FieldKind.TEXT), "", None),
    ],
)
def test_a_cell_is_read_as_it_is_meant_and_what_is_written_reads_back(
    field: Field, text: str, value: object
) -> None:
    found = read_value(field, text, NAMES)
    assert found == value
    assert read_value(field, typed_of(field, found, NAMES), NAMES) == value
    assert words_of(field, found, NAMES)


@pytest.mark.parametrize(
    ("field", "text", "remedy"),
    [
        (AREA, "12,5 ha", "satuannya m2, bukan 'ha'"),
        (COUNT, "12 lembar", "tanpa 'lembar'"),
        (AREA, "1.250", "dapat dibaca dua cara; tulis 1250 atau 1,250"),
        (AREA, "1,255", "paling banyak 2 angka"),
        (AREA, "-1", "paling kecil 0"),
        (AREA, "10001", "paling besar 10000 m2"),
        (COUNT, "1,5", "bilangan bulat"),
        (COUNT, "banyak", "isi angka"),
        (COUNT, "1" * 40, "isi angka"),
        (MONEY, "lima juta", "isi rupiah bulat"),
        (MONEY, "1.234.567.890.123.456.789", "terlalu besar"),
        (of(FieldKind.NUMBER, decimals=6), "1234567890123,123456", "terlalu banyak angka"),
        (of(FieldKind.TEXT), "=SUM(A1:A9)", "rumus"),
        (of(FieldKind.TEXT), "'=1", "rumus"),
        (of(FieldKind.TEXT), "a\x07b", "tidak dapat dibaca"),
        (of(FieldKind.TEXT), "x" * 201, "paling banyak 200"),
        (of(FieldKind.LONG_TEXT), "x" * 1501, "paling banyak 1500"),
        (of(FieldKind.LONG_TEXT), "a\x07", "tidak dapat dibaca"),
        (of(FieldKind.DATE), "11/21/2026", "hari dulu, lalu bulan: 21/11/2026"),
        (of(FieldKind.DATE), "31/02/2026", "tanggal yang ada"),
        (of(FieldKind.DATE), "3 Fool 2026", "bulan 'Fool'"),
        (of(FieldKind.DATE), "1/1/0001", "periksa tahunnya"),
        (of(FieldKind.YEAR), "26", "empat angka"),
        (of(FieldKind.YES_NO), "mungkin", "ya atau tidak"),
        (CHOICE, "aktip", "mungkin aktif"),
        (of(FieldKind.URL), "javascript:alert(1)", "alamat web"),
        (of(FieldKind.URL), "https://[::1", "alamat web"),
        (of(FieldKind.EMAIL), "tanpa-at", "e-mail"),
        (of(FieldKind.PHONE), "telepon saja", "nomor telepon"),
        (of(FieldKind.OPD), "Dinas Perhubugan", "mungkin Dinas Perhubungan"),
        (of(FieldKind.PLACE), "109.32, 0.0", "tertukar"),
        (of(FieldKind.PLACE), "0.0", "lintang dan bujur"),
        (of(FieldKind.REFERENCE, of="proyek"), "BTG-02", "mungkin BTG-01"),
        (of(FieldKind.REFERENCE, of="proyek"), "zzz", "tambahkan dulu"),
        (of(FieldKind.IMAGE), "foto.jpg", "diunggah"),
        (of(FieldKind.TEXT, is_required=True), " ", "wajib diisi"),
    ],
)
def test_a_cell_that_cannot_be_used_says_what_to_write_instead(field: Field, text: str, remedy: str) -> None:
    with pytest.raises(BadCell) as bad:
        read_value(field, text, NAMES)
    assert remedy in bad.value.remedy
    assert bad.value.column == field.id
