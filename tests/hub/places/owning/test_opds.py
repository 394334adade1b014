"""The 69 OPDs by all their names."""

import pytest

from hub.places.owning.opds import is_known, known_opds, nearest_opd, owner_key


def test_there_are_69_and_those_of_the_city_s_own_words_are_no_examples() -> None:
    opds = known_opds()
    assert len(opds) == len({opd.name for opd in opds}) == 69
    certain = {name for opd in opds if not opd.is_example for name in (opd.name, *opd.short_names)}
    assert {"Dishub", "Diskominfo", "Dinas Sosial", "PUPR", "Satpol PP", "Dinkes"} <= certain
    assert all(opd.is_example for opd in opds if opd.name.startswith(("Kelurahan", "Kecamatan")))


def test_no_two_opds_share_a_name() -> None:
    names = [name.casefold() for opd in known_opds() for name in (opd.name, *opd.short_names)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["Dishub", "DISHUB", " dinas  perhubungan "])
def test_an_owner_is_the_same_by_any_name(name: str) -> None:
    assert owner_key(name) == owner_key("Dinas Perhubungan")
    assert is_known(name)


def test_a_former_owner_is_known_and_is_not_the_opd_of_today() -> None:
    assert is_known("Dinas Sosial (lama)")
    assert owner_key("Dinsos (lama)") == owner_key("Dinas Sosial (lama)") != owner_key("Dinas Sosial")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dinas Perhubugan", "Dinas Perhubungan"),
        ("diskominfoo", "Diskominfo"),
        ("Kecamatan Pontianak Utra", "Kecamatan Pontianak Utara"),
        ("Dinas Sosail (lama)", "Dinas Sosial"),
        ("RT 03", ""),
    ],
)
def test_the_nearest_is_proposed(typed: str, meant: str) -> None:
    assert not is_known(typed)
    assert nearest_opd(typed) == meant


def test_an_owner_that_nobody_knows_is_itself() -> None:
    assert owner_key("PT  Maju") == owner_key("pt maju") == "pt maju"
