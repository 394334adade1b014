"""A letter on paper: the same bytes twice, words escaped, and a code that a door can read."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from edge import opencv
from edge.hadir.reading.decode import read_thoroughly
from hub.cases.letters.paper.code import CODE_MM, MODULES_MM, QUIET_MODULES, matrix_of
from hub.cases.letters.paper.composing import Signatory, compose
from hub.cases.letters.paper.drawing import draw_letter
from hub.cases.letters.paper.templates import template_of
from hub.cases.machine.answers import Answers
from hub.errors import InputError
from tests.hub.cases.letters.samples import BY_TEMPLATE, DAY, HOLDER, OFFICE, composed, sealed


def test_the_same_letter_gives_the_same_bytes_and_another_one_others() -> None:
    letter = composed("keterangan_domisili")
    first, again = draw_letter(letter, sealed(letter)), draw_letter(letter, sealed(letter))
    assert first == again
    assert first.startswith(b"%PDF-")
    other = replace(letter, statement=letter.statement + " lagi")
    assert draw_letter(other, sealed(other)) != first
    assert other.digest != letter.digest


def test_the_text_of_the_seal_lies_open_in_the_file() -> None:
    letter = composed("pengantar_skck")
    assert sealed(letter).seal.encode() in draw_letter(letter, sealed(letter))


def test_a_letter_of_two_pages_is_drawn() -> None:
    letter = composed("keterangan_ahli_waris")
    heirs = "\n".join(f"{n}. Ahli waris" for n in range(90)) + "\n" + "panjang " * 900
    long = replace(letter, rows=(("Ahli waris", heirs),))
    assert draw_letter(long, sealed(long)).count(b"/Type /Page\n") >= 2


def test_every_fact_on_the_paper_changes_the_hash() -> None:
    letter = composed("keterangan_domisili")
    facts = ("title", "number", "statement", "signatory", "place_and_day", "signed_as", "closing")
    changed: list[dict[str, Any]] = [{name: "x"} for name in facts]
    altered = [replace(letter, **one) for one in changed]
    assert len({one.digest for one in (letter, *altered)}) == len(facts) + 1


def test_the_code_is_large_enough_on_paper() -> None:
    modules = len(matrix_of(sealed(composed("keterangan_penghasilan_orang_tua")).seal))
    assert MODULES_MM >= 28
    assert modules <= 65
    assert (CODE_MM - MODULES_MM) / 2 >= QUIET_MODULES * MODULES_MM / 65 - 0.5


def test_the_doors_decoder_reads_the_code_at_three_pixels_a_module() -> None:
    seed = 20261122
    rng = np.random.default_rng(seed)
    seal = sealed(composed("keterangan_penghasilan_orang_tua")).seal
    modules = np.pad(np.array(matrix_of(seal), dtype=np.uint8), QUIET_MODULES)
    drawn = np.kron(1 - modules, np.ones((3, 3), dtype=np.uint8)) * np.uint8(190) + np.uint8(35)
    blurred = opencv.softened(np.ascontiguousarray(drawn), 3, 0.7).astype(np.float32)
    read = 0
    for _ in range(10):
        noisy = np.clip(blurred + rng.normal(0, 5, blurred.shape), 0, 255).astype(np.uint8)
        read += read_thoroughly(noisy, lambda _luma: ()) == (seal,)
    assert read == 10, f"seed {seed}"


def test_a_sign_that_the_fonts_lack_is_named_not_dropped() -> None:
    with pytest.raises(InputError, match="tidak ada di huruf surat"):
        _composed_for("Siti \u6c34")


def test_an_answer_that_a_sentence_needs_is_named() -> None:
    with pytest.raises(InputError, match="'since'"):
        _composed_for("Siti", answers={"address": ("Jl. A",), "purpose": ("sekolah",)})


def test_control_signs_in_answers_become_blanks() -> None:
    answers = {"address": ("Jl.\tA\x07\nRT 1",), "since": ("2026-01-05",), "purpose": ("x",)}
    assert "Jl. A\nRT 1 sejak 5 Januari 2026" in _composed_for("Siti", answers=answers)


def _composed_for(name: str, answers: Answers | None = None) -> str:
    full: Answers = {"address": ("Jl. A",), "since": ("2026-01-05",), "purpose": ("sekolah",)}
    return compose(
        template_of("keterangan_domisili"),
        BY_TEMPLATE["keterangan_domisili"],
        full if answers is None else answers,
        holder=replace(HOLDER, name=name),
        office=OFFICE,
        signatory=Signatory("Rina"),
        number="1",
        day=DAY,
        city="Kota Pontianak",
    ).text
