"""Building and reading X.509: pure but for reading a file.

Must not decide who gets what; that is ``ca.py``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from edge.wire.joining import certificates
from edge.wire.joining.certificates import to_pem as to_pem
from provisioning.errors import ProvisioningError

ORGANISATION = "Kota Pontianak"
# A Pi without a battery clock wakes up in 1970 and must reach its hub all the same: what a
# *device* verifies has no beginning that its clock could miss.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def read_certificate(path: Path) -> x509.Certificate:
    """Read a certificate.

    Raises:
        ProvisioningError: it is missing or garbled.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ProvisioningError(f"{path} cannot be read as a certificate: {error}") from error


def read_request(request: bytes) -> x509.CertificateSigningRequest:
    """Read a CSR and make sure that it is signed by the P-256 key it carries.

    Raises:
        ProvisioningError: it is not.
    """
    try:
        return certificates.read_request(request)
    except certificates.CertificateError as error:
        raise ProvisioningError(str(error)) from error


def common_name(name: x509.Name) -> str:
    """Return the one common name of a subject.

    Raises:
        ProvisioningError: it has none, or several.
    """
    try:
        return certificates.common_name(name)
    except certificates.CertificateError as error:
        raise ProvisioningError(str(error)) from error


def general_name(host: str) -> x509.GeneralName:
    """Return an address or a host name as a subject alternative name."""
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def server_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names and addresses that a server's certificate is for; empty for others."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(name.value) for name in names)


def begin_certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: CertificatePublicKeyTypes,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    """Return a builder with all that every certificate has."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def key_identifier(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    """Return the extension that says which key signed."""
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def new_authority(name: str, parent: Issuer | None, ends: datetime) -> Issuer:
    """Make a root (without parent) or an issuer that may sign leaves only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    issuer_name = subject if parent is None else parent.certificate.subject
    builder = begin_certificate(subject, issuer_name, key.public_key(), BEGINNING, ends)
    path_length = 1 if parent is None else 0
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_signs_certificates(), critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    if parent is not None:
        builder = builder.add_extension(key_identifier(parent), critical=False)
    return Issuer(builder.sign(key if parent is None else parent.key, hashes.SHA256()), key)


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
