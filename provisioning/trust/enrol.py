"""How a device, the hub and the broker get their certificates: own key, request, certificate.

The key is made where it is used and never leaves; only the request travels to the authority.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.joining.certificates import make_request as make_request
from provisioning.errors import ProvisioningError
from provisioning.trust.certificates import read_certificate
from provisioning.trust.keyfiles import ensure_ec_key, write_file

# A third of a device's 90 days: time enough to come back after a long outage.
RENEWED_BEFORE_END = timedelta(days=30)


def ensure_certificate(
    key_path: Path,
    certificate_path: Path,
    name: str,
    *,
    sign: Callable[[bytes], bytes],
    is_ours: Callable[[x509.Certificate], bool],
    now: datetime,
) -> bool:
    """Make sure of a key and a certificate that is good for a while; renewals keep the key.

    Args:
        key_path: Where the key is, or will be made.
        certificate_path: Where the certificate is, or will be put.
        name: Its common name.
        sign: Turns a request (PEM) into a certificate (PEM).
        is_ours: Whether the authority that signs now also signed a certificate.
        now: The present time.

    Returns:
        Whether a new certificate was made.

    Raises:
        ProvisioningError: a file cannot be written, the key is damaged or the request is refused.
    """
    key = ensure_ec_key(key_path)
    if certificate_path.exists() and is_good(certificate_path, key, is_ours, now):
        return False
    write_file(certificate_path, sign(make_request(key, name)))
    return True


def is_good(
    path: Path, key: ec.EllipticCurvePrivateKey, is_ours: Callable[[x509.Certificate], bool], now: datetime
) -> bool:
    """Return whether a certificate is readable, of this key, ours, and not due."""
    try:
        certificate = read_certificate(path)
    except ProvisioningError:
        return False  # damaged: it is simply made again
    is_of_key = certificate.public_key() == key.public_key()
    return is_of_key and is_ours(certificate) and not is_due(certificate, now)


def is_due(certificate: x509.Certificate, now: datetime) -> bool:
    """Return whether a certificate is so old that it should be renewed now."""
    return not (
        certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE_END
    )
