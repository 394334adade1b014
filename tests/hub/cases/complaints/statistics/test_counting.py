"""Counts along one side, with percents that are 100 together."""

from hub.cases.complaints.statistics.counting import Cell, Line, handed_on, lines_by, percents_of

CELLS = [
    Cell("2021-01", 3, "diselesaikan", "jalan", "61.71.04.1004", 81),
    Cell("2021-05", 0, "terverifikasi", "lampu", "", 8),
    Cell("2020-05", 3, "diproses", "lampu", "", 5),
]


def test_the_published_percents_come_out() -> None:
    assert percents_of([81, 8, 5]) == [86, 9, 5]
    assert percents_of([1, 1, 1]) == [34, 33, 33]
    assert percents_of([0, 0]) == [0, 0]


def test_lines_stand_in_the_order_asked_for_also_with_nothing() -> None:
    assert lines_by(CELLS, "year", order=("2019",)) == (
        Line("2019", 0, 0),
        Line("2020", 5, 5),
        Line("2021", 89, 95),
    )
    assert [line.key for line in lines_by(CELLS, "category", is_by_count=True)] == ["jalan", "lampu"]
    assert [line.key for line in lines_by(CELLS, "opd", is_by_count=True)] == ["3", "0"]


def test_handed_on_is_what_an_opd_got_whatever_became_of_it() -> None:
    assert handed_on({"diselesaikan": 81, "terverifikasi": 8, "diproses": 5, "diarsipkan": 29}) == 94
