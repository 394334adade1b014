"""Five wrong PINs in ten minutes, each person for themselves."""

from edge.hadir.judging.pin_tries import MAX_TRIES, PinTries


def test_tries_run_out_and_come_back_one_by_one() -> None:
    tries = PinTries()
    for number in range(MAX_TRIES):
        assert tries.left(1, number) == MAX_TRIES - number
        assert not tries.check(1, number, lambda: False)
    assert tries.left(1, 599) == 0
    assert [tries.left(1, 600 + number) for number in range(3)] == [1, 2, 3]


def test_without_tries_the_right_pin_is_not_even_looked_at() -> None:
    tries = PinTries()
    for _ in range(MAX_TRIES):
        tries.check(1, 0, lambda: False)
    asked = []
    assert not tries.check(1, 1, lambda: bool(asked.append("asked") or True))
    assert asked == []


def test_the_right_pin_forgives_the_wrong_ones_of_that_person_only() -> None:
    tries = PinTries()
    tries.check(1, 0, lambda: False)
    tries.check(2, 0, lambda: False)
    assert tries.check(1, 1, lambda: True)
    assert (tries.left(1, 2), tries.left(2, 2)) == (MAX_TRIES, MAX_TRIES - 1)
