"""A device's whole identity in one encrypted file, for sites without a network.

The only place where the hub makes a key of a device: it is in memory until the file is sealed, and
nowhere after. Takes a session, never commits.
"""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from edge.wire.joining.bundle import Bundle, BundleError, seal_bundle
from edge.wire.joining.enrolment import Camera, Door, Role
from hub.enrolment.claiming.claims import OWN_CAMERA, sources_of
from hub.enrolment.claiming.joining import REPLACED, Surroundings, enrolled_of, put_sources
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.register import (
    admit,
    certificates_of,
    hold_device,
    keep_certificate,
    publish_certificate,
)
from hub.enrolment.issuing.revocation import revoke_certificate
from hub.errors import InputError
from hub.people import audit


def make_bundle(
    db: Session,
    device: str,
    role: Role,
    passphrase: str,
    *,
    authority: IssuingAuthority,
    around: Surroundings,
    certificates: Path,
    actor: str,
    now: datetime,
) -> bytes:
    """Return the file; earlier certificates of the device are revoked.

    Args:
        db: A writing session.
        device: Of the inventory.
        role: Whether it reads cameras or doors.
        passphrase: To be told by another way than the file goes.
        authority: Signs.
        around: Broker and key of the hub.
        certificates: Folder of ``<device>.pem``, for what is sealed to the device later.
        actor: Who asks.
        now: The time, aware UTC.

    Raises:
        InputError: no such device, or the passphrase is too short.
    """
    row = hold_device(db, device)
    if row is None or row.is_retired:
        raise InputError(f"perangkat {device!r} tidak ada di inventaris; tambahkan dulu")
    key = ec.generate_private_key(ec.SECP256R1())
    for old in certificates_of(db, device):
        if old.revoked_at is None:
            revoke_certificate(db, old, actor=actor, reason=REPLACED, now=now)
    admit(db, device)
    certificate = authority.sign_device(device, key.public_key(), now=now, life=around.life)
    kept = keep_certificate(db, certificate, way="bundle", now=now, trust_digest=authority.trust_digest)
    put_sources(db, device, role, name=row.name)
    names = sources_of(db, device, role)
    enrolled = enrolled_of(
        db,
        kept,
        authority=authority,
        around=around,
        now=now,
        cameras=tuple(Camera(id=name, source=OWN_CAMERA) for name in names) if role is Role.CAMERA else (),
        doors=tuple(Door(id=name, source=OWN_CAMERA) for name in names) if role is Role.DOOR else (),
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        sealed = seal_bundle(Bundle(enrolled=enrolled, key=pem.decode()), passphrase)
    except BundleError as error:
        raise InputError(str(error)) from error
    publish_certificate(certificates, device, kept.pem.encode())
    audit.append(
        db, at=now, actor=actor, action="device.bundle", target=f"device:{device}", detail=kept.serial
    )
    return sealed
