"""Counts along one side, with percents that are 100 together."""

from hub.cases.complaints.statistics.counting import Line, Tally, handed_on, lines_of, percents_of

TALLIES = [Tally("2021", "jalan", 81), Tally("2021", "lampu", 8), Tally("2020", "lampu", 5)]


def test_the_published_percents_come_out() -> None:
    assert percents_of([81, 8, 5]) == [86, 9, 5]
    assert percents_of([1, 1, 1]) == [34, 33, 33]
    assert percents_of([0, 0]) == [0, 0]


def test_lines_stand_in_the_order_asked_for_also_with_nothing() -> None:
    assert lines_of(TALLIES, order=("pohon", "lampu")) == (
        Line("pohon", 0, 0),
        Line("lampu", 13, 14),
        Line("jalan", 81, 86),
    )
    assert [line.key for line in lines_of(TALLIES, is_by_count=True)] == ["jalan", "lampu"]
    assert lines_of(TALLIES, year="2020") == (Line("lampu", 5, 100),)


def test_handed_on_is_what_an_opd_got_whatever_became_of_it() -> None:
    assert handed_on({"diselesaikan": 81, "terverifikasi": 8, "diproses": 5, "diarsipkan": 29}) == 94
