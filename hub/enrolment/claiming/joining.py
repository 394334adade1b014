"""A blank device asks for its certificate: everything that is checked, and what it gets.

Takes a session, never commits. The same question of the same device may be asked again (a power cut
lost the answer) and is answered again; by another device it is refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.joining.certificates import CertificateError, key_digest, read_request, request_key
from edge.wire.joining.claims import is_proven
from edge.wire.joining.enrolment import Camera, Door, Enrolled, EnrolRequest, RefusalReason, Role
from hub.enrolment.claiming.claims import OWN_CAMERA, sources_of
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.register import (
    admit,
    certificates_of,
    hold_device,
    keep_certificate,
)
from hub.enrolment.issuing.revocation import revoke_certificate
from hub.enrolment.models import DeviceCertificate, DeviceClaim
from hub.errors import HubError
from hub.people import audit
from hub.places.models import CityCamera, Device, Site
from hub.places.models import Door as CityDoor

# Long enough for somebody to come back with a new power supply.
ASK_AGAIN = timedelta(hours=24)
REPLACED = "digantikan oleh pemasangan baru"


class EnrolmentRefusedError(HubError):
    """The device gets nothing; ``reason`` says why."""

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        """Take the reason and a sentence for the technician."""
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every device is told, and what certificates are like."""

    hub_key: str
    broker_host: str
    broker_port: int
    life: timedelta


MayEnrol = Callable[[Session, int, str], bool]


def join(
    db: Session,
    asked: EnrolRequest,
    *,
    authority: IssuingAuthority,
    around: Surroundings,
    may_enrol: MayEnrol,
    now: datetime,
) -> tuple[Enrolled, ec.EllipticCurvePublicKey]:
    """Give a device its certificate.

    Args:
        db: A writing session.
        asked: What the device sent.
        authority: Signs.
        around: Broker and key of the hub.
        may_enrol: Whether an account may still put devices into service at a site.
        now: The time, aware UTC.

    Returns:
        What the device gets, and the key to seal it to.

    Raises:
        EnrolmentRefusedError: it gets nothing; nothing was written.
    """
    claim, key = _proven(db, asked)
    # Two boards may hold one code, and somebody may be revoking the device: one after the other.
    hold_device(db, claim.device)
    db.refresh(claim, with_for_update=True)
    digest = key_digest(key)
    if claim.used_at is None:
        _check_first_use(db, claim, asked, may_enrol, now)
        row = _issue(db, claim, key, authority, around, now)
        claim.used_at, claim.used_key, claim.hardware = now, digest, asked.hardware
    else:
        row = _issued_before(db, claim, digest, now)
    return _answer(db, claim, row, authority, around, now), key


def _proven(db: Session, asked: EnrolRequest) -> tuple[DeviceClaim, ec.EllipticCurvePublicKey]:
    try:
        key = request_key(read_request(asked.request.encode()))
    except CertificateError as error:
        raise EnrolmentRefusedError(
            RefusalReason.GARBLED, f"Permintaan sertifikat rusak ({error}); ulangi pemasangan."
        ) from error
    claim = db.get(DeviceClaim, asked.claim)
    if claim is None or not is_proven(
        bytes.fromhex(claim.proof_key), asked.request.encode(), asked.nonce, asked.proof
    ):
        raise EnrolmentRefusedError(
            RefusalReason.UNKNOWN, "Kode pemasangan tidak dikenal; periksa kodenya atau buat yang baru."
        )
    return claim, key


def _check_first_use(
    db: Session, claim: DeviceClaim, asked: EnrolRequest, may_enrol: MayEnrol, now: datetime
) -> None:
    site = db.get(Site, claim.site)
    device = db.get(Device, claim.device)
    if claim.cancelled_at is not None:
        raise EnrolmentRefusedError(RefusalReason.CANCELLED, "Kode ini dibatalkan; buat yang baru.")
    if claim.expires_at <= now:
        raise EnrolmentRefusedError(RefusalReason.EXPIRED, "Kode ini sudah lewat waktunya; buat yang baru.")
    if site is None or site.is_retired or (device is not None and device.site != claim.site):
        raise EnrolmentRefusedError(
            RefusalReason.SITE_GONE,
            f"Titik {claim.site} sudah tidak ada atau berubah di inventaris;"
            " buat kode baru di titik yang benar.",
        )
    if device is not None and device.is_retired:
        raise EnrolmentRefusedError(
            # Devices of earlier versions know no reason of its own.
            RefusalReason.SITE_GONE,
            f"Perangkat {claim.device} sudah pensiun di inventaris;"
            " kembalikan dulu, atau buat kode untuk perangkat lain.",
        )
    if asked.card and asked.card != claim.device:
        raise EnrolmentRefusedError(
            RefusalReason.OTHER_CARD,
            f"Kartu ini disiapkan untuk {asked.card}, kodenya untuk {claim.device}:"
            " pakai kartu atau kode yang cocok.",
        )
    if claim.account_id is not None and not may_enrol(db, claim.account_id, claim.site):
        raise EnrolmentRefusedError(
            RefusalReason.RIGHTS,
            f"Akun {claim.made_by} tidak berwenang lagi memasang di titik ini; minta kode dari petugas lain.",
        )


def _issue(
    db: Session,
    claim: DeviceClaim,
    key: ec.EllipticCurvePublicKey,
    authority: IssuingAuthority,
    around: Surroundings,
    now: datetime,
) -> DeviceCertificate:
    put_in_inventory(db, claim)
    for old in certificates_of(db, claim.device):
        if old.revoked_at is None:
            revoke_certificate(db, old, actor=claim.made_by, reason=REPLACED, now=now)
    admit(db, claim.device)
    certificate = authority.sign_device(claim.device, key, now=now, life=around.life)
    audit.append(
        db,
        at=now,
        actor=claim.made_by,
        action="device.enrol",
        target=f"device:{claim.device}",
        detail=f"claim {claim.id}",
    )
    return keep_certificate(
        db, certificate, way="claim", now=now, trust_digest=authority.trust_digest, claim=claim.id
    )


def _issued_before(db: Session, claim: DeviceClaim, digest: str, now: datetime) -> DeviceCertificate:
    row = db.scalars(
        select(DeviceCertificate).where(
            DeviceCertificate.claim == claim.id, DeviceCertificate.revoked_at.is_(None)
        )
    ).first()
    is_same = row is not None and claim.used_key == digest
    if row is None or not is_same or claim.used_at is None or claim.used_at + ASK_AGAIN < now:
        raise EnrolmentRefusedError(
            RefusalReason.USED, f"Kode ini sudah dipakai untuk {claim.device}; buat yang baru."
        )
    return row


def put_in_inventory(db: Session, claim: DeviceClaim) -> None:
    """Add the device of a claim, with one camera or door, when the inventory has none."""
    if db.get(Device, claim.device) is None:
        db.add(Device(id=claim.device, site=claim.site, name=claim.name, is_retired=False))
        db.flush()
    put_sources(db, claim.device, Role(claim.role), name=claim.name)


def put_sources(db: Session, device: str, role: Role, *, name: str) -> None:
    """Add a camera or door to a device that has none; what it will say of one that is not listed is lost."""
    table = CityDoor if role is Role.DOOR else CityCamera
    for source in sources_of(db, device, role):
        if db.get(table, (device, source)) is None:
            db.add(_new_source(device, role, source, name))
    db.flush()


def _new_source(device: str, role: Role, source: str, name: str) -> CityDoor | CityCamera:
    if role is Role.DOOR:
        return CityDoor(device=device, id=source, name=name, direction="both", is_retired=False)
    return CityCamera(device=device, id=source, name=name, kind="fixed", medium="fibre", is_retired=False)


def _answer(
    db: Session,
    claim: DeviceClaim,
    row: DeviceCertificate,
    authority: IssuingAuthority,
    around: Surroundings,
    now: datetime,
) -> Enrolled:
    role, typed = Role(claim.role), json.loads(claim.sources_json)
    sources = {name: typed.get(name) or OWN_CAMERA for name in sources_of(db, claim.device, role)}
    is_door = role is Role.DOOR
    return enrolled_of(
        db,
        row,
        authority=authority,
        around=around,
        now=now,
        cameras=() if is_door else tuple(Camera(id=name, source=source) for name, source in sources.items()),
        doors=_doors(db, claim.device, sources) if is_door else (),
    )


def enrolled_of(
    db: Session,
    row: DeviceCertificate,
    *,
    authority: IssuingAuthority,
    around: Surroundings,
    now: datetime,
    cameras: tuple[Camera, ...] = (),
    doors: tuple[Door, ...] = (),
) -> Enrolled:
    """Return what the owner of a certificate is told."""
    site = db.get_one(Site, db.get_one(Device, row.device).site)
    return Enrolled(
        device=row.device,
        site=site.name[:64],
        at=now,
        certificate=row.pem,
        ca=authority.trust_pem.decode(),
        hub_key=around.hub_key,
        broker_host=around.broker_host,
        broker_port=around.broker_port,
        cameras=cameras,
        doors=doors,
    )


def _doors(db: Session, device: str, sources: dict[str, str]) -> tuple[Door, ...]:
    def direction(name: str) -> str:
        row = db.get(CityDoor, (device, name))
        return "both" if row is None else row.direction

    return tuple(Door(id=name, source=source, direction=direction(name)) for name, source in sources.items())
