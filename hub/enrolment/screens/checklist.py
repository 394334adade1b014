"""What is looked at before a device is signed off: what the hub sees by itself, and what eyes see.

Takes a session, never commits.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import ClockQuality
from hub.enrolment.issuing.clones import clone_of
from hub.enrolment.models import Commissioning
from hub.errors import InputError
from hub.ingest.models import DevicePresence, Still
from hub.people import audit
from hub.places.device.service import get_device
from hub.places.models import CityCamera, Device
from hub.web.i18n import N_

FRESH_FOR = timedelta(minutes=5)
# What no probe can see; the words are asked on the page and kept with the sign-off.
BY_EYE: dict[str, str] = {
    "boks": N_("Boks tertutup rapat, segel air utuh, kabel diberi pelindung"),
    "daya": N_("Daya stabil: adaptor 5 V 5 A asli, UPS terpasang dan diuji cabut"),
    "arah": N_("Kamera menghadap ke arah di inventaris, fokus tajam, tidak silau"),
    "label": N_("Label perangkat ditempel di dalam boks"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One thing the hub looks at; ``None``: it cannot tell yet."""

    name: str
    is_good: bool | None
    detail: str = ""


def automatic_looks(db: Session, device: str, now: datetime) -> tuple[Look, ...]:
    """Return what the hub sees of a device now."""
    view = get_device(db, device)
    presence = db.get(DevicePresence, device)
    is_heard = view.heard_at is not None and now - view.heard_at <= FRESH_FOR
    cameras = db.scalars(
        select(CityCamera.id).where(CityCamera.device == device, CityCamera.is_retired.is_(False))
    ).all()
    stills = {row.camera: row.received_at for row in db.scalars(select(Still).where(Still.device == device))}
    fresh = [name for name in cameras if name in stills and now - stills[name] <= FRESH_FOR]
    health = view.health
    volts = None if health is None else health.under_voltage
    return (
        Look(N_("Tersambung ke hub"), bool(view.is_online and is_heard)),
        Look(N_("Jam tersetel"), None if not view.clock else view.clock == ClockQuality.SYNCED),
        Look(N_("Gambar pertama diterima"), len(fresh) == len(cameras), f"{len(fresh)}/{len(cameras)}"),
        Look(N_("Tegangan cukup"), None if volts is None else not volts),
        Look(N_("Antrean terkirim"), None if health is None else health.outbox_rows < 1000),
        Look(N_("Sertifikat sendiri, tanpa kembaran"), _has_own(db, device, presence, now)),
    )


def _has_own(db: Session, device: str, presence: DevicePresence | None, now: datetime) -> bool | None:
    if presence is None or not presence.certificate:
        return None
    return clone_of(db, device, now) is None


def sign_off(
    db: Session, device: str, *, ticked: set[str], note: str, photo: str, account: str, now: datetime
) -> Commissioning:
    """Keep that somebody looked it over and takes it as good.

    Raises:
        InputError: the device was never heard, a point was not looked at, or the photo is missing.
    """
    looks = automatic_looks(db, device, now)
    if not looks[0].is_good:
        raise InputError("Perangkat belum tersambung ke hub; tunggu sampai baris pertama hijau.")
    missing = [words for name, words in BY_EYE.items() if name not in ticked]
    if missing:
        raise InputError(f"Belum dicentang: {missing[0]}.")
    bad = [look.name for look in looks if look.is_good is False]
    if bad and len(note.strip()) < 5:
        raise InputError(f"“{bad[0]}” belum baik: tulis di catatan mengapa tetap diterima.")
    if not photo:
        raise InputError("Foto pemasangan belum ada; ambil satu foto boks dan kamera.")
    kept = Commissioning(
        device=device,
        site=db.get_one(Device, device).site,
        at=now,
        account=account,
        checks_json=json.dumps(
            {look.name: look.is_good for look in looks} | dict.fromkeys(sorted(ticked), True)
        ),
        note=note.strip()[:500],
        photo=photo,
    )
    db.add(kept)
    db.flush()
    audit.append(
        db, at=now, actor=account, action="device.signed-off", target=f"device:{device}", detail=photo
    )
    return kept
