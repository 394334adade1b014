"""Two people within seconds on many days."""

from datetime import UTC, date, datetime, timedelta

from hub.hadir.review.pairs import Pair, Passing, pairs_of

FIRST = date(2026, 10, 1)


def passing(day: int, person: int, second: float, door: str = "a") -> Passing:
    on = FIRST + timedelta(days=day)
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(seconds=second)
    return Passing(door, on, person, at)


def morning(days: int, gap_s: float, **other: str) -> list[Passing]:
    return [one for day in range(days) for one in (passing(day, 7, 0), passing(day, 3, gap_s, **other))]


def test_six_days_within_six_seconds_are_a_pair_and_five_are_not() -> None:
    (pair,) = pairs_of(morning(6, 6.0))
    assert pair == Pair(3, 7, tuple(FIRST + timedelta(days=day) for day in range(6)))
    assert pairs_of(morning(5, 6.0)) == ()
    assert pairs_of(morning(6, 6.1)) == ()
    assert pairs_of(morning(6, 1.0, door="b")) == ()


def test_only_the_last_twenty_days_with_scans_count() -> None:
    old = morning(6, 1.0)
    later = [passing(day, 9, 0) for day in range(20, 40)]
    assert pairs_of(old + later[:14]) != ()
    assert pairs_of(old + later) == ()


def test_one_person_twice_is_no_pair_and_a_day_counts_once() -> None:
    same = [passing(day, 3, second) for day in range(8) for second in (0, 2, 4)]
    assert pairs_of(same) == ()
    both = [
        passing(day, person, second) for day in range(3) for person in (1, 2) for second in (0, 3, 50, 53)
    ]
    assert pairs_of(both) == ()


def test_the_most_frequent_pair_comes_first() -> None:
    few = [passing(day, person, 10) for day in range(6) for person in (1, 2)]
    many = [passing(day, person, 90) for day in range(9) for person in (5, 6)]
    assert [len(pair.days) for pair in pairs_of(few + many)] == [9, 6]
