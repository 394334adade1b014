"""The small language of formulas: what it takes, what it refuses, and what it says then."""

import pytest

from hub.errors import InputError
from hub.measures.catalogue.formulas import FormulaError, names_in, worked_out
from hub.measures.catalogue.reading import catalogue_of, shipped
from hub.measures.catalogue.shape import CatalogueFile, Measure, SumCheck


def test_a_formula_names_measures_and_not_functions() -> None:
    assert names_in("100 * min(rusak, 5) / (semua - rusak)", code="x") == {"rusak", "semua"}
    assert worked_out("100 * min(rusak, 5) / (semua - rusak)", {"rusak": 10, "semua": 60}) == 10.0


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('id')",
        "kamera.__class__",
        "[1, 2]",
        "'teks'",
        "kamera ** 99999999",
        "open(kamera)",
        "max(kamera, key=abs)",
        "lambda: 1",
        "kamera +",
        "True",
        "(" * 300 + "1" + ")" * 300,
        "+".join(["kamera"] * 80),
    ],
)
def test_what_is_no_small_sum_is_refused_with_the_measure_named(formula: str) -> None:
    with pytest.raises(InputError, match="bagian"):
        names_in(formula, code="bagian")


def test_dividing_by_zero_and_missing_values_are_said_and_never_a_number() -> None:
    with pytest.raises(FormulaError, match="pembagian dengan nol dalam a / b"):
        worked_out("a / b", {"a": 1.0, "b": 0.0})
    with pytest.raises(FormulaError, match="belum ada nilai b"):
        worked_out("a / b", {"a": 1.0, "b": None})
    with pytest.raises(FormulaError):
        worked_out("a * a", {"a": 1e300})


def test_a_catalogue_names_all_its_mistakes_at_once() -> None:
    wrong = CatalogueFile(
        measure=(
            Measure(code="satu", label="Satu", formula="dua + 1"),
            Measure(code="dua", label="Dua", formula="tiga * 2"),
            Measure(code="tiga", label="Tiga", formula="satu"),
            Measure(code="empat", label="Empat", formula="lima"),
            Measure(code="empat", label="Empat lagi"),
        ),
        check=(SumCheck(whole="satu", parts=("dua", "enam")),),
    )
    with pytest.raises(InputError) as caught:
        catalogue_of([wrong])
    said = str(caught.value)
    assert "satu: rumus menyebut dirinya sendiri lewat satu -> dua -> tiga -> satu" in said
    assert "empat: ada dua kali" in said
    assert "tidak ada ukuran enam" in said


def test_the_shipped_catalogue_holds_together() -> None:
    known = shipped()
    assert known.parts_of("camera_availability") == {"camera_online", "camera_installed"}
    assert all(one.label for one in known.measures.values())
