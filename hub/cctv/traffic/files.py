"""A camera's numbers as CSV and as a workbook: the same rows as its page, one column a series."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from hub.cctv.traffic.columns import Fold
from hub.cctv.traffic.ranges import Range, Step
from hub.cctv.traffic.table import Cell, ThemeTable
from hub.cctv.traffic.views import asked, seen_camera, tables_asked
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import day_text, moment_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts

blueprint = Blueprint("traffic_files", __name__)


@blueprint.get("/lalu-lintas/<device>/<camera>/angka.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv(device: str, camera: str) -> Response:
    """Give the numbers of the page as CSV."""
    wanted = _wanted()
    tables = tables_asked(seen_camera(device, camera), wanted)
    return csv_response(_name(device, camera, wanted, "csv"), _header(tables), list(_rows(tables, wanted)))


@blueprint.get("/lalu-lintas/<device>/<camera>/angka.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx(device: str, camera: str) -> Response:
    """Give the numbers of the page as a workbook."""
    view, wanted, here = seen_camera(device, camera), _wanted(), parts()
    tables = tables_asked(view, wanted)
    header = _header(tables)
    first, last = (day_text(at, here.zone, language()) for at in (wanted.begin, wanted.starts()[-1]))
    sheet = Sheet(
        title=_("Lalu lintas"),
        above=[[f"{view.name}, {view.site}"], [f"{first} – {last}"]],
        header=header,
        rows=_rows(tables, wanted),
        below=[[_("Dibuat"), moment_text(here.now(), here.zone, language())]],
        widths=(18, *[16] * (len(header) - 1)),
        kept_columns=1,
    )
    return file_response(workbook(sheet), _name(device, camera, wanted, "xlsx"), XLSX_TYPE)


def _wanted() -> Range:
    try:
        return asked()
    except InputError as error:
        raise BadRequest(str(error)) from error


def _name(device: str, camera: str, wanted: Range, kind: str) -> str:
    return f"lalu-lintas-{device}-{camera}-{wanted.first_day}-{wanted.last_day}.{kind}"


def _header(tables: Sequence[ThemeTable]) -> list[str]:
    names = [_("mulai (WIB)")]
    for table in tables:
        unit = _(table.look.unit)
        for column in table.columns:
            title = f"{_(table.look.title)}: {column.name}"
            title = f"{title}, {column.under}" if column.under else title
            names.append(f"{title} ({unit})")
            if table.look.has_span:
                names += [f"{title} {_('terendah')} ({unit})", f"{title} {_('tertinggi')} ({unit})"]
        if table.has_sum:
            names.append(f"{_(table.look.title)}: {_('jumlah')}")
    return names


def _rows(tables: Sequence[ThemeTable], wanted: Range) -> Iterator[list[object]]:
    for place, start in enumerate(wanted.starts()):
        row: list[object] = [_start(start, wanted)]
        for table in tables:
            for cell in table.rows[place]:
                row += _numbers(cell, table)
            if table.has_sum:
                total = table.total(place)
                row.append(None if total is None else round(total))
        yield row


def _numbers(cell: Cell | None, table: ThemeTable) -> list[object]:
    # Counts are whole; of a mean one digit more than on screen.
    digits = None if table.look.fold is Fold.SUM else table.look.decimals + 1
    if cell is None:
        return [None, None, None] if table.look.has_span else [None]
    if not table.look.has_span:
        return [round(cell.value, digits)]
    return [round(number, digits) for number in (cell.value, cell.low, cell.high)]


def _start(start: datetime, wanted: Range) -> str:
    return start.strftime("%Y-%m-%d" if wanted.step is Step.DAY else "%Y-%m-%d %H:%M")
