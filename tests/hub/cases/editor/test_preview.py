"""Any letter that ships can be looked at before it is published, with answers that its form takes."""

from datetime import date

import msgspec
import pytest

from hub.cases.definition.service import ServiceDefinition
from hub.cases.editor.preview import sample_answer, sample_letter
from hub.cases.machine.answers import faults_in
from hub.errors import InputError
from tests.hub.cases.editor.drafts import body_of
from tests.hub.cases.shipped import SHIPPED

_DAY = date(2026, 11, 22)


def test_made_up_answers_are_taken_by_every_form() -> None:
    for definition in SHIPPED:
        answers = {field.id: sample_answer(field) for field in definition.fields}
        assert faults_in(definition.fields, answers) == (), definition.code


@pytest.mark.parametrize("code", ["surat-keterangan-usaha", "surat-keterangan-ahli-waris", "pbg"])
def test_a_sample_is_a_letter(code: str) -> None:
    definition = msgspec.convert(body_of(code), ServiceDefinition)
    assert sample_letter(definition, city="Kota Pontianak", day=_DAY).startswith(b"%PDF")


def test_without_a_letter_there_is_none() -> None:
    with pytest.raises(InputError):
        sample_letter(
            msgspec.convert(body_of("pengaduan"), ServiceDefinition), city="Kota Pontianak", day=_DAY
        )
