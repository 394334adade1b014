"""A letter with everything on it, and a key to seal it with."""

from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.papers.seal import LetterClaim, code_of, seal_letter
from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.letters.paper.composing import Holder, Letter, Office, Signatory, compose
from hub.cases.letters.paper.drawing import SealedPaper
from hub.cases.letters.paper.templates import template_of
from tests.hub.cases.shipped import SHIPPED

ADDRESS = "HTTPS://PONTIVE.PONTIANAK.GO.ID/V/"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DAY = date(2026, 11, 22)
HOLDER = Holder(
    name="Siti Rahmawati",
    nik="6171044108900004",
    birthplace="Pontianak",
    born_on=date(1990, 8, 1),
    address="Jl. Tanjungpura No. 12 <RT 3/RW 4>",
)
OFFICE = Office(
    rank="Lurah",
    name="Benua Melayu Laut",
    head=("Kecamatan Pontianak Selatan", "Kelurahan Benua Melayu Laut"),
    unit="KEL.BENUA-MELAYU-LAUT",
)
SIGNATORY = Signatory(
    name="Hj. Rina Kusuma, S.Sos.", rank="Penata Tk. I", capacity="Plh.", decree="SK 800/12"
)
BY_TEMPLATE = {one.document.template: one for one in SHIPPED if one.document is not None}
# One for each kind of field, as a citizen would type it.
_TYPED = {
    FieldKind.NUMBER: "12,5",
    FieldKind.MONEY: "1500000",
    FieldKind.DATE: "2026-01-05",
    FieldKind.TIME: "19:30",
    FieldKind.YES_NO: "yes",
    FieldKind.NIK: "6171044108900004",
    FieldKind.PLACE: "-0.026330,109.342500",
    FieldKind.KELURAHAN: "61.71.04.1004",
}


def answer_for(field: Field) -> tuple[str, ...]:
    """Return an answer that the field takes."""
    if field.choices:
        return (field.choices[0].id,)
    return (_TYPED.get(field.kind, f"isi {field.id} <b>&amp;"),)


def composed(template: str, definition: ServiceDefinition | None = None) -> Letter:
    """Return the words of a letter of this kind with every field answered."""
    service = definition or BY_TEMPLATE[template]
    return compose(
        template_of(template),
        service,
        {field.id: answer_for(field) for field in service.fields},
        holder=HOLDER,
        office=OFFICE,
        signatory=SIGNATORY,
        number="400.12/0007/KEL.BENUA-MELAYU-LAUT/XI/2026",
        day=DAY,
        city="Kota Pontianak",
    )


def sealed(letter: Letter) -> SealedPaper:
    """Return the seal of a letter as it stands on its paper."""
    claim = LetterClaim(
        key_number=1,
        code=code_of(b"\x9a\x02\x03\x04\x05"),
        kind="Keterangan Penghasilan Orang Tua",
        number=letter.number,
        kelurahan="61.71.04.1004",
        issued_on=DAY,
        last_day=date(2027, 2, 20),
        body_hash=letter.digest[:10],
        holder="SI** RA**",
        nik_tail="0004",
    )
    seal = seal_letter(KEY, claim, address=ADDRESS)
    return SealedPaper(seal, claim.code, "pontive.pontianak.go.id/v", "Berlaku sampai 20 Februari 2027.")
