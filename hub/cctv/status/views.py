"""The list of cameras on screen, as CSV and as a workbook: the same rows in all three."""

from collections import Counter
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from hub.cctv.rules import CameraState, Cause
from hub.cctv.service import CameraView, list_cameras
from hub.cctv.status.listing import Filter, Row, rows_of
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from hub.web.formats import moment_text
from hub.web.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.spreadsheet import XLSX_TYPE, Sheet, workbook
from hub.web.tables import csv_response
from hub.web.transaction import db

blueprint = Blueprint("camera_status", __name__)

_KEYS = {
    "state": "keadaan",
    "cause": "sebab",
    "owner": "pemilik",
    "district": "kecamatan",
    "kind": "jenis",
    "medium": "media",
    "text": "cari",
}


@blueprint.get("/cctv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> str:
    """Show all cameras, those that need somebody first."""
    cameras, rows, wanted = _read()
    return render_template(
        "cctv/status/listing.html",
        rows=rows,
        wanted=wanted,
        total=len(cameras),
        counts=Counter(view.verdict.state for view in cameras),
        states=list(CameraState),
        causes=[cause for cause in Cause if cause is not Cause.NONE],
        owners=sorted({view.owner for view in cameras if view.owner}),
        districts=sorted({row.district for row in rows_of(cameras, _districts(), Filter(), parts().now())}),
        query=request.query_string.decode(),
    )


@blueprint.get("/cctv/baris")
@needs(Permission.CAMERA_SEE, is_background=True, is_scoped=True)
def rows() -> str:
    """Give the part of the page that changes; the page asks for it every few seconds."""
    _cameras, found, _wanted = _read()
    return render_template("cctv/status/rows.html", rows=found)


@blueprint.get("/cctv/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    _cameras, found, _wanted = _read()
    return csv_response("kamera.csv", _header(), [_cells(row) for row in found])


@blueprint.get("/cctv/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    here = parts()
    _cameras, found, _wanted = _read()
    sheet = Sheet(
        title=_("Kamera"),
        above=[[_("Keadaan kamera")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=[_cells(row) for row in found],
        widths=(28, 28, 18, 12, 20, 22, 12, 18, 10, 10, 24, 22),
        kept_columns=1,
    )
    response = Response(workbook(sheet), mimetype=XLSX_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="kamera.xlsx"'
    return response


def _read() -> tuple[tuple[CameraView, ...], list[Row], Filter]:
    now = parts().now()
    reach = own_reach()
    cameras = tuple(view for view in list_cameras(db(), now) if reach.holds_camera(view.device, view.camera))
    wanted = Filter(**{key: request.args.get(name, "")[:80] for key, name in _KEYS.items()})
    return cameras, rows_of(cameras, _districts(), wanted, now), wanted


def _districts() -> dict[str, str]:
    rows = db().execute(
        select(Device.id, Kecamatan.name)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
    )
    return {row.id: row.name for row in rows}


def _header() -> list[str]:
    return [
        _("Kamera"), _("Titik"), _("Kecamatan"), _("Keadaan"), _("Sebab"), _("Sejak"), _("Lama (menit)"),
        _("Pemilik"), _("Jenis"), _("Media"), _("Perangkat"), _("Gambar terakhir"),
    ]  # fmt: skip


def _cells(row: Row) -> list[object]:
    view, here = row.view, parts()

    def moment(at: datetime | None) -> str:
        return "" if at is None else moment_text(at, here.zone, language())

    return [
        view.name,
        view.site,
        row.district,
        view.verdict.state.value,
        "" if view.verdict.cause is Cause.NONE else view.verdict.cause.value,
        moment(view.verdict.since if row.dark_s is not None else None),
        "" if row.dark_s is None else round(row.dark_s / 60),
        view.owner,
        view.kind,
        view.medium,
        f"{view.device}/{view.camera}",
        moment(view.still_at),
    ]
