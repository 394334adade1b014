"""Certificates of devices in the database: kept, looked up, and who may speak.

Takes a session, never commits.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from edge.wire.joining.certificates import CertificateError, common_name, key_digest, serial_text, to_pem
from hub.enrolment.issuing.files import replace_file
from hub.enrolment.models import DeviceCertificate, DeviceRefusal
from hub.errors import InputError
from hub.people import audit
from hub.places.models import Device


def keep_certificate(
    db: Session,
    certificate: x509.Certificate,
    *,
    way: str,
    now: datetime,
    trust_digest: str = "",
    claim: str = "",
) -> DeviceCertificate:
    """Record a certificate; one that is recorded already stays as it is."""
    serial = serial_text(certificate)
    row = db.get(DeviceCertificate, serial)
    if row is None:
        row = DeviceCertificate(
            serial=serial,
            device=common_name(certificate.subject),
            pem=to_pem(certificate).decode(),
            key_digest=key_digest(certificate.public_key()),
            trust_digest=trust_digest,
            way=way,
            claim=claim,
            issued_at=now,
            ends_at=certificate.not_valid_after_utc,
        )
        db.add(row)
        db.flush()
    return row


def register_known(db: Session, folder: Path, *, trust_digest: str, now: datetime) -> int:
    """Record the certificates that lie in the hub's folder of devices and were made elsewhere.

    Returns:
        How many were not recorded before.

    Raises:
        InputError: a file is no certificate of the device it is named after.
    """
    paths = sorted(folder.glob("*.pem"))
    return sum(register_file(db, path, trust_digest=trust_digest, now=now) for path in paths)


def register_file(db: Session, path: Path, *, trust_digest: str, now: datetime) -> bool:
    """Record one certificate that was made elsewhere; return whether it was not recorded before.

    Raises:
        InputError: the file is no certificate of the device it is named after.
    """
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        device = common_name(certificate.subject)
    except (OSError, ValueError, CertificateError) as error:
        raise InputError(
            f"{path.name}: bukan sertifikat perangkat ({error}); hapus atau salin ulang"
        ) from error
    if device != path.stem:
        raise InputError(f"{path.name}: sertifikat untuk {device}; beri nama {device}.pem")
    if db.get(DeviceCertificate, serial_text(certificate)) is not None or db.get(Device, device) is None:
        return False
    keep_certificate(db, certificate, way="known", now=now, trust_digest=trust_digest)
    target = f"device:{device}"
    audit.append(db, at=now, actor="system", action="device.certificate", target=target, detail="known")
    return True


def hold_device(db: Session, device: str) -> Device | None:
    """Return a device, and let nobody else give or take certificates of it until this is committed.

    Whoever also locks a claim code locks the device first, so that two never wait for each other.
    """
    return db.get(Device, device, with_for_update=True, populate_existing=True)


def certificates_of(db: Session, device: str) -> Sequence[DeviceCertificate]:
    """Return all certificates of a device, newest first."""
    query = select(DeviceCertificate).where(DeviceCertificate.device == device)
    return db.scalars(query.order_by(DeviceCertificate.issued_at.desc(), DeviceCertificate.serial)).all()


def newest_good(db: Session, device: str) -> DeviceCertificate | None:
    """Return the newest certificate of a device that is not revoked, expired or not."""
    return next((row for row in certificates_of(db, device) if row.revoked_at is None), None)


def refused_devices(db: Session) -> frozenset[str]:
    """Return the devices of which nothing is taken in: taken out of service, or without a good certificate.

    A device of which no certificate was ever recorded is refused only when it was taken out of service.
    """
    good = select(DeviceCertificate.device).where(DeviceCertificate.revoked_at.is_(None))
    revoked = select(DeviceCertificate.device).where(
        DeviceCertificate.revoked_at.is_not(None), DeviceCertificate.device.not_in(good)
    )
    return frozenset(db.scalars(revoked.distinct())) | frozenset(db.scalars(select(DeviceRefusal.device)))


def admit(db: Session, device: str) -> None:
    """Let a device speak again that was taken out of service; whoever gives it a certificate does."""
    db.execute(delete(DeviceRefusal).where(DeviceRefusal.device == device))


def publish_certificate(folder: Path, device: str, pem: bytes) -> None:
    """Put a certificate where documents for its device are sealed to it.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / f"{device}.pem", pem)
