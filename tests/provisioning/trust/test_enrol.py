"""Keys stay where they are made, and certificates are renewed in time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from provisioning.trust.ca import CityAuthority
from provisioning.trust.certificates import read_certificate
from provisioning.trust.enrol import ensure_certificate


@pytest.fixture
def enrol(authority: CityAuthority, tmp_path: Path) -> Callable[..., bool]:
    def run(now: datetime, signer: CityAuthority = authority) -> bool:
        return ensure_certificate(
            tmp_path / "device.key",
            tmp_path / "device.pem",
            "pi-satu",
            sign=lambda csr: signer.sign_device(csr, now=now),
            is_ours=signer.has_issued,
            now=now,
        )

    return run


def test_a_good_certificate_is_kept(enrol, now, tmp_path: Path) -> None:
    assert enrol(now)
    before = (tmp_path / "device.pem").read_bytes()
    assert not enrol(now + timedelta(days=59))
    assert (tmp_path / "device.pem").read_bytes() == before


@pytest.mark.parametrize("days", [61, 91, 1000, -2])
def test_a_certificate_that_is_due_is_renewed_for_its_key(enrol, now, tmp_path: Path, days: int) -> None:
    enrol(now)
    key = (tmp_path / "device.key").read_bytes()
    later = now + timedelta(days=days)
    assert enrol(later)
    assert (tmp_path / "device.key").read_bytes() == key
    certificate = read_certificate(tmp_path / "device.pem")
    assert certificate.not_valid_before_utc <= later < certificate.not_valid_after_utc


def test_a_certificate_of_another_authority_is_replaced(enrol, now, tmp_path: Path) -> None:
    enrol(now)
    other = CityAuthority(tmp_path / "other", now=now)
    assert enrol(now, other)
    assert other.has_issued(read_certificate(tmp_path / "device.pem"))


def test_a_certificate_of_another_key_or_a_damaged_one_is_replaced(enrol, now, tmp_path: Path) -> None:
    enrol(now)
    (tmp_path / "device.key").unlink()
    assert enrol(now)
    (tmp_path / "device.pem").write_bytes(b"garbled")
    assert enrol(now)
    assert not enrol(now)
