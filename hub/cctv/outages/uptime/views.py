"""Availability on screen: a month by camera, point or owner, and one camera's strips."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hub.cctv.outages.service import CAUSE_WORDS, outages_of_camera
from hub.cctv.outages.uptime.service import (
    StripPart,
    UptimeRow,
    availability,
    in_groups,
    month_of,
    strip_of,
    together,
)
from hub.cctv.rules import Cause
from hub.cctv.service import CameraView, get_camera
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs
from hub.web.i18n import N_, language
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_month

blueprint = Blueprint("outage_uptime", __name__)

GROUPS = {"kamera": N_("kamera"), "titik": N_("titik"), "pemilik": N_("pemilik")}
CAUSES = (Cause.CAMERA, Cause.POWER, Cause.LINK, Cause.UNKNOWN)
KIND_WORDS = {
    "up": N_("daring"),
    "down": N_("luring"),
    "maintenance": N_("perawatan"),
    "unknown": N_("tidak diketahui"),
}


@dataclass(frozen=True, slots=True)
class Strip:
    """A day, or the last 24 hours, as a strip."""

    title: str
    parts: list[StripPart]


@dataclass(frozen=True, slots=True)
class _Asked:
    month: date
    by: str
    rows: list[UptimeRow]
    whole: UptimeRow


@blueprint.get("/ketersediaan")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> str:
    """Show a month, the worst first."""
    asked = _read()
    return render_template(
        "cctv/outages/uptime.html",
        asked=asked,
        groups=GROUPS,
        causes=CAUSES,
        cause_names=CAUSE_WORDS,
        before=(asked.month - timedelta(days=1)).replace(day=1),
        after=(asked.month + timedelta(days=32)).replace(day=1),
        query=request.query_string.decode(),
    )


@blueprint.get("/ketersediaan/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    asked = _read()
    rows = [_cells(row) for row in (*asked.rows, asked.whole)]
    return csv_response(f"ketersediaan-{asked.month:%Y-%m}.csv", _header(), rows)


@blueprint.get("/ketersediaan/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    asked, here = _read(), parts()
    sheet = Sheet(
        title=_("Ketersediaan"),
        above=[[_("Ketersediaan kamera %(month)s", month=f"{asked.month:%Y-%m}")], [_now_text(here.now())]],
        header=_header(),
        rows=[_cells(row) for row in asked.rows],
        below=[_cells(asked.whole)],
        widths=(30, 34, 8, 14, 10, 10, 10, 12, 12, 10, 10, 10, 12),
        kept_columns=1,
    )
    return file_response(workbook(sheet), f"ketersediaan-{asked.month:%Y-%m}.xlsx", XLSX_TYPE)


@blueprint.get("/kamera/<device>/<camera>/ketersediaan")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def camera(device: str, camera: str) -> str:
    """Show one camera: the last 24 hours, the days of a month, and what held it."""
    here = parts()
    view, now, month = get_camera(db(), device, camera, here.now()), here.now(), _month()
    begin, end = month_of(month, here.zone)
    mine = [
        one
        for one in availability(db(), begin, end, now)
        if (one.view.device, one.view.camera) == (device, camera)
    ]
    return render_template(
        "cctv/outages/camera_uptime.html",
        camera=view,
        day=last_day(view),
        days=_days_of(view, month),
        whole=together((view.name, view.site), mine, is_camera=True),
        held=outages_of_camera(db(), device, camera, begin, end),
        month=month,
        before=(month - timedelta(days=1)).replace(day=1),
        after=(month + timedelta(days=32)).replace(day=1),
        cause_names=CAUSE_WORDS,
        kind_words=KIND_WORDS,
    )


def last_day(view: CameraView) -> Strip:
    """Return the strip of the last 24 hours, for this page and for the camera's own."""
    now = parts().now()
    return Strip(_("24 jam terakhir"), strip_of(db(), view, now - timedelta(hours=24), now, now))


def _days_of(view: CameraView, month: date) -> list[Strip]:
    here = parts()
    now = here.now()
    today = now.astimezone(here.zone).date()
    strips = []
    day = month
    while day.month == month.month and day <= today:
        begin = datetime.combine(day, time(), here.zone)
        strips.append(Strip(f"{day.day}", strip_of(db(), view, begin, begin + timedelta(days=1), now)))
        day += timedelta(days=1)
    return strips


def _month() -> date:
    text = request.args.get("bulan", "")
    here = parts()
    present = here.now().astimezone(here.zone).date().replace(day=1)
    try:
        return typed_month(text)
    except ValueError:
        return present


def _read() -> _Asked:
    here, month = parts(), _month()
    by = request.args.get("menurut", "kamera")
    by = by if by in GROUPS else "kamera"
    reach = own_reach()
    begin, end = month_of(month, here.zone)
    cameras = [
        one
        for one in availability(db(), begin, end, here.now())
        if reach.holds_camera(one.view.device, one.view.camera)
    ]
    return _Asked(month, by, in_groups(cameras, by), together((_("Semua"), ""), cameras))


def _now_text(now: datetime) -> str:
    return moment_text(now, parts().zone, language())


def _header() -> list[str]:
    return [
        _("Nama"), _("Tempat"), _("Kamera"), _("Ketersediaan (%)"), _("Daring (jam)"), _("Luring (jam)"),
        _("Perawatan (jam)"), _("Tidak diketahui (jam)"), _("Gangguan"),
        *(f"{_('Luring karena')} {_(CAUSE_WORDS[cause])} ({_('jam')})" for cause in CAUSES),
    ]  # fmt: skip


def _cells(row: UptimeRow) -> list[object]:
    up = row.uptime
    return [
        row.name,
        row.beside,
        row.cameras,
        "" if up.share is None else round(up.share * 100, 2),
        *(round(seconds / 3600, 2) for seconds in (up.up_s, up.down_s, up.maintenance_s, up.unknown_s)),
        row.outages,
        *(round(row.by_cause.get(cause, 0.0) / 3600, 2) for cause in CAUSES),
    ]
