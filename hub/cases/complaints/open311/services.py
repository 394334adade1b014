"""Complaints as GeoReport sees them: a service for each category, the other questions as attributes. Pure."""

from collections.abc import Sequence

from hub.cases.complaints.filing.report import categories
from hub.cases.complaints.open311.documents import Attribute, Service, ServiceDefinition, Value
from hub.cases.definition.form import Choice, Field, FieldKind
from hub.cases.definition.service import ServiceDefinition as CityService

# What GeoReport has parameters of its own for, and what the city finds out by itself.
_NOT_ASKED = frozenset({"category", "text", "place", "kelurahan", "camera", "name", "contact", "address"})
_DATATYPES = {
    FieldKind.LONG_TEXT: "text",
    FieldKind.NUMBER: "number",
    FieldKind.MONEY: "number",
    FieldKind.DATE: "datetime",
    FieldKind.CHOICE: "singlevaluelist",
    FieldKind.CHOICES: "multivaluelist",
    FieldKind.YES_NO: "singlevaluelist",
}
_HOW = {
    "string": "Satu baris teks",
    "text": "Teks, boleh beberapa baris",
    "number": "Angka",
    "datetime": "Tanggal, misalnya 2026-11-22",
    "singlevaluelist": "Pilih satu",
    "multivaluelist": "Boleh pilih beberapa",
}
# These the city fills in itself when a program does not send them.
DEFAULTS = {"kind": "pengaduan", "identity": "terbuka"}


def services_of(service: CityService) -> tuple[Service, ...]:
    """Return the kinds of request that are taken: what somebody else must be told is not among them."""
    rule = service.open311
    if rule is None:
        return ()
    return tuple(
        Service(
            service_code=choice.id,
            service_name=choice.label,
            description=choice.hint or f"{service.label}: {choice.label}",
            metadata=bool(_asked(service)),
            keywords=", ".join(_keywords(choice, rule.keywords)),
            group=rule.group,
        )
        for choice in categories(service)
        if not choice.is_for_somebody_else
    )


def definition_of(service: CityService, code: str) -> ServiceDefinition:
    """Return the attributes of one kind of request; all of them may be left out."""
    attributes = tuple(
        Attribute(
            code=field.id,
            datatype=_DATATYPES.get(field.kind, "string"),
            required=False,
            datatype_description=_HOW[_DATATYPES.get(field.kind, "string")],
            order=order,
            description=field.hint or field.label,
            values=_values(field),
        )
        for order, field in enumerate(_asked(service), start=1)
    )
    return ServiceDefinition(code, attributes)


def _asked(service: CityService) -> tuple[Field, ...]:
    return tuple(field for field in service.first_form if field.id not in _NOT_ASKED)


def _values(field: Field) -> tuple[Value, ...] | None:
    if field.kind is FieldKind.YES_NO:
        return (Value("yes", "Ya"), Value("no", "Tidak"))
    if not field.choices:
        return None
    return tuple(Value(choice.id, choice.label) for choice in field.choices)


def _keywords(choice: Choice, known: Sequence[str]) -> list[str]:
    """Return words that lead to a category: those of its name, and the service's that belong to it."""
    own = [word.strip(",").casefold() for word in choice.label.split() if len(word) > 3]
    return list(dict.fromkeys([choice.id, *own, *(word for word in known if word in choice.id)]))
