"""Claim codes: made by a technician for one device at one site, short-lived, used once.

The code itself is shown once and kept nowhere. Takes a session, never commits; whether somebody may
make one is checked here again when it is used.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from edge.wire.joining.claims import SECRET_BYTES, ClaimCode, make_claim_code
from edge.wire.joining.enrolment import Role
from edge.wire.topics import TopicError, check_device_id
from hub.enrolment.models import DeviceClaim
from hub.errors import InputError
from hub.people import audit
from hub.places.models import CityCamera, Device, Door, Site

_ROLE_WORDS = {Role.CAMERA: "titik kamera", Role.DOOR: "pintu"}
# The source of a device whose camera is its own.
OWN_CAMERA = "picamera:0"
# As cheap cameras want it: rtsp://…/user=admin&password=…
_SECRET_WORD = re.compile(r"(?:pass(?:word|wd)?|pwd|token|auth)=", re.IGNORECASE)
_SOURCE = re.compile(r"\A(?:rtsps?://|https?://|/dev/video[0-9]{1,2}\Z|picamera:[0-9]\Z|scene:|replay:)\S*\Z")


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a code: the account's name, and its number unless it is the command line."""

    name: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a technician asks a code for; ``sources`` are cameras or doors by id, empty: the default."""

    site: str
    device: str
    role: Role
    name: str = ""
    sources: Mapping[str, str] | None = None


def make_claim(
    db: Session,
    wanted: Wanted,
    *,
    maker: Maker,
    root_fingerprint: bytes,
    now: datetime,
    life: timedelta,
    random_bytes: Callable[[int], bytes],
) -> tuple[DeviceClaim, ClaimCode]:
    """Make a code; an open one for the same device dies.

    Raises:
        InputError: the site is not there, the device is at another one, or a source is no address.
    """
    _check(db, wanted)
    for open_one in open_claims(db, now, device=wanted.device):
        open_one.cancelled_at = now
    code = make_claim_code(random_bytes(SECRET_BYTES), root_fingerprint)
    row = DeviceClaim(
        id=code.id,
        site=wanted.site,
        device=wanted.device,
        role=wanted.role,
        name=wanted.name.strip()[:80] or wanted.device,
        sources_json=json.dumps(dict(wanted.sources or {}), sort_keys=True),
        proof_key=code.proof_key.hex(),
        made_by=maker.name,
        account_id=maker.account_id,
        made_at=now,
        expires_at=now + life,
    )
    db.add(row)
    audit.append(
        db,
        at=now,
        actor=maker.name,
        action="device.claim",
        target=f"device:{wanted.device}",
        detail=f"{row.id} {wanted.site} {wanted.role}",
    )
    return row, code


def open_claims(db: Session, now: datetime, *, device: str = "") -> Sequence[DeviceClaim]:
    """Return the codes that may still be used, of all devices or one, newest first."""
    query = select(DeviceClaim).where(
        DeviceClaim.used_at.is_(None), DeviceClaim.cancelled_at.is_(None), DeviceClaim.expires_at > now
    )
    if device:
        query = query.where(DeviceClaim.device == device)
    return db.scalars(query.order_by(DeviceClaim.made_at.desc(), DeviceClaim.id)).all()


def cancel_claim(db: Session, claim: DeviceClaim, *, actor: str, now: datetime) -> bool:
    """Make a code worthless; return whether it was still open."""
    if claim.used_at is not None or claim.cancelled_at is not None:
        return False
    claim.cancelled_at = now
    audit.append(
        db,
        at=now,
        actor=actor,
        action="device.claim.cancel",
        target=f"device:{claim.device}",
        detail=claim.id,
    )
    return True


def new_device_id(db: Session, site: str) -> str:
    """Return an id for one more device at a site."""
    taken = set(db.scalars(select(Device.id)))
    first = f"pi-{site}"[:60].rstrip("-")
    numbered = (first, *(f"{first}-{number}" for number in range(2, 100)))
    return next(name for name in numbered if name not in taken)


def sources_of(db: Session, device: str, role: Role) -> tuple[str, ...]:
    """Return the ids of what a device reads, as the inventory has it; one by default."""
    if role is Role.DOOR:
        found = db.scalars(
            select(Door.id).where(Door.device == device, Door.is_retired.is_(False)).order_by(Door.id)
        )
        return tuple(found) or ("pintu-1",)
    cameras = db.scalars(
        select(CityCamera.id)
        .where(CityCamera.device == device, CityCamera.is_retired.is_(False))
        .order_by(CityCamera.id)
    )
    return tuple(cameras) or ("kamera-1",)


def roles_of(db: Session, device: str) -> tuple[Role, ...]:
    """Return what a device is by what the inventory lets it read; nothing for one that reads nothing yet."""
    tables = ((Role.CAMERA, CityCamera), (Role.DOOR, Door))
    return tuple(
        role
        for role, table in tables
        if db.scalar(select(exists().where(table.device == device, table.is_retired.is_(False))))
    )


def check_role(db: Session, device: str, role: Role) -> None:
    """Refuse to make a camera of a door, or a door of a camera, by a slip of the thumb on a phone.

    Whoever types a command means it.

    Raises:
        InputError: the inventory has the device as the other one.
    """
    roles = roles_of(db, device)
    if roles and role not in roles:
        raise InputError(
            f"Perangkat {device} tercatat sebagai {_ROLE_WORDS[roles[0]]}; pilih peran itu,"
            " atau buat kode untuk perangkat baru."
        )


def _check(db: Session, wanted: Wanted) -> None:
    site = db.get(Site, wanted.site)
    if site is None or site.is_retired:
        raise InputError(f"Titik {wanted.site!r} tidak ada di inventaris; pilih titik dari daftar.")
    try:
        check_device_id(wanted.device)
    except TopicError as error:
        raise InputError(
            f"Nama perangkat {wanted.device!r}: pakai huruf kecil, angka dan tanda hubung."
        ) from error
    device = db.get(Device, wanted.device)
    if device is not None and device.site != wanted.site:
        raise InputError(f"Perangkat {device.id} milik titik {device.site}; buat kodenya di titik itu.")
    if device is not None and device.is_retired:
        raise InputError(f"Perangkat {device.id} sudah pensiun; kembalikan dulu di inventaris.")
    known = set(sources_of(db, wanted.device, wanted.role))
    for name, source in (wanted.sources or {}).items():
        if name not in known:
            raise InputError(f"{name!r} tidak terpasang pada {wanted.device}; muat ulang halaman ini.")
        _check_source(name, source)


def _check_source(name: str, source: str) -> None:
    if not source:
        return
    if len(source) > 300 or not _SOURCE.match(source):
        raise InputError(
            f"Alamat {name}: tulis rtsp://…, http://…, /dev/video0 atau {OWN_CAMERA};"
            " kosongkan untuk kamera Pi."
        )
    try:
        has_password = urlsplit(source).password is not None or _SECRET_WORD.search(source) is not None
    except ValueError as error:
        raise InputError(f"Alamat {name} rusak; tulis ulang.") from error
    if has_password:
        raise InputError(f"Alamat {name}: sandi tidak ditulis di sini; simpan di perangkat (password_file).")
