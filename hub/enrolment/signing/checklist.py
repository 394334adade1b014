"""Signing a device off: what eyes have to see, beside what the hub sees, and what is kept of both.

Takes a session, never commits.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.enrolment.models import Commissioning
from hub.enrolment.signing.looks import automatic_looks, bad_ones, cameras_of, doors_of
from hub.errors import InputError
from hub.people import audit
from hub.places.models import Device
from hub.web.i18n import N_


@dataclass(frozen=True, slots=True)
class Sight:
    """What no probe can see: the words, the drawing beside them, and what to do when it is not so."""

    words: str
    picture: str
    remedy: str


_EVERYWHERE: dict[str, Sight] = {
    "boks": Sight(
        N_("Boks tertutup rapat, segel air utuh, kabel diberi pelindung"),
        "boks",
        N_("Kelenjar kabel menghadap ke bawah; segel yang gepeng diganti."),
    ),
    "daya": Sight(
        N_("Daya stabil: PoE+ atau adaptor asli (Pi 4: 5 V 3 A, Pi 5: 5 V 5 A), UPS diuji cabut"),
        "daya",
        N_("Cabut listrik dua menit: perangkat tetap menyala, halaman ini tetap hijau."),
    ),
    "label": Sight(
        N_("Label perangkat ditempel di dalam boks"),
        "label",
        N_("Cetak dari halaman kode, tempel di sisi dalam pintu boks."),
    ),
}
_AT_A_CAMERA: dict[str, Sight] = {
    "arah": Sight(
        N_("Kamera menghadap ke arah di inventaris, fokus tajam, tidak silau"),
        "arah",
        N_("Plat kendaraan di tengah gambar tajam; matahari pagi dan sore tidak masuk lensa."),
    ),
}
_AT_A_DOOR: dict[str, Sight] = {
    "pintu": Sight(
        N_("Kode dari ponsel terbaca di jarak 20–25 cm, bunyi dan lampunya benar"),
        "pintu",
        N_("Lensa setinggi dada; kunci fokus di 20–25 cm; lampu putih menerangi kartu, bukan lensa."),
    ),
}


def sights_of(db: Session, device: str) -> dict[str, Sight]:
    """Return what eyes have to see of a device: words by the name that is kept with a sign-off."""
    doors = doors_of(db, device)
    cameras = _AT_A_CAMERA if cameras_of(db, device) or not doors else {}
    return _EVERYWHERE | cameras | (_AT_A_DOOR if doors else {})


def sign_off(
    db: Session, device: str, *, ticked: set[str], note: str, photo: str, account: str, now: datetime
) -> Commissioning:
    """Keep that somebody looked it over and takes it as good, with what the hub saw and measured then.

    Raises:
        InputError: the device was never heard, a point was not looked at, or the photo is missing.
    """
    looks, sights = automatic_looks(db, device, now), sights_of(db, device)
    if not looks[0].is_good:
        raise InputError("Perangkat belum tersambung ke hub; tunggu sampai baris pertama hijau.")
    missing = [sight.words for name, sight in sights.items() if name not in ticked]
    if missing:
        raise InputError(f"Belum dicentang: {missing[0]}.")
    bad = next((look.name for look in bad_ones(looks)), "")
    if bad and len(note.strip()) < 5:
        raise InputError(f"“{bad}” belum baik: tulis di catatan mengapa tetap diterima.")
    if not photo:
        raise InputError("Foto pemasangan belum ada; ambil satu foto boks dan kamera.")
    seen = [{"name": look.name, "is_good": look.is_good, "detail": look.detail} for look in looks]
    kept = Commissioning(
        device=device,
        site=db.get_one(Device, device).site,
        at=now,
        account=account,
        checks_json=json.dumps({"seen": seen, "ticked": sorted(ticked & sights.keys())}),
        note=note.strip()[:500],
        photo=photo,
    )
    db.add(kept)
    db.flush()
    audit.append(
        db, at=now, actor=account, action="device.signed-off", target=f"device:{device}", detail=photo
    )
    return kept
