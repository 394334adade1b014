"""The city's certificate authority: a root that stays offline, and the issuer it has signed.

Keys of devices never come here: a device makes its own and sends a request (CSR), see
``enrol.py``. Must not speak to a network.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from edge.wire.joining.certificates import is_issued_by, request_key, sign_leaf
from edge.wire.topics import HUB_USER, TopicError, check_device_id
from provisioning.errors import ProvisioningError
from provisioning.trust.certificates import (
    BEGINNING,
    Issuer,
    common_name,
    general_name,
    new_authority,
    read_certificate,
    read_request,
    to_pem,
)
from provisioning.trust.keyfiles import private_folder, read_ec_key, write_file, write_private_key

ROOT_LIFE = timedelta(days=20 * 365)
ISSUER_LIFE = timedelta(days=10 * 365)
SERVER_LIFE = timedelta(days=397)
CLIENT_LIFE = timedelta(days=90)
# The broker refuses everybody once its list is out of date, so the list outlives forgetfulness.
REVOCATION_LIST_LIFE = timedelta(days=5 * 365)
# A broker whose clock is a little behind must not refuse a new device.
BACKDATED = timedelta(days=1)


def root_keys_beside(folder: Path) -> list[Path]:
    """Return the keys of roots that still lie with the authority they vouch for, instead of in a safe.

    Raises:
        ProvisioningError: the folder is not there, or only root may look.
    """
    try:
        folders = [one for one in folder.iterdir() if one.is_dir() and one.name.startswith("root")]
        return sorted(key for one in folders for key in one.iterdir() if key.name == "root.key")
    except OSError as error:
        raise ProvisioningError(
            f"{folder}: {error.strerror}; name the authority's folder, as root"
        ) from error


class CityAuthority:
    """Signs certificates of the city's broker, hub and devices.

    Folder: ``root/`` (key and certificate; move it to a safe, nothing here reads its key
    again), ``issuing.key``, ``issuing.pem``, ``ca.pem`` (what everybody trusts) and ``crl.pem``.
    """

    def __init__(self, folder: Path, *, now: datetime) -> None:
        """Open the authority in ``folder``; what is missing is made, what is there is kept.

        Args:
            folder: Where it lives; made for its owner only.
            now: The time that new certificates begin at, less a day.

        Raises:
            ProvisioningError: the folder cannot be written, or a key in it is damaged.
        """
        self.folder = folder
        try:
            private_folder(folder)
        except OSError as error:
            raise ProvisioningError(f"{folder} cannot be made: {error.strerror}; choose another") from error
        if not (folder / "issuing.pem").exists():
            self._found(now)
        self._issuer = Issuer(read_certificate(folder / "issuing.pem"), read_ec_key(folder / "issuing.key"))
        if not self.revocation_list_path.exists():
            self._write_revocations([], now)

    @property
    def trust_path(self) -> Path:
        """The PEM bundle that broker, hub and devices trust: issuer and root."""
        return self.folder / "ca.pem"

    @property
    def revocation_list_path(self) -> Path:
        """The CRL for the broker, which reads it again at SIGHUP."""
        return self.folder / "crl.pem"

    def sign_device(self, request: bytes, *, now: datetime) -> bytes:
        """Sign the request of a device; its CN becomes its MQTT user name.

        Args:
            request: PEM of a CSR with an EC P-256 key.
            now: The present time.

        Returns:
            The PEM of a certificate that is good for 90 days.

        Raises:
            ProvisioningError: the request is garbled, not signed by its own key, of another kind
                of key, or its CN is no device id.
        """
        csr = read_request(request)
        try:
            check_device_id(common_name(csr.subject))
        except TopicError as error:
            raise ProvisioningError(f"certificate request: {error}") from error
        return self._sign(csr, now - BACKDATED, now + CLIENT_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH)

    def sign_hub(self, request: bytes, *, now: datetime) -> bytes:
        """Sign the request of the hub, the one client that may read every device.

        Raises:
            ProvisioningError: as :meth:`sign_device`, or the CN is not the hub's.
        """
        csr = read_request(request)
        if common_name(csr.subject) != HUB_USER:
            raise ProvisioningError(f"certificate request: the hub's CN is {HUB_USER!r}")
        return self._sign(csr, now - BACKDATED, now + CLIENT_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH)

    def sign_server(
        self, request: bytes, hosts: Sequence[str], *, now: datetime, begins: datetime = BEGINNING
    ) -> bytes:
        """Sign the request of the broker for the names and addresses that it is reached by.

        Devices without a clock want a certificate that was always good; browsers refuse one whose
        life is long, so that of the screens ``begins`` today.
        """
        names = x509.SubjectAlternativeName([general_name(host) for host in hosts])
        return self._sign(
            read_request(request), begins, now + SERVER_LIFE, ExtendedKeyUsageOID.SERVER_AUTH, names
        )

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Return whether a certificate is ours, and not of an authority that was here before."""
        return is_issued_by(certificate, self._issuer.certificate)

    def revoke(self, certificate: x509.Certificate, *, now: datetime) -> None:
        """Refuse a certificate for ever; the broker must be told (SIGHUP)."""
        listed = x509.load_pem_x509_crl(self.revocation_list_path.read_bytes())
        serials = {entry.serial_number: entry for entry in listed}
        if certificate.serial_number in serials:
            return
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(now)
            .build()
        )
        self._write_revocations([*serials.values(), entry], now)

    def _found(self, now: datetime) -> None:
        """Make root and issuer; the issuer's certificate is written last, as the sign of completeness."""
        root_folder = private_folder(self.folder / "root")
        root = new_authority("Pontive Root", None, now + ROOT_LIFE)
        issuer = new_authority("Pontive Issuing", root, now + ISSUER_LIFE)
        write_private_key(root_folder / "root.key", root.key)
        write_file(root_folder / "root.pem", to_pem(root.certificate))
        write_private_key(self.folder / "issuing.key", issuer.key)
        write_file(self.trust_path, to_pem(issuer.certificate) + to_pem(root.certificate))
        self.revocation_list_path.unlink(missing_ok=True)
        write_file(self.folder / "issuing.pem", to_pem(issuer.certificate))

    def _sign(
        self,
        csr: x509.CertificateSigningRequest,
        begins: datetime,
        ends: datetime,
        usage: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None = None,
    ) -> bytes:
        # Only the name and the key of a request are taken over; what it asks for besides is not.
        return to_pem(
            sign_leaf(
                common_name(csr.subject),
                request_key(csr),
                issuer=self._issuer.certificate,
                issuer_key=self._issuer.key,
                begins=begins,
                ends=ends,
                usage=usage,
                names=names,
            )
        )

    def _write_revocations(self, entries: Sequence[x509.RevokedCertificate], now: datetime) -> None:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._issuer.certificate.subject)
            .last_update(now - BACKDATED)
            .next_update(now + REVOCATION_LIST_LIFE)
        )
        for entry in entries:
            builder = builder.add_revoked_certificate(entry)
        signed = builder.sign(self._issuer.key, hashes.SHA256())
        write_file(self.revocation_list_path, signed.public_bytes(serialization.Encoding.PEM))
