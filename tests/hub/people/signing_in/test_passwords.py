"""Which passwords are taken, and how they are kept."""

import argon2
import pytest

from hub.people.signing_in.passwords import (
    WEAKNESSES,
    hash_password,
    is_password,
    make_password,
    needs_rehash,
    weakness_of,
)


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("kapal layar kuning", None),
        ("K" * 5 + "pontivx9-9aB", None),
        ("abcdefghijk", "short"),
        ("kucing hitam " * 5, None),
        ("x" * 129, "long"),
        ("rumah-siti-biru", "name"),
        ("Password1234", "common"),
        ("--pontianak2026--", "common"),
        ("qwertyuiopas", "common"),
        ("bismillah12345", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abcdefghijklmn", "common"),
        ("123456789012", "common"),
        ("9876543210987", "common"),
        ("1945 08 17 1945", "common"),
        ("pontianak2026kalbar", "common"),
        ("P0nt1@n@k2026", "common"),
        ("rahasia-kota-pontianak", "common"),
        ("iloveyoubaby123", "common"),
        ("qwertyasdfzxcv", "common"),
        ("poiuytrewqlkjhg", "common"),
        ("jeruju landak 17 siantan", "common"),
        ("kota hujan berpayung biru", None),
        ("qwerty bukan sandi saya", None),
    ],
)
def test_weak_ones_are_told_from_good_ones(password: str, weakness: str | None) -> None:
    assert weakness_of(password, "siti") == weakness
    assert weakness is None or weakness in WEAKNESSES


def test_they_are_kept_as_argon2id_with_enough_work() -> None:
    kept = hash_password("kapal layar kuning")
    parameters = argon2.extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert parameters.memory_cost >= 19_456
    assert parameters.time_cost >= 2


def test_a_password_is_taken_unmodified() -> None:
    kept = hash_password("  Ünïcode dan spasi  ")
    assert is_password("  Ünïcode dan spasi  ", kept)
    assert not is_password("Ünïcode dan spasi", kept)
    assert not is_password("", kept)


def test_nobody_and_a_broken_hash_have_no_password() -> None:
    assert not is_password("x", None)
    assert not is_password("x", "bukan hash")


def test_an_old_hash_is_found() -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash("x")
    assert needs_rehash(weak)
    assert not needs_rehash(hash_password("x"))


def test_made_passwords_differ_and_pass_our_own_rules() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(weakness_of(password, "admin") is None for password in made)
