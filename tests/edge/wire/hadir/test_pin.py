"""PINs of badges."""

import pytest

from edge.wire.hadir.pin import PinError, hash_pin, is_pin

SALT = bytes(range(16))


@pytest.mark.parametrize("pin", ["0000", "12345", "987654"])
def test_the_right_pin_is_recognised(pin: str) -> None:
    assert is_pin(pin, hash_pin(pin, SALT))


@pytest.mark.parametrize("pin", ["1235", "12340", "", "12a4", "１２３４", "1234\n", "1234567"])
def test_another_pin_is_not(pin: str) -> None:
    assert not is_pin(pin, hash_pin("1234", SALT))


@pytest.mark.parametrize("pin", ["", "123", "1234567", "abcd"])
def test_what_is_no_pin_is_not_hashed(pin: str) -> None:
    with pytest.raises(PinError, match="4 to 6 digits"):
        hash_pin(pin, SALT)


def test_two_people_with_one_pin_have_two_hashes() -> None:
    assert hash_pin("1234", SALT) != hash_pin("1234", bytes(16))


def test_a_damaged_hash_fits_no_pin() -> None:
    assert not is_pin("1234", b"short")
