"""The public statuses of cases in words, shapes and colours: the same on every page. Pure."""

from hub.cases.definition.stages import PublicStatus
from hub.web.i18n import N_

STATUS_WORDS: dict[str, str] = {
    PublicStatus.RECEIVED: N_("Diterima"),
    PublicStatus.VERIFIED: N_("Terverifikasi"),
    PublicStatus.IN_PROGRESS: N_("Diproses"),
    PublicStatus.RETURNED: N_("Perlu perbaikan"),
    PublicStatus.AWAITING_SIGNATURE: N_("Menunggu tanda tangan"),
    PublicStatus.SCHEDULED: N_("Terjadwal"),
    PublicStatus.AWAITING_PAYMENT: N_("Menunggu retribusi"),
    PublicStatus.DONE: N_("Diselesaikan"),
    PublicStatus.ISSUED: N_("Terbit"),
    PublicStatus.REJECTED: N_("Ditolak"),
    PublicStatus.CANCELLED: N_("Dibatalkan"),
    PublicStatus.ARCHIVED: N_("Diarsipkan"),
}
# Shape and colour beside the word: what waits for the applicant must be seen first.
STATUS_TONES: dict[str, str] = {
    PublicStatus.RETURNED: "warn",
    PublicStatus.AWAITING_PAYMENT: "warn",
    PublicStatus.DONE: "good",
    PublicStatus.ISSUED: "good",
    PublicStatus.REJECTED: "bad",
    PublicStatus.CANCELLED: "idle",
    PublicStatus.ARCHIVED: "idle",
}


def tone_of(status: str) -> str:
    """Return how a public status is drawn."""
    return STATUS_TONES.get(status, "good" if status == PublicStatus.SCHEDULED else "idle")
