import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.interop.opendata import search
from hub.interop.opendata.asking import read_question
from hub.interop.opendata.search import Order, Question, SearchError, answer, read_order

COLUMNS = ("nama", "tahun", "opd")
ROWS = [
    {"nama": "Gencil", "tahun": 2016, "opd": "Diskominfo"},
    {"nama": "E-Lawar", "tahun": 2019, "opd": "Diskominfo"},
    {"nama": "Parkir", "tahun": None, "opd": "Dishub"},
    {"nama": "10", "tahun": 2016.0, "opd": "Dishub"},
]


def names(**given: object) -> list[object]:
    return [row["nama"] for row in answer(ROWS, read_question(given, COLUMNS)).rows]


def test_filters_take_one_value_or_several_and_numbers_as_words() -> None:
    assert names(filters={"opd": "Dishub"}) == ["Parkir", "10"]
    assert names(filters={"tahun": "2016"}) == ["Gencil", "10"]
    assert names(filters={"tahun": [2019, None]}) == ["E-Lawar", "Parkir"]
    assert names(filters={"tahun": "dua ribu"}) == []
    assert names(filters={"nama": 10}) == [], "a text is not a number"


def test_every_word_of_a_search_must_be_somewhere_in_the_row() -> None:
    assert names(q="DISKOMINFO gencil") == ["Gencil"]
    assert names(q="diskominfo parkir") == []


def test_an_order_puts_nothing_before_numbers_before_texts() -> None:
    assert names(sort="tahun desc, nama") == ["E-Lawar", "10", "Gencil", "Parkir"]
    assert names(sort="tahun") == ["Parkir", "Gencil", "10", "E-Lawar"]


def test_fields_and_distinct_leave_each_thing_once() -> None:
    found = answer(ROWS, read_question({"fields": "opd", "distinct": "true"}, COLUMNS))
    assert list(found.rows) == [{"opd": "Diskominfo"}, {"opd": "Dishub"}]
    assert found.total == 2


@given(st.integers(0, 9), st.integers(0, 9), st.randoms(use_true_random=False))
def test_pages_are_slices_of_the_whole_and_the_total_is_of_the_whole(
    offset: int, limit: int, chance: random.Random
) -> None:
    rows = [{"n": chance.randrange(5)} for _ in range(8)]
    found = answer(rows, Question(filters={}, order=(Order("n"),), offset=offset, limit=limit))
    assert list(found.rows) == sorted(rows, key=lambda row: row["n"])[offset : offset + limit]
    assert found.total == 8


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"filters": {"nik": "1"}}, "filters"),
        ({"filters": ["nama"]}, "filters"),
        ({"filters": {"nama": {"a": 1}}}, "filters"),
        ({"sort": "nik"}, "sort"),
        ({"sort": "nama sideways"}, "sort"),
        ({"fields": "nama,nik"}, "fields"),
        ({"fields": 7}, "fields"),
        ({"limit": -1}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"offset": "x"}, "offset"),
        ({"q": ["a"]}, "q"),
        ({"q": "a" * 401}, "q"),
    ],
)
def test_a_wrong_question_is_named_by_its_part(asked: dict[str, object], field: str) -> None:
    with pytest.raises(SearchError) as caught:
        read_question(asked, COLUMNS)
    assert caught.value.field == field


def test_more_than_can_be_asked_for_becomes_the_most() -> None:
    assert read_question({"limit": 40_000}, COLUMNS).limit == search.MOST_ROWS


def test_an_order_over_too_many_rows_says_to_narrow_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_SORTED", 3)
    with pytest.raises(SearchError, match="narrow"):
        answer(ROWS, Question(filters={}, order=read_order("nama", COLUMNS)))
    assert answer(ROWS, Question(filters={})).total == 4
