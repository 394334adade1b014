"""What a draft will look like: answers made up for a letter, and its PDF with a seal that seals nothing."""

from collections.abc import Mapping
from datetime import date

from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.letters.paper.composing import Holder, Office, Signatory, compose
from hub.cases.letters.paper.drawing import SealedPaper, draw_letter
from hub.cases.letters.paper.templates import words_of_rule
from hub.cases.letters.paper.words import letter_number
from hub.errors import InputError
from hub.places.areas import read_areas

_SAMPLES: Mapping[FieldKind, str] = {
    FieldKind.NUMBER: "2",
    FieldKind.MONEY: "150000",
    FieldKind.DATE: "2020-02-29",
    FieldKind.TIME: "07:30",
    FieldKind.YES_NO: "yes",
    FieldKind.PHONE: "081234567890",
    FieldKind.EMAIL: "nama@contoh.id",
    FieldKind.NIK: "6171014508900001",
    FieldKind.PLACE: "-0.026330,109.342500",
    FieldKind.CAMERA: "contoh/kamera",
}


_HOLDER = Holder(
    name="Siti Aminah (contoh)",
    nik="6171014508900001",
    birthplace="Pontianak",
    born_on=date(1990, 8, 5),
    sex="Perempuan",
    religion="Islam",
    occupation="Pedagang",
    address="Jalan Contoh Nomor 1",
)
_NO_SEAL = SealedPaper("CONTOH TIDAK BERLAKU", "CONTOH", "contoh", "Contoh: tidak berlaku.")


def sample_answer(field: Field) -> tuple[str, ...]:
    """Return an answer that a field takes."""
    if field.choices:
        return (field.choices[0].id,)
    if field.kind is FieldKind.KELURAHAN:
        return (read_areas().kelurahan[0].code,)
    if field.kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return (f"{field.least:g}" if field.least is not None else _SAMPLES[field.kind],)
    if field.kind in _SAMPLES:
        return (_SAMPLES[field.kind],)
    text = f"contoh {field.label.casefold()}"
    least, most = int(field.least or 1), int(field.most or len(text))
    return (text.ljust(least, ".")[:most],)


def sample_letter(definition: ServiceDefinition, *, city: str, day: date) -> bytes:
    """Return the PDF of a letter of this service with made-up answers, marked as a sample.

    Raises:
        InputError: the service has no letter, or its words cannot be printed.
    """
    rule = definition.document
    if rule is None:
        raise InputError("Layanan ini tidak menerbitkan surat.")
    number = letter_number(rule.number, classification=rule.classification, serial=0, unit="CONTOH", day=day)
    letter = compose(
        words_of_rule(rule),
        definition,
        {field.id: sample_answer(field) for field in definition.fields},
        holder=_HOLDER,
        office=_office(rule.signed_by, definition),
        signatory=Signatory("CONTOH, TIDAK BERLAKU"),
        number=number,
        day=day,
        city=city,
        ward_name=_ward_name,
    )
    return draw_letter(
        letter, SealedPaper("CONTOH TIDAK BERLAKU", "CONTOH", "contoh", "Contoh: tidak berlaku.")
    )


def _office(signed_by: str, definition: ServiceDefinition) -> Office:
    ward = read_areas().kelurahan[0]
    district = next(area for area in read_areas().kecamatan if area.code == ward.kecamatan)
    if signed_by == "lurah":
        return Office("Lurah", ward.name, (f"Kecamatan {district.name}", f"Kelurahan {ward.name}"), "CONTOH")
    if signed_by == "camat":
        return Office("Camat", district.name, (f"Kecamatan {district.name}",), "CONTOH")
    return Office("Kepala", definition.opd, (definition.opd,), "CONTOH")


def _ward_name(code: str) -> str:
    return next((area.name for area in read_areas().kelurahan if area.code == code), code)
