"""Key files of a device: each way they can be wrong is named with its remedy."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from edge.identity import IdentityError, read_hub_keys, read_identity, time_trouble
from tests.edge.agent_city import Device


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def pem_of(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def other_key(folder: Path) -> None:
    (folder / "device.key").write_bytes(pem_of(ec.generate_private_key(ec.SECP256R1())))


def rsa_key(folder: Path) -> None:
    (folder / "device.key").write_bytes(pem_of(rsa.generate_private_key(65_537, 2_048)))


def other_city(folder: Path) -> None:
    (folder / "ca.pem").write_bytes((Device(folder / "elsewhere").folder / "ca.pem").read_bytes())


def test_a_fresh_device_is_who_it_says(device: Device) -> None:
    identity = read_identity(device.configure().hub, device="pi-1")
    assert identity.common_name == "pi-1"
    is_valid, detail = time_trouble(identity.certificate, datetime.now(UTC))
    assert is_valid
    assert "more days" in detail


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "device.pem").unlink(), r"hub\.certificate .*no such file; enrol"),
        (lambda folder: (folder / "ca.pem").write_text("garbage"), r"hub\.ca .*no PEM file"),
        (lambda folder: (folder / "device.key").write_text("garbage"), r"hub\.key .*no PEM file"),
        (
            lambda folder: [(folder / "device.key").unlink(), (folder / "device.key").mkdir()],
            r"hub\.key .*Is a directory",
        ),
        (other_key, r"hub\.key .*does not belong"),
        (rsa_key, r"hub\.key .*not an EC P-256"),
        (other_city, r"hub\.certificate .*not issued by"),
    ],
)
def test_each_wrong_file_is_named(device: Device, spoil: Callable[[Path], object], words: str) -> None:
    config = device.configure()
    spoil(device.folder)
    with pytest.raises(IdentityError, match=words):
        read_identity(config.hub, device="pi-1")


def test_the_certificate_of_another_device_is_refused(device: Device) -> None:
    with pytest.raises(IdentityError, match="is for 'pi-1', but device is 'pi-2'"):
        read_identity(device.configure().hub, device="pi-2")


def test_a_clock_outside_of_the_certificate_is_told_apart(device: Device) -> None:
    certificate = read_identity(device.configure().hub, device="pi-1").certificate
    assert "set the clock" in time_trouble(certificate, datetime(1970, 1, 2, tzinfo=UTC))[1]
    is_valid, detail = time_trouble(certificate, certificate.not_valid_after_utc + timedelta(days=1))
    assert not is_valid
    assert "enrol the device again" in detail
    is_valid, detail = time_trouble(certificate, certificate.not_valid_after_utc - timedelta(days=3))
    assert is_valid
    assert "renew it soon" in detail


def test_the_hub_key_is_ed25519_or_refused(device: Device) -> None:
    hub = device.configure().hub
    assert read_hub_keys(hub) == (device.signing_key.public_key(),)
    Path(hub.hub_key).write_bytes(
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(IdentityError, match="not an Ed25519"):
        read_hub_keys(hub)
