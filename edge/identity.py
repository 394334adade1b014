"""The key files of a device: read, and checked before anything rests on them.

Must not print what is in them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from edge.config import HubLink
from edge.errors import EdgeError
from edge.wire.desired import DesiredError, hub_keys_of_pem

T = TypeVar("T")

# A technician should hear of it while there is time for a visit.
WARN_BEFORE = timedelta(days=30)


class IdentityError(EdgeError):
    """A key file is missing, damaged or does not fit the others; names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the device is to the hub."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def common_name(self) -> str:
        """The device id in the certificate; empty when there is none."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""


def read_identity(hub: HubLink, *, device: str) -> Identity:
    """Read certificate, key and authority, and check that they belong together and to ``device``.

    Validity in time is for :func:`time_trouble`: a clock of 1970 must not keep a device from starting.

    Raises:
        IdentityError: one is missing, damaged, or does not fit.
    """
    certificate = _parse(hub.certificate, "certificate", x509.load_pem_x509_certificate)
    authorities = _parse(hub.ca, "ca", x509.load_pem_x509_certificates)
    key = _parse(hub.key, "key", lambda pem: load_pem_private_key(pem, password=None))
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise IdentityError(f"hub.key {hub.key}: not an EC P-256 key; enrol the device again")
    if certificate.public_key() != key.public_key():
        raise IdentityError(
            f"hub.key {hub.key}: does not belong to {hub.certificate}; enrol the device again"
        )
    if not any(_has_issued(authority, certificate) for authority in authorities):
        raise IdentityError(f"hub.certificate {hub.certificate}: not issued by {hub.ca}; copy both again")
    identity = Identity(certificate=certificate, key=key)
    if identity.common_name != device:
        raise IdentityError(
            f"hub.certificate {hub.certificate}: is for {identity.common_name!r}, but device is {device!r};"
            " use the certificate of this device"
        )
    return identity


def read_hub_keys(hub: HubLink) -> tuple[Ed25519PublicKey, ...]:
    """Return the keys by which the hub signs documents: one, or two while they change.

    Raises:
        IdentityError: missing, damaged, or another kind of key.
    """
    try:
        return hub_keys_of_pem(_parse(hub.hub_key, "hub_key", bytes))
    except DesiredError as error:
        raise IdentityError(f"hub.hub_key {hub.hub_key}: {error}") from error


def time_trouble(certificate: x509.Certificate, now: datetime) -> tuple[bool, str]:
    """Return whether a certificate is valid at ``now`` (UTC), and until when in words."""
    last, first = certificate.not_valid_after_utc, certificate.not_valid_before_utc
    if now < first:
        return (
            False,
            f"valid from {first:%Y-%m-%d %H:%M} UTC, but the clock says {now:%Y-%m-%d %H:%M}; set the clock",
        )
    if now > last:
        return False, f"expired on {last:%Y-%m-%d}; enrol the device again"
    days = (last - now).days
    return True, f"valid for {days} more days" + ("; renew it soon" if last - now < WARN_BEFORE else "")


def _has_issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _parse(path: str, name: str, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(Path(path).read_bytes())
    except FileNotFoundError as error:
        raise IdentityError(f"hub.{name} {path}: no such file; enrol the device or copy it here") from error
    except OSError as error:
        raise IdentityError(f"hub.{name} {path}: {error.strerror}; let this user read it") from error
    except (ValueError, TypeError) as error:
        raise IdentityError(f"hub.{name} {path}: no PEM file of the right kind; copy it again") from error
