"""Values as files carry them and as people read them. Pure.

What a file carries reads back as the same value, whatever a spreadsheet made of it between.
"""

from datetime import date

from hub.places.areas import read_areas
from hub.registers.kind.fields import Field, FieldKind
from hub.registers.kind.rules import NO_NAMES, Names, Value
from hub.web.formats import coordinate_text, date_text, number_text, rupiah_text

NOTHING = "—"


def cell_of(field: Field, value: Value | None, names: Names = NO_NAMES) -> str | int | float:
    """Return a value as a cell of a file: a number as a number, all else as text."""
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case int() if field.kind is FieldKind.OPD:
            return names.opd_names.get(value, str(value))
        case int() | float():
            return value
        case list() if field.kind is FieldKind.PLACE:
            return ", ".join(coordinate_text(float(one)) for one in value)
        case list():
            return "; ".join(str(one) for one in value)
        case str() if field.kind is FieldKind.KELURAHAN:
            return _ward(value)
        case _:
            return value


def typed_of(field: Field, value: Value | None, names: Names = NO_NAMES) -> str:
    """Return a value as somebody would type it into a form or a CSV: decimals behind a comma."""
    cell = cell_of(field, value, names)
    return _decimals(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def _decimals(number: float) -> str:
    """Return without an exponent, which no cell reads."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def words_of(field: Field, value: Value | None, names: Names = NO_NAMES, language: str = "id") -> str:
    """Return a value as a screen shows it."""
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return ("yes" if value else "no") if language == "en" else ("ya" if value else "tidak")
        case int() if field.kind is FieldKind.MONEY:
            return rupiah_text(value, language)
        case int() if field.kind in (FieldKind.YEAR, FieldKind.OPD):
            return str(cell_of(field, value, names))
        case int() | float():
            decimals = len(_decimals(value).partition(".")[2]) if isinstance(value, float) else 0
            return f"{number_text(value, language, decimals)} {field.unit}".strip()
        case str() if field.kind is FieldKind.DATE:
            return date_text(date.fromisoformat(value), language)
        case str() if field.kind is FieldKind.CHOICE:
            found = field.choice(value)
            return found.label if found else value
        case list() if field.kind is FieldKind.CHOICES:
            labels = {one.id: one.label for one in field.choices}
            return ", ".join(labels.get(str(one), str(one)) for one in value)
        case _:
            return str(cell_of(field, value, names))


def _ward(code: str) -> str:
    return next((area.name for area in read_areas().kelurahan if area.code == code), code)
