"""What an alarm can be about, how grave it is, and its sentence. Pure.

Who adds a kind writes its sentence beside it; the names in it are the facts that every caller gives.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from hub.web.i18n import N_


class Severity(StrEnum):
    """How soon somebody must act; each has a shape, a colour and a word."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest."""
        return list(Severity).index(self)


SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.CRITICAL: N_("kritis"),
    Severity.HIGH: N_("tinggi"),
    Severity.MEDIUM: N_("sedang"),
    Severity.LOW: N_("rendah"),
}


class AlarmKind(StrEnum):
    """The root causes that somebody is told of."""

    OUTAGE_CAMERA = "outage-camera"
    OUTAGE_SITE = "outage-site"
    OUTAGE_MANY = "outage-many"  # made of the two above when many begin at once
    DEVICE_HOT = "device-hot"
    DEVICE_DISK_FULL = "device-disk-full"
    DEVICE_DISK_WORN = "device-disk-worn"
    DEVICE_CLOCK = "device-clock"
    DEVICE_BACKLOG = "device-backlog"
    DEVICE_POWER = "device-power"
    DEVICE_CLONE = "device-clone"
    DOOR_READER = "door-reader"
    DOOR_UNREADABLE = "door-unreadable"
    SENSOR_HIGH = "sensor-high"
    SENSOR_LOW = "sensor-low"
    SENSOR_SILENT = "sensor-silent"
    WATER_HIGH = "water-high"
    HUB_INGEST = "hub-ingest"
    HUB_DEAD_LETTERS = "hub-dead-letters"
    HUB_MIRROR = "hub-mirror"
    HUB_NOTIFY = "hub-notify"
    HUB_BACKUP = "hub-backup"
    HUB_OUTSIDE = "hub-outside"  # made of the two below when nothing at all answers
    ADDRESS_DOWN = "address-down"
    ADDRESS_CERTIFICATE = "address-certificate"
    ROLLOUT_PAUSED = "rollout-paused"


SENTENCES: Mapping[AlarmKind, str] = {
    AlarmKind.OUTAGE_CAMERA: N_("Kamera %(name)s padam (%(cause)s)"),
    AlarmKind.OUTAGE_SITE: N_("Titik %(name)s padam (%(cause)s): %(cameras)s kamera"),
    AlarmKind.OUTAGE_MANY: N_("%(count)s titik padam bersamaan"),
    AlarmKind.DEVICE_HOT: N_("%(name)s panas: %(value)s °C, batas %(limit)s °C"),
    AlarmKind.DEVICE_DISK_FULL: N_("%(name)s hampir penuh: sisa %(value)s MiB, batas %(limit)s MiB"),
    AlarmKind.DEVICE_DISK_WORN: N_("%(name)s: kartu memori aus %(value)s %%, batas %(limit)s %%"),
    AlarmKind.DEVICE_CLOCK: N_("%(name)s tidak tahu jam"),
    AlarmKind.DEVICE_BACKLOG: N_("%(name)s tertinggal: %(value)s rekaman belum terkirim, batas %(limit)s"),
    AlarmKind.DEVICE_POWER: N_("%(name)s kekurangan tegangan; periksa adaptor dan kabelnya"),
    AlarmKind.DEVICE_CLONE: N_("%(name)s: dua mesin memakai satu sertifikat; cabut sertifikatnya"),
    AlarmKind.DOOR_READER: N_("Pembaca pintu %(name)s diam sejak pukul %(since)s"),
    AlarmKind.DOOR_UNREADABLE: N_("Pembaca pintu %(name)s: %(value)s %% kode tidak terbaca hari ini"),
    AlarmKind.SENSOR_HIGH: N_("%(name)s di atas ambang: %(value)s, batas %(limit)s"),
    AlarmKind.SENSOR_LOW: N_("%(name)s di bawah ambang: %(value)s, batas %(limit)s"),
    AlarmKind.SENSOR_SILENT: N_("Sensor %(name)s tidak mengirim lagi"),
    AlarmKind.WATER_HIGH: N_("Muka air %(name)s %(value)s m, tanda siaga %(limit)s m"),
    AlarmKind.HUB_INGEST: N_("Penerimaan data berhenti sejak pukul %(since)s"),
    AlarmKind.HUB_DEAD_LETTERS: N_("Rekaman ditolak bertambah: %(value)s dalam %(minutes)s menit"),
    AlarmKind.HUB_MIRROR: N_("Cermin telemetri tertinggal %(value)s kiriman"),
    AlarmKind.HUB_NOTIFY: N_("%(value)s pemberitahuan tidak dapat dikirim"),
    AlarmKind.HUB_BACKUP: N_("Cadangan terakhir dibuat %(since)s; yang lebih baru tidak ada"),
    AlarmKind.HUB_OUTSIDE: N_("Tidak satu pun dari %(count)s alamat menjawab; periksa internet hub"),
    AlarmKind.ADDRESS_DOWN: N_("%(name)s tidak terjangkau: %(detail)s"),
    AlarmKind.ADDRESS_CERTIFICATE: N_("Sertifikat %(name)s berakhir %(until)s; perbarui"),
    AlarmKind.ROLLOUT_PAUSED: N_("Penyebaran %(name)s berhenti sendiri: %(reason)s"),
}

# Facts whose values are words of ours, to be said in the reader's language.
FACT_WORDS: Mapping[str, Mapping[str, str]] = {
    "cause": {
        "camera": N_("kamera"),
        "power": N_("listrik"),
        "link": N_("media"),
        "link-or-power": N_("media atau listrik"),
        "unknown": N_("sebab belum diketahui"),
    }
}

# Many of these at once have one cause, which none of them can see alone.
STORM_KINDS = frozenset({AlarmKind.OUTAGE_CAMERA, AlarmKind.OUTAGE_SITE})

_NAME = re.compile(r"%\((\w+)\)s")


def facts_needed(kind: AlarmKind) -> frozenset[str]:
    """Return the names in a kind's sentence."""
    return frozenset(_NAME.findall(SENTENCES[kind]))
