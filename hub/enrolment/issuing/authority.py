"""The issuing authority: signs certificates of devices and lists of revoked ones.

Its key lives with the hub; the root that vouches for it does not. Must not know the database.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from edge.wire.joining.certificates import find_root, fingerprint, sign_leaf, to_pem
from hub.errors import ConfigError

# A broker whose clock is a little behind must not refuse a new device.
BACKDATED = timedelta(days=1)
# The broker refuses everybody once its list is out of date, so the list outlives forgetfulness.
LIST_LIFE = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class IssuingAuthority:
    """One folder with the issuer in force, the one before it if there is one, and what devices trust."""

    def __init__(self, folder: Path, *, hub_keys: bytes = b"") -> None:
        """Read ``issuing.key``, ``issuing.pem``, ``ca.pem`` and, if there, ``previous.*`` and ``crl.pem``.

        Args:
            folder: Where they lie.
            hub_keys: PEM of the keys that devices are to trust besides, which come with a certificate.

        Raises:
            ConfigError: something is missing, garbled, or does not belong together.
        """
        self.hub_keys_pem = hub_keys
        self._issuer = _read_issuer(folder, "issuing")
        has_previous = (folder / "previous.pem").exists()
        self._issuers = (self._issuer, *([_read_issuer(folder, "previous")] if has_previous else []))
        self.trust_pem = _read(folder / "ca.pem")
        self._trusted = _parse(folder / "ca.pem", self.trust_pem)
        root = find_root(self._issuer.certificate, self._trusted)
        if root is None:
            raise ConfigError(
                f"enrolment.folder {folder}: ca.pem has no root for issuing.pem; copy both again"
            )
        self.root = root
        self._listed = _listed_before(folder / "crl.pem")

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The issuer's key, to sign answers with."""
        return self._issuer.key

    @property
    def root_fingerprint(self) -> bytes:
        """What claim codes pin."""
        return fingerprint(self.root)

    @property
    def trust_digest(self) -> str:
        """Tells one set of trusted roots and keys, and who signs under them, from another."""
        signer = fingerprint(self._issuer.certificate)
        roots = b"".join(sorted(map(fingerprint, self._trusted)))
        return hashlib.sha256(signer + roots + self.hub_keys_pem).hexdigest()

    @property
    def chain(self) -> tuple[bytes, ...]:
        """PEM of the issuer and of its root."""
        return to_pem(self._issuer.certificate), to_pem(self.root)

    def sign_device(
        self, device: str, key: ec.EllipticCurvePublicKey, *, now: datetime, life: timedelta
    ) -> x509.Certificate:
        """Return a client certificate for a device, good from yesterday on."""
        return sign_leaf(
            device,
            key,
            issuer=self._issuer.certificate,
            issuer_key=self._issuer.key,
            begins=now - BACKDATED,
            ends=now + life,
            usage=ExtendedKeyUsageOID.CLIENT_AUTH,
        )

    def revocation_lists(self, revoked: Mapping[int, datetime], *, now: datetime) -> bytes:
        """Return the PEM of one list an issuer, each with every serial number that is revoked.

        Args:
            revoked: Serial number to since when.
            now: The lists begin a day before.
        """
        entries = [_entry(serial, at) for serial, at in sorted({**self._listed, **revoked}.items())]
        return b"".join(_list_of(issuer, entries, now) for issuer in self._issuers)


def _list_of(issuer: Issuer, entries: Sequence[x509.RevokedCertificate], now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - BACKDATED)
        .next_update(now + LIST_LIFE)
        # Two issuers of one name are told apart by their key.
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _entry(serial: int, at: datetime) -> x509.RevokedCertificate:
    return x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()


def _listed_before(path: Path) -> dict[int, datetime]:
    """Return what ``pontive-provision ca revoke`` listed, so that it stays revoked."""
    if not path.exists():
        return {}
    try:
        listed = x509.load_pem_x509_crl(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as a revocation list ({error}); remove it") from error
    return {entry.serial_number: entry.revocation_date_utc for entry in listed}


def _read_issuer(folder: Path, stem: str) -> Issuer:
    certificates = _parse(folder / f"{stem}.pem", _read(folder / f"{stem}.pem"))
    path = folder / f"{stem}.key"
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path}: cannot be read as a private key: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificates[0].public_key():
        raise ConfigError(f"{path}: does not belong to {stem}.pem; copy both again")
    return Issuer(certificates[0], key)


def _parse(path: Path, pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise ConfigError(f"{path}: cannot be read as certificates: {error}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigError(
            f"enrolment: {path}: {reason}; make an issuing authority with pontive-provision ca init"
        ) from error
