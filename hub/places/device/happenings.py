"""What the events of a device say to people: a word for the kind, a sentence for what happened.

Needs a request, for its language. Must not show the words of the wire where there is one of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from flask_babel import gettext as _

from edge.wire.messages import decode_body
from edge.wire.records.bodies import (
    Body,
    BootReason,
    CameraFault,
    CameraIntegrity,
    Cause,
    ClipKept,
    ClipReason,
    DeviceIncident,
    DeviceReturned,
    Lane,
    MotionEvent,
    OutboxGap,
    PictureState,
    UpdateReport,
)
from hub.ingest.models import Event
from hub.updates.words import FAULT_WORDS as UPDATE_FAULT_WORDS
from hub.updates.words import STATE_WORDS as UPDATE_STATE_WORDS
from hub.web.formats import age_text, bytes_text, number_text
from hub.web.i18n import N_, language

KIND_WORDS: Mapping[str, str] = {
    "motion-event": N_("gerak"),
    "camera-integrity": N_("keadaan gambar"),
    "outbox-gap": N_("rekaman hilang"),
    "device-incident": N_("keadaan perangkat"),
    "device-returned": N_("kembali terhubung"),
    "clip-kept": N_("klip disimpan"),
    "update": N_("pembaruan"),
    # Measures are events only when their time cannot be; then they are kept and not counted.
    "camera-counts": N_("hitungan tanpa waktu yang benar"),
    "scene-measures": N_("ukuran lalu lintas tanpa waktu yang benar"),
    "gauge-reading": N_("tinggi air tanpa waktu yang benar"),
    "device-health": N_("kesehatan tanpa waktu yang benar"),
    "sensor-reading": N_("nilai sensor tanpa waktu yang benar"),
    "door-reading": N_("mutu pembacaan tanpa waktu yang benar"),
    "scan-refused": N_("kode ditolak pintu"),
    "hadir-scan": N_("pemindaian Hadir"),
}
PICTURE_WORDS: Mapping[PictureState, str] = {
    PictureState.GOOD: N_("gambar baik"),
    PictureState.BLACK: N_("gambar gelap"),
    PictureState.FROZEN: N_("gambar beku"),
    PictureState.COVERED: N_("kamera tertutup"),
    PictureState.DEFOCUSED: N_("gambar tidak fokus"),
    PictureState.MOVED: N_("kamera bergeser"),
    PictureState.SMEARED: N_("gambar rusak (pecah)"),
    PictureState.OVEREXPOSED: N_("gambar terlalu terang"),
    PictureState.FLICKERING: N_("gambar berkedip"),
    PictureState.ABSENT: N_("tanpa gambar"),
}
FAULT_WORDS: Mapping[CameraFault, str] = {
    CameraFault.NOT_FOUND: N_("sumber tidak ditemukan"),
    CameraFault.REFUSED: N_("sambungan ditolak"),
    CameraFault.UNAUTHORISED: N_("sandi kamera ditolak"),
    CameraFault.SILENT: N_("kamera diam"),
    CameraFault.NOT_VIDEO: N_("bukan video"),
    CameraFault.ENDED: N_("aliran berakhir"),
    CameraFault.CRASHED: N_("pekerja mati"),
    CameraFault.HUNG: N_("pekerja macet"),
    CameraFault.UNAVAILABLE: N_("penggerak tidak ada"),
    CameraFault.FAILED: N_("gagal"),
}
CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.CAMERA: N_("kamera"),
    Cause.POWER: N_("listrik"),
    Cause.LINK: N_("media"),
}
BOOT_WORDS: Mapping[BootReason, str] = {
    BootReason.SAME_BOOT: N_("tidak mulai ulang"),
    BootReason.POWER_CUT: N_("mulai ulang karena listrik padam"),
    BootReason.REBOOT: N_("dimulai ulang"),
    BootReason.WATCHDOG: N_("dimulai ulang oleh penjaga (macet)"),
}
LANE_WORDS: Mapping[Lane, str] = {
    Lane.ATTENDANCE: N_("kehadiran"),
    Lane.EVENT: N_("kejadian"),
    Lane.TELEMETRY: N_("pengukuran"),
}
GAP_WORDS: Mapping[str, str] = {
    "full": N_("kotak keluar penuh"),
    "damaged": N_("kotak keluar rusak"),
}
CLIP_WORDS: Mapping[ClipReason, str] = {
    ClipReason.MOTION: N_("karena ada gerak"),
    ClipReason.INTEGRITY: N_("karena keadaan gambar berubah"),
    ClipReason.COMMAND: N_("karena diminta"),
}
INCIDENT_WORDS: Mapping[str, str] = {
    "mains-lost": N_("listrik PLN padam, memakai baterai"),
    "mains-back": N_("listrik PLN kembali"),
    "last-gasp": N_("baterai hampir habis"),
    "under-voltage": N_("tegangan kurang"),
    "voltage-back": N_("tegangan cukup lagi"),
    "door-camera-lost": N_("kamera pembaca pintu hilang"),
    "door-camera-back": N_("kamera pembaca pintu kembali"),
    "door-lost": N_("pembaca pintu berhenti"),
    "door-back": N_("pembaca pintu jalan lagi"),
    "sensor-lost": N_("pembaca sensor berhenti"),
    "sensor-back": N_("pembaca sensor jalan lagi"),
    "sensors-lost": N_("pembaca sensor berhenti"),
    "sensors-back": N_("pembaca sensor jalan lagi"),
    "roster-refused": N_("daftar pegawai ditolak"),
    "forged-codes": N_("kode tidak sah dicoba di pintu"),
    "outbox-replaced": N_("kotak keluar diganti yang baru"),
    "config-refused": N_("pengaturan baru ditolak"),
    "config-rolled-back": N_("pengaturan dikembalikan ke yang lama"),
    "config-in-force": N_("pengaturan baru berlaku"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as a row of a page; ``source`` is a camera, door or sensor by name, or empty."""

    at: datetime
    source: str
    kind: str
    sentence: str


def happening_of(event: Event, names: Mapping[str, str]) -> Happening:
    """Return what an event says.

    Args:
        event: As it was kept.
        names: Of the cameras, doors and sensors of the device, by id.
    """
    kind = KIND_WORDS.get(event.kind)
    return Happening(
        at=event.at,
        source=names.get(event.source, event.source),
        kind=_(kind) if kind else event.kind,
        sentence=_sentence(decode_body(event.body.encode())),
    )


@singledispatch
def _sentence(_body: Body) -> str:
    return str(_("disimpan, tetapi tidak ikut dihitung"))


@_sentence.register
def _motion(body: MotionEvent) -> str:
    share = number_text(body.peak_share * 100, language())
    return str(
        _("selama %(span)s, paling luas %(share)s %% gambar", span=_span(body.duration_s), share=share)
    )


@_sentence.register
def _picture(body: CameraIntegrity) -> str:
    said = [_(PICTURE_WORDS[body.picture])]
    if body.fault in FAULT_WORDS:
        said.append(_(FAULT_WORDS[body.fault]))
    if body.picture is not PictureState.GOOD and body.cause in CAUSE_WORDS:
        share = number_text(body.confidence * 100, language())
        said.append(_("sebab %(cause)s (%(share)s %%)", cause=_(CAUSE_WORDS[body.cause]), share=share))
    return _joined(*said, body.detail)


@_sentence.register
def _gap(body: OutboxGap) -> str:
    count, why = number_text(body.count, language()), GAP_WORDS.get(body.reason)
    lost = _("%(count)s rekaman %(lane)s tidak tersimpan", count=count, lane=_(LANE_WORDS[body.lane]))
    return _joined(lost, _(why) if why else body.reason)


@_sentence.register
def _incident(body: DeviceIncident) -> str:
    word = INCIDENT_WORDS.get(body.what)
    return _joined(_(word) if word else body.what, body.detail)


@_sentence.register
def _returned(body: DeviceReturned) -> str:
    said = [_("tidak terdengar selama %(span)s", span=_span(body.outage_s))]
    if body.cause in CAUSE_WORDS:
        share = number_text(body.confidence * 100, language())
        said.append(_("sebab %(cause)s (%(share)s %%)", cause=_(CAUSE_WORDS[body.cause]), share=share))
    if body.boot in BOOT_WORDS:
        said.append(_(BOOT_WORDS[body.boot]))
    if body.rows_from_gap:
        rows = number_text(body.rows_from_gap, language())
        said.append(_("%(count)s rekaman dari masa itu menyusul", count=rows))
    return _joined(*said)


@_sentence.register
def _clip(body: ClipKept) -> str:
    return _joined(_span(body.duration_s), bytes_text(body.bytes, language()), _(CLIP_WORDS[body.reason]))


@_sentence.register
def _update(body: UpdateReport) -> str:
    fault = UPDATE_FAULT_WORDS.get(body.fault or "", ("", ""))[0]
    wanted = f"{body.name} ({body.number})" if body.number else ""
    return _joined(_(UPDATE_STATE_WORDS[body.state]), wanted, _(fault) if fault else "", body.detail)


def _span(seconds: float) -> str:
    return age_text(seconds, language())


def _joined(*said: str) -> str:
    return " · ".join(part for part in said if part)
