"""The register as CSV and as a workbook: the same rows as the list, with the same filter."""

from collections.abc import Sequence

from flask import Blueprint, Response
from flask_babel import gettext as _

from hub.cctv.findings import access
from hub.cctv.findings.kinds import WORDS
from hub.cctv.findings.register import FindingLine
from hub.cctv.findings.rules import STATE_WORDS
from hub.cctv.findings.views import asked
from hub.people.permissions import Permission
from hub.places.purposes import WORDS as PURPOSES
from hub.places.purposes import Purpose
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts

blueprint = Blueprint("finding_files", __name__)


@blueprint.get("/temuan/daftar.csv")
@needs(Permission.FINDING_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the findings that are asked for as CSV."""
    return csv_response("temuan.csv", _header(), _rows())


@blueprint.get("/temuan/daftar.xlsx")
@needs(Permission.FINDING_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the findings that are asked for as a workbook."""
    here = parts()
    sheet = Sheet(
        title=_("Temuan"),
        above=[[_("Daftar temuan")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=_rows(),
        widths=(8, 24, 16, 28, 28, 20, 30, 14, 12, 26, 26, 20, 44, 10, 66),
        kept_columns=1,
    )
    return file_response(workbook(sheet), "temuan.xlsx", XLSX_TYPE)


def _header() -> list[str]:
    return [
        _("Nomor"), _("Jenis"), _("Keadaan"), _("Kamera"), _("Titik"), _("Kelurahan"), _("OPD"),
        _("Tenggat"), _("Lewat tenggat"), _("Diambil"), _("Ditandai"), _("Oleh"), _("Keterangan"),
        _("Kali ditemukan"), _("SHA-256 gambar bertanda"), _("Tujuan"),
    ]  # fmt: skip


def _rows() -> Sequence[Sequence[object]]:
    today = access.today()
    return [_cells(line, is_late=line.is_late(today)) for line in access.register().find(asked(), today)]


def _cells(line: FindingLine, *, is_late: bool) -> list[object]:
    here, finding = parts(), line.finding
    return [
        finding.id,
        _(WORDS[line.kind]),
        _(STATE_WORDS[line.state]),
        line.camera,
        line.site,
        line.kelurahan,
        line.opd,
        finding.due_on.isoformat() if finding.due_on else "",
        _("ya") if is_late else "",
        moment_text(finding.taken_at, here.zone, language()),
        moment_text(finding.made_at, here.zone, language()),
        line.maker,
        finding.note,
        line.times,
        finding.marked,
        _(PURPOSES[Purpose(finding.purpose)]),
    ]
