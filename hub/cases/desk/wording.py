"""What officers read of cases: why something could not be done, and answers in words. Needs a request."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from hub.cases.definition.form import Field, FieldKind
from hub.cases.machine.rules import Refusal
from hub.people.models import Opd, RoleGrant
from hub.people.permissions import ScopeKind
from hub.places.areas import read_areas
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

REFUSALS: Mapping[Refusal, str] = {
    Refusal.NO_SUCH_ACTION: N_("Tindakan ini tidak ada pada tahap sekarang; lihat keadaan berkas di bawah."),
    Refusal.NOT_YOURS: N_("Tindakan ini bukan untuk peran Anda pada berkas ini."),
    Refusal.NOT_NOW: N_("Tindakan ini belum dapat dilakukan."),
    Refusal.OWN_CASE: N_("Anda pemohonnya; orang lain yang memutuskan."),
    Refusal.FOUR_EYES: N_(
        "Anda sudah menangani berkas ini pada tahap lain; orang lain yang memutuskan (empat mata)."
    ),
    Refusal.OPINIONS_MISSING: N_("Masih ada pertimbangan teknis yang belum diberikan."),
    Refusal.OPINIONS_AGAINST: N_("Ada pertimbangan teknis yang tidak setuju; kembalikan kepada pemohon."),
    Refusal.NOTE_MISSING: N_("Tulis catatannya."),
    Refusal.FILES_MISSING: N_("Lampirkan berkas yang diminta."),
    Refusal.ANSWERS_WRONG: N_("Ada isian yang perlu diperbaiki."),
    Refusal.CHANGED_MEANWHILE: N_(
        "Berkas ini sudah berubah: orang lain lebih dahulu, atau tombolnya tertekan dua kali."
    ),
    Refusal.SIGNATURE_MISSING: N_("Ketik PIN kartu atau kata sandi Anda sekali lagi untuk menandatangani."),
    Refusal.NO_SUCH_SERVICE: N_("Layanan ini tidak ada."),
}

# What the store keeps of a NIK begins with its mask.
_MASK_LETTERS = 16


def answer_words(field: Field, texts: tuple[str, ...]) -> str:
    """Return an answer as people read it: choices by their labels, a NIK masked, rupiah in groups."""
    return ", ".join(_one(field, text) for text in texts)


def _one(field: Field, text: str) -> str:
    if field.choices:
        return next((choice.label for choice in field.choices if choice.id == text), text)
    if field.kind is FieldKind.YES_NO:
        return str(_("ya") if text == "yes" else _("tidak"))
    if field.kind is FieldKind.NIK:
        return text[:_MASK_LETTERS]
    if field.kind is FieldKind.MONEY and text.isdecimal():
        return f"Rp{int(text):,}".replace(",", ".")
    if field.kind is FieldKind.DATE:
        return f"{date.fromisoformat(text):%d-%m-%Y}"
    if field.kind is FieldKind.KELURAHAN:
        return ward_name(text)
    return text


def ward_name(code: str | None) -> str:
    """Return the name of a kelurahan; the code itself when the city has none of it."""
    return next((area.name for area in read_areas().kelurahan if area.code == code), code or "")


def scope_words(db: Session, grant: RoleGrant) -> str:
    """Return where a role is held, in words."""
    if grant.scope_kind == ScopeKind.CITY:
        return str(_("seluruh kota"))
    if grant.scope_kind == ScopeKind.OPD and is_whole_number(grant.scope_id):
        opd = db.get(Opd, int(grant.scope_id))
        return grant.scope_id if opd is None else opd.name
    areas = read_areas()
    known = {area.code: area.name for area in (*areas.kecamatan, *areas.kelurahan)}
    return known.get(grant.scope_id, grant.scope_id)
