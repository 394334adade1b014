"""X.509 as devices and the city's issuer agree on it: requests, leaves, chains, fingerprints.

EC P-256 throughout. Pure: knows no file, no clock and no authority's secrets beyond the key it is
handed to sign with.
"""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import NameOID


class CertificateError(ValueError):
    """A request or certificate that cannot be used; says why."""


def make_request(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """Return the PEM of a request for ``name``, signed by its own key."""
    csr = x509.CertificateSigningRequestBuilder().subject_name(_named(name)).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM)


def read_request(request: bytes) -> x509.CertificateSigningRequest:
    """Read a CSR and make sure that it is signed by the P-256 key it carries.

    Raises:
        CertificateError: it is not.
    """
    try:
        csr = x509.load_pem_x509_csr(request)
    except ValueError as error:
        raise CertificateError(f"certificate request: not readable: {error}") from error
    if not csr.is_signature_valid:
        raise CertificateError("certificate request: not signed by its own key")
    request_key(csr)
    return csr


def request_key(csr: x509.CertificateSigningRequest) -> ec.EllipticCurvePublicKey:
    """Return the key of a request.

    Raises:
        CertificateError: it is not EC P-256.
    """
    key = csr.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CertificateError("certificate request: the key must be EC P-256")
    return key


def common_name(name: x509.Name) -> str:
    """Return the one common name of a subject.

    Raises:
        CertificateError: it has none, or several.
    """
    values = [attribute.value for attribute in name.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if len(values) != 1:
        raise CertificateError(f"certificate request: {len(values)} common names instead of one")
    return str(values[0])


def sign_leaf(
    name: str,
    key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
    usage: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    """Return a certificate that signs nothing itself; it outlives its issuer by no day.

    Args:
        name: Its common name, the only thing it says of its owner.
        key: Its owner's.
        issuer: Who signs.
        issuer_key: The key of ``issuer``.
        begins: From when it is good, UTC.
        ends: Until when.
        usage: Of the extended key usages: for a client or for a server.
        names: Hosts and addresses of a server.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(min(ends, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether ``issuer`` signed ``certificate``."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def find_root(certificate: x509.Certificate, trusted: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """Return the self-signed certificate at the end of a chain through ``trusted``, or ``None``."""
    others, seen = tuple(trusted), 0
    while not is_issued_by(certificate, certificate):
        issuer = next((one for one in others if is_issued_by(certificate, one)), None)
        if issuer is None or seen > len(others):
            return None
        certificate, seen = issuer, seen + 1
    return certificate


def serial_text(certificate: x509.Certificate) -> str:
    """Return the serial number as lower-case hexadecimal digits."""
    return f"{certificate.serial_number:x}"


def fingerprint(certificate: x509.Certificate) -> bytes:
    """Return the SHA-256 of a certificate's DER, 32 bytes."""
    return certificate.fingerprint(hashes.SHA256())


def key_digest(key: PublicKeyTypes) -> str:
    """Return the SHA-256 of a public key's SubjectPublicKeyInfo as 64 hexadecimal digits."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(
        key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return digest.finalize().hex()


def to_pem(certificate: x509.Certificate) -> bytes:
    """Return the PEM of a certificate."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
