"""Renews certificates of devices at two thirds of their life, and when the trusted roots change.

The key stays the device's, so nobody has to ask: the new certificate is offered as a document,
at each birth and on change, until the device says that it uses it.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.desired import device_key_of_certificate, seal_for_device
from edge.wire.joining.renewal import DOCUMENT, IdentityDocument
from edge.wire.messages import Desired
from hub.db import Database
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.register import (
    hold_device,
    keep_certificate,
    newest_good,
    publish_certificate,
)
from hub.enrolment.models import DeviceCertificate
from hub.ingest.models import DevicePresence
from hub.people import audit

log = logging.getLogger(__name__)

RENEW_EVERY_S = 60.0
# Many at once would be sealed in one turn of ingest; a city has hundreds of devices, a day minutes.
MOST_A_TURN = 20


class RenewalSource:
    """A :class:`hub.ingest.saying.desired.DesiredSource` of certificates that devices do not use yet."""

    def __init__(
        self,
        *,
        database: Database,
        authority: IssuingAuthority,
        signing_key: Ed25519PrivateKey,
        certificates: Path,
        life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        """Take collaborators.

        Args:
            database: Where certificates are.
            authority: Signs them.
            signing_key: The hub's, for documents.
            certificates: Folder of ``<device>.pem``, to seal to.
            life: Of a new certificate.
            now: The time, aware UTC.
        """
        self._database = database
        self._authority = authority
        self._signing_key = signing_key
        self._certificates = certificates
        self._life = life
        self._now = now
        self._offered: dict[str, str] = {}

    def renew(self) -> None:
        """Issue what is due; a chore of ingest."""
        now = self._now()
        with self._database.writing() as db:
            for row in due_certificates(db, self._authority.trust_digest, now)[:MOST_A_TURN]:
                hold_device(db, row.device)
                # Somebody may have revoked it since it was found.
                db.refresh(row)
                if row.revoked_at is None:
                    self._renew_one(db, row, now)

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the newest certificate if the device uses another one."""
        with self._database.reading() as db:
            row, presence = newest_good(db, device), db.get(DevicePresence, device)
        is_used = row is None or presence is None or presence.certificate in ("", row.serial)
        if row is None or is_used or row.ends_at <= self._now():
            return ()
        return (self._seal(row),)

    def changed(self) -> Sequence[str]:
        """Return the devices that were given another certificate since the last call."""
        query = (
            select(DeviceCertificate.device, DeviceCertificate.serial)
            .where(DeviceCertificate.way == "renewal", DeviceCertificate.revoked_at.is_(None))
            .order_by(DeviceCertificate.issued_at)
        )
        with self._database.reading() as db:
            newest = {row.device: row.serial for row in db.execute(query)}
        due = [device for device, serial in newest.items() if self._offered.get(device) != serial]
        self._offered = newest
        return sorted(due)

    def _renew_one(self, db: Session, row: DeviceCertificate, now: datetime) -> None:
        key = x509.load_pem_x509_certificate(row.pem.encode()).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey), "the hub signs no others"
        certificate = self._authority.sign_device(row.device, key, now=now, life=self._life)
        trust = self._authority.trust_digest
        new = keep_certificate(db, certificate, way="renewal", now=now, trust_digest=trust, claim=row.claim)
        publish_certificate(self._certificates, row.device, new.pem.encode())
        target = f"device:{row.device}"
        audit.append(db, at=now, actor="system", action="device.renew", target=target, detail=new.serial)
        log.info("%s gets a new certificate, good until %s", row.device, new.ends_at.date())

    def _seal(self, row: DeviceCertificate) -> Desired:
        document = IdentityDocument(
            certificate=row.pem,
            ca=self._authority.trust_pem.decode(),
            hub_keys=self._authority.hub_keys_pem.decode(),
        )
        return seal_for_device(
            DOCUMENT,
            int(row.issued_at.timestamp() * 1000),
            msgspec.json.encode(document),
            device=row.device,
            device_key=device_key_of_certificate(row.pem.encode()),
            signing_key=self._signing_key,
        )


def due_certificates(db: Session, trust_digest: str, now: datetime) -> list[DeviceCertificate]:
    """Return the newest good certificate of each device that is past two thirds of its life.

    Also those that were given with other roots than today's. One that expired is beyond renewal.
    """
    rows = db.scalars(
        select(DeviceCertificate)
        .where(DeviceCertificate.revoked_at.is_(None))
        .order_by(DeviceCertificate.issued_at)
    )
    newest = {row.device: row for row in rows}
    return [
        row
        for row in newest.values()
        if row.ends_at > now and (_is_old(row, now) or row.trust_digest != trust_digest)
    ]


def _is_old(row: DeviceCertificate, now: datetime) -> bool:
    return now >= row.issued_at + (row.ends_at - row.issued_at) * 2 / 3
