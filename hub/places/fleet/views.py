"""The page of all devices, and the same rows as CSV and as a workbook."""

from collections import Counter
from datetime import datetime, timedelta

import msgspec
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import func, select

from edge.wire.records.bodies import DeviceReturned
from hub.ingest.models import Event
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.device.service import DeviceView, list_devices
from hub.places.fleet.listing import FleetFilter, FleetRow, Limits, Trouble, newest_version, rows_of
from hub.places.fleet.reported import panel_of, read_report
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("fleet", __name__)

_KEYS = {"trouble": "masalah", "firmware": "versi", "district": "kecamatan", "text": "cari"}


@blueprint.get("/perangkat")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def listing() -> str:
    """Show all devices, those that need somebody first."""
    devices = _devices()
    everything, wanted = _rows(devices, FleetFilter()), _wanted()
    return render_template(
        "places/fleet/fleet.html",
        rows=_rows(devices, wanted),
        wanted=wanted,
        total=len(devices),
        online=sum(bool(one.is_online) for one in devices),
        counts=Counter(trouble for row in everything for trouble in row.troubles),
        calm=sum(not row.troubles for row in everything),
        versions=Counter(one.firmware for one in devices if one.firmware),
        newest=newest_version(devices),
        troubles=list(Trouble),
        districts=sorted({row.district for row in everything if row.district}),
        query=request.query_string.decode(),
        panel=panel_of(read_report(parts().config.fleet.report), parts().now()),
    )


@blueprint.get("/perangkat/baris")
@needs(Permission.DEVICE_SEE, is_scoped=True, is_background=True)
def rows() -> str:
    """Give the part of the page that changes; the page asks for it every few seconds."""
    return render_template("places/fleet/rows.html", rows=_rows(_devices(), _wanted()))


@blueprint.get("/perangkat/daftar.csv")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    return csv_response("perangkat.csv", _header(), [_cells(row) for row in _rows(_devices(), _wanted())])


@blueprint.get("/perangkat/daftar.xlsx")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    here = parts()
    sheet = Sheet(
        title=_("Perangkat"),
        above=[[_("Perangkat")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=[_cells(row) for row in _rows(_devices(), _wanted())],
        widths=(24, 26, 26, 18, 12, 24, 10, 24, 10, 12, 14, 12, 12, 14, 24),
        kept_columns=1,
    )
    return file_response(workbook(sheet), "perangkat.xlsx", XLSX_TYPE)


def _devices() -> list[DeviceView]:
    reach = own_reach(Permission.DEVICE_SEE)
    return [one for one in list_devices(db()) if reach.holds_device(one.device)]


def _wanted() -> FleetFilter:
    return FleetFilter(**{key: request.args.get(name, "")[:80] for key, name in _KEYS.items()})


def _rows(devices: list[DeviceView], wanted: FleetFilter) -> list[FleetRow]:
    alarms = parts().config.alarms
    return rows_of(
        devices,
        districts=_districts(),
        boots=_boots(),
        newest=newest_version(devices),
        limits=Limits(alarms.temperature_c, alarms.disk_free_mib, alarms.backlog_rows),
        wanted=wanted,
    )


def _districts() -> dict[str, str]:
    found = db().execute(
        select(Device.id, Kecamatan.name)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
    )
    return {row.id: row.name for row in found}


def _boots() -> dict[str, str]:
    newest = select(func.max(Event.id)).where(Event.kind == "device-returned").group_by(Event.device)
    found = db().scalars(select(Event).where(Event.id.in_(newest)))
    return {row.device: msgspec.json.decode(row.body, type=DeviceReturned).boot.value for row in found}


def _header() -> list[str]:
    return [
        _("Perangkat"), _("Nama"), _("Titik"), _("Kecamatan"), _("Keadaan"), _("Terakhir terdengar"),
        _("Versi"), _("Perangkat keras"), _("Suhu (°C)"), _("Disk bebas (MiB)"), _("Antrean (rekaman)"),
        _("Jam"), _("Hidup (jam)"), _("Sebab mulai ulang"), _("Masalah"),
    ]  # fmt: skip


def _cells(row: FleetRow) -> list[object]:
    device, here = row.device, parts()
    health = device.health

    def moment(at: datetime | None) -> str:
        return "" if at is None else moment_text(at, here.zone, language())

    return [
        device.device,
        device.name,
        device.site,
        row.district,
        "" if device.is_online is None else "daring" if device.is_online else "luring",
        moment(device.heard_at),
        device.firmware,
        device.hardware,
        "" if health is None or health.temperature_c is None else health.temperature_c,
        "" if health is None else health.disk_free_mib,
        "" if health is None else health.outbox_rows,
        device.clock,
        "" if health is None else round(timedelta(seconds=health.uptime_s) / timedelta(hours=1), 1),
        row.boot,
        " ".join(row.troubles),
    ]
