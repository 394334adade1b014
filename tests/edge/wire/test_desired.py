"""Documents for one device: sealed, signed, and useless to everybody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.wire.desired import (
    DesiredError,
    device_key_of_certificate,
    hub_keys_of_pem,
    open_desired,
    seal_for_device,
)
from edge.wire.messages import Desired, decode_desired, encode

HUB = Ed25519PrivateKey.generate()
NEXT_HUB = Ed25519PrivateKey.generate()
DEVICE = ec.generate_private_key(ec.SECP256R1())
PLAIN = b"nobody but pi-1 may read this"


def sealed(**changes: Any) -> Desired:
    message = seal_for_device(
        "roster", 7, PLAIN, device="pi-1", device_key=DEVICE.public_key(), signing_key=HUB
    )
    return msgspec.structs.replace(message, **changes)


def opened(message: Desired, **changes: Any) -> bytes:
    usual = {"device": "pi-1", "device_key": DEVICE, "hub_keys": [HUB.public_key()]}
    return open_desired(message, **(usual | changes))


def test_a_device_reads_what_was_sealed_for_it() -> None:
    assert opened(sealed()) == PLAIN


def test_a_document_survives_the_wire() -> None:
    assert opened(decode_desired(encode(sealed()))) == PLAIN


def test_a_document_signed_with_the_next_key_is_read_while_keys_change() -> None:
    message = seal_for_device(
        "roster", 7, PLAIN, device="pi-1", device_key=DEVICE.public_key(), signing_key=NEXT_HUB
    )
    assert opened(message, hub_keys=[HUB.public_key(), NEXT_HUB.public_key()]) == PLAIN
    with pytest.raises(DesiredError, match="not signed by the hub"):
        opened(message)


def pem_of(*keys: Any) -> bytes:
    parts = (key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in keys)
    return b"".join(parts)


def test_one_key_or_two_of_the_hub_are_read_and_nothing_else() -> None:
    both = HUB.public_key(), NEXT_HUB.public_key()
    assert hub_keys_of_pem(pem_of(both[0])) == both[:1]
    assert hub_keys_of_pem(pem_of(*both)) == both
    with pytest.raises(DesiredError, match="no public key"):
        hub_keys_of_pem(b"")
    with pytest.raises(DesiredError, match="not an Ed25519"):
        hub_keys_of_pem(pem_of(both[0], DEVICE.public_key()))
    with pytest.raises(DesiredError, match="garbled"):
        hub_keys_of_pem(b"nothing\n-----END PUBLIC KEY-----\n")


def test_the_plain_text_does_not_travel() -> None:
    assert PLAIN not in encode(sealed())


@pytest.mark.parametrize(
    "changes",
    [{"document": "config"}, {"version": 8}, {"version": 6}, {"sealed": "AAAA"}, {"signature": "AAAA"}],
)
def test_a_document_that_was_changed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DesiredError, match="not signed by the hub for this device"):
        opened(sealed(**changes))


def test_a_document_for_another_device_is_refused() -> None:
    with pytest.raises(DesiredError, match="not signed by the hub for this device"):
        opened(sealed(), device="pi-2")


def test_another_key_cannot_open_a_document() -> None:
    with pytest.raises(DesiredError, match="not sealed to this device"):
        opened(sealed(), device_key=ec.generate_private_key(ec.SECP256R1()))


def test_a_seal_that_is_no_seal_is_refused_even_when_signed() -> None:
    # Only the hub could make one; a bug there must not stop the door.
    import base64

    from edge.wire import desired

    rubbish = b"\x05" * 50
    label = desired._label("roster", 7, "pi-1")
    signature = HUB.sign(desired._SIGN_DOMAIN + label + rubbish)
    message = sealed(
        sealed=base64.b64encode(rubbish).decode(), signature=base64.b64encode(signature).decode()
    )
    with pytest.raises(DesiredError, match="not sealed to this device"):
        opened(message)


@pytest.mark.parametrize("field", ["sealed", "signature"])
def test_what_is_not_base64_is_refused(field: str) -> None:
    with pytest.raises(DesiredError, match="not base64"):
        opened(sealed(**{field: "no base64 é"}))


def certificate(key: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pi-1")])
    now = datetime(2026, 11, 21, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    algorithm = None if isinstance(key, Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)


def test_the_key_to_seal_to_comes_from_the_certificate() -> None:
    key = device_key_of_certificate(certificate(DEVICE))
    message = seal_for_device("roster", 1, PLAIN, device="pi-1", device_key=key, signing_key=HUB)
    assert opened(message) == PLAIN


@pytest.mark.parametrize("key", [Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())])
def test_a_certificate_with_another_kind_of_key_is_refused(key: Any) -> None:
    with pytest.raises(DesiredError, match="P-256"):
        device_key_of_certificate(certificate(key))
