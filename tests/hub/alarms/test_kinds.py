"""Every kind has a sentence, and every sentence can be said."""

import pytest

from hub.alarms.kinds import FACT_WORDS, SENTENCES, SEVERITY_WORDS, AlarmKind, Severity, facts_needed
from hub.alarms.words import indonesian_sentence


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_a_kind_has_a_sentence_that_can_be_said(kind: AlarmKind) -> None:
    facts = dict.fromkeys(facts_needed(kind), "7")
    said = indonesian_sentence(kind, facts)
    assert "%" not in said.replace(" % ", "").replace(" %,", "").removesuffix(" %")
    assert said.count("7") == len(facts)


def test_kinds_and_keys_fit_into_their_columns() -> None:
    assert all(len(kind.value) <= 24 for kind in AlarmKind)
    assert set(SENTENCES) == set(AlarmKind)
    assert set(SEVERITY_WORDS) == set(Severity)


def test_words_of_ours_are_said_and_other_texts_stay() -> None:
    facts = {"name": "Simpang", "cause": "power", "cameras": "3"}
    assert "listrik" in indonesian_sentence(AlarmKind.OUTAGE_SITE, facts)
    said = indonesian_sentence(AlarmKind.OUTAGE_SITE, facts | {"cause": "banjir"})
    assert said == "Titik Simpang padam (banjir): 3 kamera"
    assert "power" in FACT_WORDS["cause"]


def test_a_fact_that_an_old_alarm_has_not_is_a_dash() -> None:
    assert indonesian_sentence(AlarmKind.DEVICE_HOT, {"name": "Pi"}) == "Pi panas: – °C, batas – °C"


def test_numbers_are_written_as_the_language_has_them() -> None:
    facts = {"name": "Pi", "value": "50000", "limit": "1.50"}
    assert "50.000 rekaman belum terkirim, batas 1,50" in indonesian_sentence(AlarmKind.DEVICE_BACKLOG, facts)
    assert "pukul 07.31" in indonesian_sentence(AlarmKind.DOOR_READER, {"name": "P", "since": "07.31"})


def test_severities_have_an_order() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]
