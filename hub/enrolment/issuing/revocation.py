"""Taking a device out of service at once: its certificates, its sessions, its records.

The hub refuses its records as soon as this is committed. The broker is told through two files
(``crl.pem`` and ``denied``), which its supervisor takes over and reads in within seconds; and
the device's open connections are taken over, because mosquitto looks at a list of revoked
certificates only when somebody connects (measured, ADR 0013).
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import Database
from hub.enrolment.claiming.claims import cancel_claim, open_claims
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.files import replace_file
from hub.enrolment.issuing.register import (
    certificates_of,
    hold_device,
    refused_devices,
    register_file,
)
from hub.enrolment.models import DeviceCertificate, DeviceRefusal
from hub.errors import InputError
from hub.ingest.presence import is_any_online, take_off
from hub.people import audit

log = logging.getLogger(__name__)

CRL_FILE, DENIED_FILE = "crl.pem", "denied"
# After this nothing of the device can be left at a broker that reads its list within seconds.
KICKED_FOR = timedelta(seconds=60)
TELL_EVERY_S = 3.0


def revoke_certificate(
    db: Session, row: DeviceCertificate, *, actor: str, reason: str, now: datetime
) -> None:
    """Revoke one certificate for ever."""
    row.revoked_at, row.revoked_by, row.reason = now, actor[:64], reason.strip()[:200]
    _note(db, row.device, f"{row.serial}: {row.reason}", actor=actor, now=now)


def _note(db: Session, device: str, detail: str, *, actor: str, now: datetime) -> None:
    target = f"device:{device}"
    audit.append(db, at=now, actor=actor, action="device.revoke", target=target, detail=detail)


def revoke_device(
    db: Session, device: str, *, certificates: Path, actor: str, reason: str, now: datetime
) -> bool:
    """Take a device out of service: its certificates, its open codes, and whatever else it may show.

    Args:
        db: A writing session.
        device: Of the inventory.
        certificates: Folder of ``<device>.pem``, where one lies that was made elsewhere.
        actor: Who does it.
        reason: Why; it is kept.
        now: The time, aware UTC.

    Returns:
        Whether it was in service; if not, only certificates that were good by mistake are revoked.
    """
    hold_device(db, device)
    was_refused = device in refused_devices(db)
    _register(db, certificates / f"{device}.pem", now)
    # The label with the code lies in the box that was stolen.
    for claim in open_claims(db, now, device=device):
        cancel_claim(db, claim, actor=actor, now=now)
    good = [row for row in certificates_of(db, device) if row.revoked_at is None]
    for row in good:
        revoke_certificate(db, row, actor=actor, reason=reason, now=now)
    if db.get(DeviceRefusal, device) is None:
        db.add(DeviceRefusal(device=device, at=now))
        if not good:
            _note(db, device, f"-: {reason.strip()[:200]}", actor=actor, now=now)
    db.flush()
    return bool(good) or not was_refused


def _register(db: Session, path: Path, now: datetime) -> None:
    if not path.exists():
        return
    try:
        register_file(db, path, trust_digest="", now=now)
    except InputError as error:
        # The device is refused all the same; only the broker's list lacks what nobody can read.
        log.warning("a certificate cannot be put on the list: %s", error)


def revoked_serials(db: Session, now: datetime) -> dict[int, datetime]:
    """Return the serial numbers for the list; those that expired long ago need not be on it."""
    query = select(DeviceCertificate.serial, DeviceCertificate.revoked_at).where(
        DeviceCertificate.revoked_at.is_not(None), DeviceCertificate.ends_at > now - timedelta(days=7)
    )
    return {int(serial, 16): at for serial, at in db.execute(query) if at is not None}


def lately_revoked(db: Session, now: datetime) -> Sequence[str]:
    """Return the devices taken out of service, or with a certificate revoked, within the last minute."""
    revoked = select(DeviceCertificate.device).where(DeviceCertificate.revoked_at > now - KICKED_FOR)
    refused = select(DeviceRefusal.device).where(DeviceRefusal.at > now - KICKED_FOR)
    return sorted({*db.scalars(revoked), *db.scalars(refused)})


class BrokerNews:
    """Tells the broker who is revoked; a chore of ingest."""

    def __init__(
        self,
        *,
        database: Database,
        authority: IssuingAuthority,
        folder: Path,
        kick: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        """Take collaborators.

        Args:
            database: Where certificates are.
            authority: Signs the lists.
            folder: Where the files for the broker's supervisor are put.
            kick: Ends the open connection of a client id at the broker.
            now: The time, aware UTC.
        """
        self._database = database
        self._authority = authority
        self._folder = folder
        self._kick = kick
        self._now = now
        self._told: tuple[frozenset[int], frozenset[str]] = frozenset(), frozenset()
        # Whether the files may be older than what was decided: at the start, and after a failure.
        self._is_behind = True
        self._once_more: tuple[datetime, frozenset[str]] | None = None

    def __call__(self) -> None:
        """Write the files when something changed, and end connections of devices that are refused.

        Raises:
            OSError: the files cannot be written; connections were ended all the same.
        """
        now = self._now()
        with self._database.reading() as db:
            serials, denied = revoked_serials(db, now), refused_devices(db)
            kicked = lately_revoked(db, now)
            seems_there = is_any_online(db, denied)
        # Refused in a minute in which nobody was here to tell: all of them at the start.
        late = denied - self._told[1]
        try:
            if self._tell(serials, denied, now):
                late = denied
        finally:
            # Whoever got a new certificate instead takes its own place at the broker.
            for device in sorted(denied.intersection(kicked) | late | self._to_repeat(denied, now)):
                self._kick(device)
            if seems_there:
                with self._database.writing() as db:
                    take_off(db, denied, now=now)

    def _tell(self, serials: dict[int, datetime], denied: frozenset[str], now: datetime) -> bool:
        """Write the files if need be; return whether they had been behind."""
        state, was_behind = (frozenset(serials), denied), self._is_behind
        if state == self._told and not was_behind:
            return False
        self._told, self._is_behind = state, True
        self._write(serials, denied, now)
        self._is_behind = False
        if was_behind:
            # A broker reads its list within seconds; until then whoever is sent away comes back.
            self._once_more = now + KICKED_FOR, denied
        return was_behind

    def _to_repeat(self, denied: frozenset[str], now: datetime) -> frozenset[str]:
        if self._once_more is None or now < self._once_more[0]:
            return frozenset()
        again, self._once_more = self._once_more[1], None
        return again & denied

    def _write(self, serials: dict[int, datetime], denied: frozenset[str], now: datetime) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._folder / DENIED_FILE, "".join(f"{name}\n" for name in sorted(denied)).encode())
        replace_file(self._folder / CRL_FILE, self._authority.revocation_lists(serials, now=now))
        log.info("%d certificates are revoked, %d devices are refused", len(serials), len(denied))
