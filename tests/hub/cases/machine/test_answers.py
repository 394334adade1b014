"""Answers: what counts, what is hidden, what is wrong and how it is said."""

import pytest

from hub.cases.definition.form import Choice, Condition, Field, FieldKind
from hub.cases.machine.answers import cleaned, faults_in, nik_fault, shown_fields

CHOICES = (Choice(id="a", label="A"), Choice(id="b", label="B"))
FORM = (
    Field(id="kind", label="Jenis", kind=FieldKind.CHOICE, choices=CHOICES),
    Field(id="why", label="Alasan", shown_if=Condition(field="kind", values=("b",))),
    Field(id="more", label="Rincian", shown_if=Condition(field="why", values=("x",)), is_required=False),
)


def test_a_hidden_field_hides_what_hangs_on_it_and_its_answer_does_not_count() -> None:
    given = {"kind": [" a "], "why": ["x"], "more": ["y"], "strange": ["z"]}
    assert cleaned(FORM, given) == {"kind": ("a",)}
    assert [field.id for field in shown_fields(FORM, {"kind": ("b",), "why": ("x",)})] == [
        "kind",
        "why",
        "more",
    ]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    faults = faults_in(FORM, cleaned(FORM, {"kind": ["b"], "why": ["  "]}))
    assert [(fault.field, fault.text) for fault in faults] == [("why", "Alasan: belum diisi")]
    assert faults_in(FORM, {"kind": ("a", "b")})[0].text == "Jenis: hanya satu jawaban"


def field(kind: FieldKind, **more: object) -> Field:
    choices = CHOICES if kind in (FieldKind.CHOICE, FieldKind.CHOICES) else ()
    return Field(id="x", label="X", kind=kind, choices=choices, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "good", "bad", "said"),
    [
        (FieldKind.TEXT, "Ani", "A" * 201, "paling banyak 200 huruf"),
        (FieldKind.LONG_TEXT, "Ani\nBudi", "a\x00b", "tidak dapat disimpan"),
        (FieldKind.NUMBER, "12,5", "1e9", "tulis angka"),
        (FieldKind.MONEY, "1000000", "1.000.000", "rupiah tanpa titik"),
        (FieldKind.DATE, "2026-02-28", "2026-02-30", "tanggal seperti"),
        (FieldKind.TIME, "07:30", "25:00", "jam seperti"),
        (FieldKind.CHOICE, "a", "c", "pilih yang ditawarkan"),
        (FieldKind.CHOICES, "b", "<script>", "pilih yang ditawarkan"),
        (FieldKind.YES_NO, "yes", "ya", "pilih ya atau tidak"),
        (FieldKind.PHONE, "+6281234567890", "0812", "081234567890"),
        (FieldKind.EMAIL, "siti@contoh.id", "siti@contoh", "nama@contoh.id"),
        (FieldKind.PLACE, "0.000000,109.322000", "0", "tulis seperti"),
        (FieldKind.KELURAHAN, "61.71.04.1004", "Batu Layang", "61.71.04.1004"),
        (FieldKind.PLACE, "-90,-180.0", "90.000001,109.3", "lintang antara -90 dan 90"),
        (FieldKind.PLACE, "90.0,180", "-0.02,999.0", "bujur antara -180 dan 180"),
        (FieldKind.KELURAHAN, "61.71.01.1002", "61.71.99.9999", "tidak ada kelurahan dengan kode ini"),
        (FieldKind.CAMERA, "pi-tugu/cam1", "cam1", "pi-tugu/cam1"),
        (FieldKind.NIK, "6171014508900001", "617101", "16 angka"),
    ],
)
def test_each_kind_knows_its_own(kind: FieldKind, good: str, bad: str, said: str) -> None:
    assert faults_in([field(kind)], {"x": (good,)}) == ()
    (fault,) = faults_in([field(kind)], {"x": (bad,)})
    assert said in fault.text


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (FieldKind.NUMBER, "4", "paling sedikit 5"),
        (FieldKind.NUMBER, "11", "paling banyak 10"),
        (FieldKind.MONEY, "4", "paling sedikit 5 rupiah"),
        (FieldKind.TEXT, "abc", "paling sedikit 5 huruf"),
    ],
)
def test_bounds_are_kept(kind: FieldKind, text: str, said: str) -> None:
    (fault,) = faults_in([field(kind, least=5, most=10)], {"x": (text,)})
    assert said in fault.text


@pytest.mark.parametrize(
    ("number", "is_good"),
    [
        ("6171014508900001", True),  # a woman of 5 August
        ("6171010508900001", True),
        ("6171010508900000", False),  # no serial
        ("6171013202900001", False),  # 32 February
        ("6171012902010001", False),  # 29 February of 1901 and 2001
        ("6171012902000001", True),  # that of 2000
        ("6171017508900001", False),
    ],
)
def test_the_day_in_a_nik_must_exist_in_some_century(number: str, is_good: bool) -> None:
    assert (nik_fault(number) == "") is is_good


def test_what_no_letter_can_show_is_found_when_it_is_typed_for_one() -> None:
    fields = (Field(id="x", label="Nama", kind=FieldKind.TEXT),)
    for sign in ("\u6c34", "\U0001f642", "\u062c", "\u014d"):
        (fault,) = faults_in(fields, {"x": (f"Siti {sign}",)}, is_for_paper=True)
        assert fault.text.startswith("Nama: tanda")
        assert faults_in(fields, {"x": (f"Siti {sign}",)}) == ()
    assert faults_in(fields, {"x": ("Siti d\u2019\u00c9t\u00e9 \u2013 5 \u20ac",)}, is_for_paper=True) == ()
