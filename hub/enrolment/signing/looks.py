"""What the hub sees of a device by itself, each with what to do when it is not as it should be.

Takes a session, never commits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import ClockQuality, DeviceHealth
from hub.enrolment.issuing.clones import clone_of
from hub.enrolment.signing.streams import StreamLook, stream_looks
from hub.ingest.models import DevicePresence, Still
from hub.places.device.service import DeviceView, get_device
from hub.places.models import CityCamera, Door
from hub.places.reading.service import qualities_of
from hub.web.i18n import N_

FRESH_FOR = timedelta(minutes=5)
MOST_WAITING = 1000
# What four analysed streams and their clips need many times over; less is a bad cable, not a slow one.
LEAST_MBIT = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One thing the hub looks at; ``is_good`` ``None``: it cannot tell yet.

    ``picture`` names a drawing of ``enrolment/pictures.html``; ``remedy`` is for when it is not good.
    """

    name: str
    is_good: bool | None
    picture: str
    remedy: str
    detail: str = ""


def automatic_looks(db: Session, device: str, now: datetime) -> tuple[Look, ...]:
    """Return what the hub sees of a device now, in the order in which one mends."""
    view = get_device(db, device)
    health = view.health
    return (
        _connected(view, now),
        Look(
            N_("Jam tersetel"),
            None if not view.clock else view.clock == ClockQuality.SYNCED,
            "jam",
            N_("Buka UDP 123 ke gerbang; pasang baterai RTC."),
        ),
        *_first_pictures(db, device, now),
        *_doors(db, device, now),
        Look(
            N_("Tegangan cukup"),
            None if health is None or health.under_voltage is None else not health.under_voltage,
            "tegangan",
            N_("Pakai adaptor asli dan kabel pendek; periksa kelas PoE sakelar."),
        ),
        _link(health),
        Look(
            N_("Antrean terkirim"),
            None if health is None else health.outbox_rows < MOST_WAITING,
            "antrean",
            N_("Tunggu sepuluh menit; kalau tetap naik, periksa modem."),
            "" if health is None else str(health.outbox_rows),
        ),
        Look(
            N_("Sertifikat sendiri, tanpa kembaran"),
            _has_own(db, device, now),
            "kunci",
            N_("Kartu disalin: cabut sertifikat, pasang ulang yang asli dengan kode baru."),
        ),
        *map(_stream, stream_looks(db, device, now)),
    )


def is_heard_now(view: DeviceView, now: datetime) -> bool:
    """Return whether a device is connected and was heard a moment ago."""
    return bool(view.is_online) and view.heard_at is not None and now - view.heard_at <= FRESH_FOR


def _connected(view: DeviceView, now: datetime) -> Look:
    return Look(
        N_("Tersambung ke hub"),
        is_heard_now(view, now),
        "sambungan",
        N_("Lihat kedip lampu hijau; periksa kabel, alamat, porta 8883."),
    )


def _first_pictures(db: Session, device: str, now: datetime) -> Iterator[Look]:
    cameras = cameras_of(db, device)
    stills = {row.camera: row.received_at for row in db.scalars(select(Still).where(Still.device == device))}
    fresh = [name for name in cameras if name in stills and now - stills[name] <= FRESH_FOR]
    if cameras:
        yield Look(
            N_("Gambar pertama diterima"),
            len(fresh) == len(cameras),
            "gambar",
            N_("Periksa kabel kamera, PoE, dan alamatnya; lensa tidak tertutup."),
            f"{len(fresh)}/{len(cameras)}",
        )


def _doors(db: Session, device: str, now: datetime) -> Iterator[Look]:
    """Yield whether frames come to each door, and how many codes were read there today."""
    qualities = {quality.door: quality for quality in qualities_of(db, device)}
    for door in doors_of(db, device):
        seen = qualities.get(door)
        is_fresh = seen is not None and now - seen.at <= FRESH_FOR
        read = seen.read if seen is not None and is_fresh else 0
        yield Look(
            N_("Pintu melihat dan membaca kode"),
            is_fresh and seen is not None and seen.newest.frames > 0 and read > 0,
            "pintu",
            N_("Tunjukkan satu kode ke pintu dan tunggu dua menit; periksa kabel kamera pintu dan fokusnya."),
            _("%(door)s: %(read)s kode terbaca", door=door, read=read),
        )


def cameras_of(db: Session, device: str) -> Sequence[str]:
    """Return the cameras of a device that are in the inventory."""
    query = select(CityCamera.id).where(CityCamera.device == device, CityCamera.is_retired.is_(False))
    return db.scalars(query.order_by(CityCamera.id)).all()


def doors_of(db: Session, device: str) -> Sequence[str]:
    """Return the doors of a device that are in the inventory."""
    query = select(Door.id).where(Door.device == device, Door.is_retired.is_(False))
    return db.scalars(query.order_by(Door.id)).all()


def _link(health: DeviceHealth | None) -> Look:
    mbit = None if health is None else health.link_mbit
    is_full = None if health is None else health.link_full_duplex
    is_good = None if mbit is None else mbit >= LEAST_MBIT and is_full is not False
    return Look(
        N_("Hubungan 100 Mbit/s ke atas, dupleks penuh"),
        is_good,
        "hubungan",
        N_("Ganti kabel atau krimping ulang; porta sakelar jangan dipaksa 10 atau setengah dupleks."),
        "" if mbit is None else f"{mbit} Mbit/s{_duplex(is_full)}",
    )


def _duplex(is_full: bool | None) -> str:
    if is_full is None:
        return ""
    words: str = _("dupleks penuh") if is_full else _("setengah dupleks")
    return f", {words}"


def _has_own(db: Session, device: str, now: datetime) -> bool | None:
    presence = db.get(DevicePresence, device)
    if presence is None or not presence.certificate:
        return None
    return clone_of(db, device, now) is None


def _stream(stream: StreamLook) -> Look:
    return Look(
        N_("Aliran kamera"),
        stream.is_good,
        "aliran",
        N_("Tekan Setel; bila kamera menolak, atur di halaman kamera itu sendiri."),
        f"{stream.camera}: {stream.detail}" if stream.detail else stream.camera,
    )


def bad_ones(looks: tuple[Look, ...]) -> Iterator[Look]:
    """Yield the looks that are not as they should be."""
    return (look for look in looks if look.is_good is False)
