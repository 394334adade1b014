"""Signing a device off: what eyes have to see, beside what the hub sees, and what is kept of both.

Takes a session, never commits.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.enrolment.models import Commissioning
from hub.enrolment.signing.looks import automatic_looks, bad_ones
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


BY_EYE: dict[str, Sight] = {
    "boks": Sight(
        N_("Boks tertutup rapat, segel air utuh, kabel diberi pelindung"),
        "boks",
        N_("Kelenjar kabel menghadap ke bawah; segel yang gepeng diganti."),
    ),
    "daya": Sight(
        N_("Daya stabil: adaptor 5 V 5 A asli, UPS terpasang dan diuji cabut"),
        "daya",
        N_("Cabut listrik dua menit: perangkat tetap menyala, halaman ini tetap hijau."),
    ),
    "arah": Sight(
        N_("Kamera menghadap ke arah di inventaris, fokus tajam, tidak silau"),
        "arah",
        N_("Plat kendaraan di tengah gambar tajam; matahari pagi dan sore tidak masuk lensa."),
    ),
    "label": Sight(
        N_("Label perangkat ditempel di dalam boks"),
        "label",
        N_("Cetak dari halaman kode, tempel di sisi dalam pintu boks."),
    ),
}
"""The names are kept with each sign-off; the words are asked on the page."""


def sign_off(
    db: Session, device: str, *, ticked: set[str], note: str, photo: str, account: str, now: datetime
) -> Commissioning:
    """Keep that somebody looked it over and takes it as good, with what the hub saw and measured then.

    Raises:
        InputError: the device was never heard, a point was not looked at, or the photo is missing.
    """
    looks = automatic_looks(db, device, now)
    if not looks[0].is_good:
        raise InputError("Perangkat belum tersambung ke hub; tunggu sampai baris pertama hijau.")
    missing = [sight.words for name, sight in BY_EYE.items() if name not in ticked]
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
        checks_json=json.dumps({"seen": seen, "ticked": sorted(ticked)}),
        note=note.strip()[:500],
        photo=photo,
    )
    db.add(kept)
    db.flush()
    audit.append(
        db, at=now, actor=account, action="device.signed-off", target=f"device:{device}", detail=photo
    )
    return kept
