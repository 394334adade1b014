"""What the lists of the editor offer. Pure; roles, OPDs and letters come in from outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.cases.definition.form import FieldKind, FileKind
from hub.cases.definition.letter import ALL_ANSWERS
from hub.cases.definition.service import Applicants, Family
from hub.cases.definition.stages import APPLICANT, SYSTEM, Effect, Reach
from hub.cases.editor.sheets.parts import parts_of, yes_no_or_choices
from hub.cases.status_words import STATUS_WORDS

Offer = tuple[str, str]

# Every word that a value of a definition has on a screen, by the list that offers it.
WORDS: Mapping[str, Mapping[str, str]] = {
    "unit": {"working-days": "hari kerja", "hours": "jam"},
    "family": {
        Family.COMPLAINT: "Pengaduan",
        Family.LETTER: "Surat",
        Family.PERMIT: "Izin",
        Family.POPULATION: "Kependudukan",
        Family.HEALTH: "Kesehatan",
        Family.BOOKING: "Peminjaman",
        Family.INTERNAL: "Intern",
        Family.PRIVACY: "Data pribadi",
        Family.TRAINING: "Pelatihan",
    },
    "applicants": {
        Applicants.ANYONE: "siapa saja, juga tanpa akun",
        Applicants.CITIZEN: "warga dengan akun, atau di loket",
        Applicants.EMPLOYEE: "pegawai kota",
        Applicants.SYSTEM: "sistem",
    },
    "field kind": {
        FieldKind.TEXT: "teks satu baris",
        FieldKind.LONG_TEXT: "teks panjang",
        FieldKind.NUMBER: "angka",
        FieldKind.MONEY: "rupiah",
        FieldKind.DATE: "tanggal",
        FieldKind.TIME: "jam",
        FieldKind.CHOICE: "satu pilihan",
        FieldKind.CHOICES: "beberapa pilihan",
        FieldKind.YES_NO: "ya atau tidak",
        FieldKind.PHONE: "nomor telepon",
        FieldKind.EMAIL: "surel",
        FieldKind.NIK: "NIK (tersandi)",
        FieldKind.PLACE: "titik di peta",
        FieldKind.KELURAHAN: "kelurahan",
        FieldKind.CAMERA: "kamera",
    },
    "file kind": {FileKind.IMAGE: "foto", FileKind.PDF: "PDF"},
    "status": STATUS_WORDS,
    "reach": {
        Reach.CITY: "seluruh kota",
        Reach.OPD: "OPD berkas itu",
        Reach.KECAMATAN: "kecamatan berkas itu",
        Reach.KELURAHAN: "kelurahan berkas itu",
        Reach.ASSIGNED: "hanya yang diserahi",
    },
    "effects": {
        Effect.ASSIGN_OPD: "diteruskan ke OPD yang dipilih",
        Effect.ASSIGN_PERSON: "diserahkan kepada petugas yang dipilih",
        Effect.ISSUE_DOCUMENT: "surat terbit",
        Effect.RESERVE: "slot atau ruang dipesan",
        Effect.RELEASE: "slot atau ruang dilepas",
        Effect.REOPEN: "berkas dibuka lagi",
    },
    "first effects": {Effect.RESERVE: "slot atau ruang dipesan"},
    "opinion rule": {"all": "semua sudah diberikan", "favourable": "semua sudah diberikan dan setuju"},
}


@dataclass(frozen=True, slots=True)
class Around:
    """What a definition may name: of the city, and of the draft itself."""

    roles: Mapping[str, str]
    opds: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)

    def offers(self, name: str, part: Mapping[str, Any]) -> tuple[Offer, ...]:
        """Return what a list offers: value and words."""
        if name in WORDS:
            return tuple((str(value), words) for value, words in WORDS[name].items())
        return _named(self, name, part)

    def words_of(self, text: str) -> str:
        """Return what a role or a fixed value is called; the text itself when it is neither."""
        return self.roles.get(text) or next((words[text] for words in WORDS.values() if text in words), text)


def role_offers(words: Mapping[str, str]) -> dict[str, str]:
    """Return the roles that a stage may name: of the city, the applicant, the system."""
    return {APPLICANT: "pemohon", SYSTEM: "sistem", **words}


def condition_groups(body: Mapping[str, Any]) -> tuple[tuple[str, str, tuple[Offer, ...]], ...]:
    """Return the fields that conditions may ask for: id, label, and the answers that there are."""
    return tuple(
        (each["id"], str(each.get("label", each["id"])), answers)
        for each in parts_of(body, "fields")
        if (answers := yes_no_or_choices(each))
    )


def _named(around: Around, name: str, part: Mapping[str, Any]) -> tuple[Offer, ...]:
    if name in ("stages", "fields", "requirements"):
        return _labels(parts_of(around.body, name))
    if name == "rows":
        return ((ALL_ANSWERS, "semua jawaban"), *_labels(parts_of(around.body, "fields")))
    if name == "actions":
        return _labels(parts_of(part, "actions"))
    if name == "opds":
        return tuple((opd, opd) for opd in around.opds)
    if name == "templates":
        return tuple((each, each.replace("_", " ")) for each in around.templates)
    found = around.roles.items()
    return tuple(each for each in found if name == "roles" or each[0] not in (APPLICANT, SYSTEM))


def _labels(parts: Iterable[Mapping[str, Any]]) -> tuple[Offer, ...]:
    return tuple((str(part["id"]), str(part.get("label") or part["id"])) for part in parts)
