"""Every shipped service that issues a letter has words for it, and they name answers that exist."""

from pathlib import Path

import pytest

from hub.cases.definition.letter import ALL_ANSWERS
from hub.cases.letters.paper.composing import words_of
from hub.cases.letters.paper.templates import (
    GENERAL,
    read_templates,
    shipped_templates,
    template_of,
)
from hub.cases.letters.paper.words import letter_number, long_date, rupiah, spelled
from hub.errors import InputError
from tests.hub.cases.letters.samples import BY_TEMPLATE, DAY, answer_for, composed
from tests.hub.cases.shipped import SHIPPED


def test_every_template_that_a_definition_names_exists_and_none_lies_idle() -> None:
    named = {one.document.template for one in SHIPPED if one.document is not None}
    assert named == set(shipped_templates()) - {GENERAL}


@pytest.mark.parametrize("name", sorted(BY_TEMPLATE))
def test_a_template_names_answers_of_its_service_only_and_its_sentences_only_required_ones(name: str) -> None:
    template, definition = template_of(name), BY_TEMPLATE[name]
    fields = {field.id: field for field in definition.fields}
    assert set(template.rows) - {ALL_ANSWERS} <= set(fields)
    assert template.names <= {
        field.id for field in fields.values() if field.is_required and not field.shown_if
    }


@pytest.mark.parametrize("name", sorted(BY_TEMPLATE))
def test_every_answer_that_a_citizen_gives_stands_on_the_paper(name: str) -> None:
    definition, letter = BY_TEMPLATE[name], composed(name)
    hidden = {"place", "inspection"}  # of a building permit: a point on the map and the notes of a visit
    for field in definition.fields:
        assert field.id in hidden or words_of(field, answer_for(field)) in letter.text, field.id


def test_a_new_kind_of_letter_needs_no_template_of_its_own() -> None:
    letter = composed(GENERAL, BY_TEMPLATE["keterangan_domisili"])
    assert letter.title == "Surat Keterangan Domisili"
    assert [label for label, _ in letter.rows] == [
        "Alamat tempat tinggal sekarang",
        "Tinggal sejak",
        "Untuk keperluan",
    ]


def test_a_template_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"Tidak ada naskah surat 'tiada'.*keterangan_domisili"):
        template_of("tiada")


def test_mistakes_in_template_files_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[letters.x]\ntitle = "X"\nopening = ""\nstatement = ""\nclosing = ""\n')
    assert list(read_templates(tmp_path)) == ["x"]
    (tmp_path / "b.toml").write_text('[letters.x]\ntitle = "Y"\nopening = ""\nstatement = ""\nclosing = ""\n')
    with pytest.raises(InputError, match=r"b\.toml: naskah 'x'"):
        read_templates(tmp_path)
    (tmp_path / "b.toml").write_text('[letters.y]\ntitel = "Y"\n')
    with pytest.raises(InputError, match=r"b\.toml"):
        read_templates(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (17, "tujuh belas"),
        (40, "empat puluh"),
        (100, "seratus"),
        (199, "seratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (2500, "dua ribu lima ratus"),
        (1_000_000, "satu juta"),
        (121_000_012, "seratus dua puluh satu juta dua belas"),
        (10**12, "satu triliun"),
    ],
)
def test_sums_are_spelled_out(number: int, words: str) -> None:
    assert spelled(number) == words


def test_sums_that_nobody_writes_out_are_refused() -> None:
    for number in (-1, 10**15):
        with pytest.raises(ValueError, match="not spelled out"):
            spelled(number)


def test_numbers_and_dates_are_written_as_in_letters() -> None:
    pattern = "{classification}/{serial}/{unit}/{month}/{year}"
    number = letter_number(pattern, classification="400.12", serial=7, unit="KEL.TENGAH", day=DAY)
    assert number == "400.12/0007/KEL.TENGAH/XI/2026"
    assert long_date(DAY) == "22 November 2026"
    assert rupiah(1_250_000) == "Rp 1.250.000 (satu juta dua ratus lima puluh ribu rupiah)"
