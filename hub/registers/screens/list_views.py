"""The first page of registers, the list of each kind, and its files."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hub.people.permissions import Permission
from hub.places.areas import read_areas
from hub.registers.importing.rows import columns_of
from hub.registers.keeping.figures import FigureValue, figures_of
from hub.registers.keeping.listing import Row, Wanted, every_row, page_of, words_in_use
from hub.registers.kind.fields import FieldKind, Kind, Quality
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.kind.rules import Names
from hub.registers.kind.whole_rows import share_of
from hub.registers.kind.wording import cell_of, typed_of, words_of
from hub.registers.screens.access import may_add, names_of, own_reach, today
from hub.registers.screens.bulk_views import settable_fields
from hub.web.files.spreadsheet import table_response
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("registers", __name__)


@blueprint.get("/register")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def index() -> str:
    """Show all kinds by group, with their figures."""
    reach = own_reach()
    groups: dict[str, list[tuple[Kind, int, tuple[FigureValue, ...]]]] = {}
    for kind in shipped_kinds().values():
        total = page_of(db(), kind, Wanted(), reach, today=today(), per_page=1).total
        figures = figures_of(db(), kind, reach, today=today())
        groups.setdefault(kind.group, []).append((kind, total, figures))
    return render_template("registers/index.html", groups=groups, is_city=reach.is_city)


@blueprint.get("/register/<kind>")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def listing(kind: str) -> str:
    """Show one page of a kind's rows."""
    found, wanted, reach = kind_of(kind), wanted_of(kind_of(kind)), own_reach()
    names = names_of(found)
    page = page_of(
        db(), found, wanted, reach, today=today(), number=request.args.get("hal", 1, type=whole_number)
    )
    return render_template(
        "registers/list.html",
        kind=found,
        page=page,
        wanted=wanted,
        names=names,
        figures_of_kind=figures_of(db(), found, reach, today=today()),
        settable=settable_fields(found),
        choices={name: _choices_of(found, name) for name in found.filters},
        opds={
            number: name for number, name in names.opd_names.items() if reach.is_city or number in reach.opds
        },
        qualities=[one.value for one in Quality],
        may_add=may_add(found),
        is_all=request.args.get("pilih") == "semua",
        asked={name: text for name, text in request.args.items() if name not in ("hal", "pilih", "urut")},
        words=words_of,
        share=share_of,
    )


@blueprint.get("/register/<kind>/unduh.csv")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def as_csv(kind: str) -> Response:
    """Give what is looked for as CSV, to change and put in again."""
    found = kind_of(kind)
    names = names_of(found)
    return csv_response(f"{kind}.csv", columns_of(found), _csv_rows(found, names))


@blueprint.get("/register/<kind>/unduh.xlsx")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def as_xlsx(kind: str) -> Response:
    """Give what is looked for as a workbook, to change and put in again."""
    found = kind_of(kind)
    names = names_of(found)
    rows = (
        [cell_of(field, row.values.get(field.id), names) for field in found.filed]
        + standard_cells(row, names)
        for row in _rows(found)
    )
    return table_response(f"{kind}.xlsx", found.label, columns_of(found), rows)


@blueprint.get("/register/<kind>/contoh.csv")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def example(kind: str) -> Response:
    """Give an empty file with the columns of a kind."""
    found = kind_of(kind)
    return csv_response(f"contoh-{kind}.csv", columns_of(found), ())


def wanted_of(kind: Kind) -> Wanted:
    """Return what an address asks for."""
    opd = request.args.get("opd", None, type=whole_number)
    return Wanted(
        text=request.args.get("cari", "").strip()[:80],
        opd=opd if opd is not None and opd < 100_000 else None,
        fields={name: text[:80] for name in kind.filters if (text := request.args.get(name, ""))},
        quality=request.args.get("mutu", "")[:12],
        is_retired=request.args.get("dihapus") == "ya",
        sort=request.args.get("urut", "")[:40],
    )


def standard_cells(row: Row, names: Names) -> list[object]:
    """Return the columns that every table has after the fields."""
    days = [day.isoformat() if day else "" for day in (row.valid_from, row.valid_to)]
    return [names.opd_names.get(row.owner, "") if row.owner else "", *days, row.source, row.quality]


def _csv_rows(kind: Kind, names: Names) -> Iterator[list[object]]:
    for row in _rows(kind):
        cells = [cell_of(field, row.values.get(field.id), names) for field in kind.filed]
        # A point could also part thousands, so decimals stand behind a comma.
        typed = [
            typed_of(field, row.values.get(field.id), names) if isinstance(cell, float) else cell
            for field, cell in zip(kind.filed, cells, strict=True)
        ]
        yield [*typed, *standard_cells(row, names)]


def _rows(kind: Kind) -> Iterator[Row]:
    return every_row(db(), kind, wanted_of(kind), own_reach(), today=today())


def _choices_of(kind: Kind, name: str) -> list[tuple[str, str]]:
    field = kind.field(name)
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return [(one.id, one.label) for one in field.choices]
        case FieldKind.YES_NO:
            return [("ya", _("ya")), ("tidak", _("tidak"))]
        case FieldKind.KELURAHAN:
            return [(area.code, area.name) for area in read_areas().kelurahan]
        case FieldKind.YEAR:
            return [(str(year), str(year)) for year in range(today().year + 1, 2015, -1)]
        case _:
            return [(word, word) for word in words_in_use(db(), kind, name, own_reach(), today=today())]
