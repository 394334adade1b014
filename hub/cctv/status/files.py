"""The list of cameras to keep, as CSV and as a workbook: the rows that the screen shows."""

from datetime import datetime

from flask import Blueprint, Response
from flask_babel import gettext as _

from hub.cctv.outages.service import CAUSE_WORDS, STATE_WORDS
from hub.cctv.rules import Cause
from hub.cctv.status.feed import Sight
from hub.cctv.status.listing import Row
from hub.cctv.status.views import asked_for, read_rows
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("camera_status_files", __name__)

_WIDTHS = (28, 28, 18, 14, 14, 10, 28, 14, 22, 10, 12, 24, 12)


@blueprint.get("/cctv/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    return csv_response("kamera.csv", _header(), [_cells(row) for row in _rows()])


@blueprint.get("/cctv/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    here = parts()
    sheet = Sheet(
        title=_("Kamera"),
        above=[[_("Keadaan kamera")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=[_cells(row) for row in _rows()],
        widths=_WIDTHS,
        kept_columns=1,
    )
    return file_response(workbook(sheet), "kamera.xlsx", XLSX_TYPE)


def _rows() -> list[Row]:
    return Sight(language(), asked_for(), own_reach()).of(read_rows(db(), parts()))


def _header() -> list[str]:
    return [
        _("Kamera"), _("Titik"), _("Kecamatan"), _("Keadaan"), _("Sebab"), _("Keyakinan (%)"), _("Sejak"),
        _("Lama (menit)"), _("Pemilik"), _("Jenis"), _("Media"), _("Perangkat"), _("Gangguan"),
    ]  # fmt: skip


def _cells(row: Row) -> list[object]:
    here, verdict = parts(), row.verdict
    dark_s = row.dark_s(here.now())

    def moment(at: datetime | None) -> str:
        return "" if at is None else moment_text(at, here.zone, language())

    return [
        row.name,
        row.site,
        row.district,
        _(STATE_WORDS[row.state]),
        "" if verdict.cause is Cause.NONE else _(CAUSE_WORDS[verdict.cause]),
        round(verdict.confidence * 100) if verdict.confidence else "",
        moment(verdict.since if dark_s is not None else None),
        "" if dark_s is None else round(dark_s / 60),
        row.owner,
        _("PTZ") if row.kind == "ptz" else _("tetap"),
        _("serat optik") if row.medium == "fibre" else _("nirkabel"),
        f"{row.device}/{row.camera}",
        "" if row.outage is None else row.outage,
    ]
