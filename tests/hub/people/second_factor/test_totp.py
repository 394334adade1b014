"""Codes of the moment, against the vectors of RFC 6238 (2011), appendix B."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.people.second_factor import totp

RFC_SECRET = b"12345678901234567890"
# Seconds and the eight figures of SHA-1.
RFC_VECTORS = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)


@pytest.mark.parametrize(("seconds", "code"), RFC_VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_of(RFC_SECRET, seconds // totp.STEP_S, figures=8) == code
    assert totp.code_of(RFC_SECRET, seconds // totp.STEP_S) == code[2:]


def test_a_phone_may_be_one_step_off_and_no_more() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    here = totp.step_of(now)
    taken = [
        offset
        for offset in range(-4, 5)
        if totp.matching_step(RFC_SECRET, totp.code_of(RFC_SECRET, here + offset), now=now, after=0)
    ]
    assert taken == [-1, 0, 1]


def test_a_code_that_was_used_is_refused_and_so_is_every_one_before() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    here = totp.step_of(now)
    for offset in (-1, 0):
        typed = totp.code_of(RFC_SECRET, here + offset)
        assert totp.matching_step(RFC_SECRET, typed, now=now, after=here) is None
    assert totp.matching_step(RFC_SECRET, "１２３４５６", now=now, after=0) is None


def test_an_app_reads_secret_account_and_issuer_from_the_address() -> None:
    address = urlsplit(totp.app_address(RFC_SECRET, account="siti.101", issuer="Pontive Kota Pontianak"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Pontive%20Kota%20Pontianak:siti.101"
    fields = parse_qs(address.query)
    assert fields["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert fields["issuer"] == ["Pontive Kota Pontianak"]
    assert totp.readable_secret(RFC_SECRET).startswith("GEZD GNBV")
