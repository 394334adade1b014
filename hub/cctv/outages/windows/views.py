"""Maintenance on screen: what is announced, announcing more, ending it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.outages.models import MaintenanceWindow
from hub.cctv.outages.windows.service import end_window, is_over, open_window, windows_listed
from hub.errors import InputError
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.models import CityCamera, Device, Site
from hub.web.files.downloads import list_as_csv, list_as_xlsx
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_moment

blueprint = Blueprint("maintenance", __name__)

LISTED_FOR = timedelta(days=30)
_USUAL = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that can be announced: ``value`` is site, site/device or site/device/camera."""

    value: str
    name: str


@blueprint.get("/perawatan")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> str:
    """Show windows that are open, to come, or of the last weeks."""
    return _page({})


def _page(typed: dict[str, str]) -> str:
    here = parts()
    now = here.now()
    choices = _choices()
    return render_template(
        "cctv/outages/windows.html",
        rows=_listed(),
        names={choice.value: choice.name for choice in choices},
        choices=choices,
        typed={
            "tempat": request.args.get("tempat", "")[:140],
            "mulai": f"{now.astimezone(here.zone):%Y-%m-%dT%H:%M}",
            "selesai": f"{(now + _USUAL).astimezone(here.zone):%Y-%m-%dT%H:%M}",
            "sebab": "",
        }
        | typed,
    )


@blueprint.get("/perawatan/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the windows that are listed as CSV."""
    return list_as_csv("perawatan", _header(), _table())


@blueprint.get("/perawatan/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the same rows as a workbook."""
    return list_as_xlsx("perawatan", _("Perawatan"), _header(), _table(), widths=(44, 26, 26, 40, 18, 26))


@blueprint.post("/perawatan")
@needs(Permission.OUTAGE_HANDLE, is_scoped=True)
def announce() -> AnyResponse | tuple[str, int]:
    """Announce maintenance of a place."""
    here, who = parts(), signed_in()
    typed = {name: request.form.get(name, "")[:200] for name in ("tempat", "mulai", "selesai", "sebab")}
    site, device, camera = (*typed["tempat"].split("/"), "", "")[:3]
    if not _is_within(site, device, camera):
        flash(_("Pilih titik, perangkat atau kamera dari daftar."), "bad")
        return _page(typed), 422
    try:
        row = open_window(
            db(),
            site=site,
            device=device,
            camera=camera,
            begins_at=_moment(typed["mulai"], here.zone),
            ends_at=_moment(typed["selesai"], here.zone),
            why=typed["sebab"],
            by=who.name,
            now=here.now(),
        )
    except InputError as error:
        flash(str(error), "bad")
        return _page(typed), 422
    audit.append(
        db(),
        at=here.now(),
        actor=who.name,
        action="maintenance.announce",
        target=typed["tempat"],
        detail=row.why,
    )
    flash(_("Perawatan tercatat; tempat itu tidak membunyikan alarm selama waktu tersebut."))
    return redirect(url_for("maintenance.listing"), code=303)


@blueprint.post("/perawatan/<int:number>/akhiri")
@needs(Permission.OUTAGE_HANDLE, is_scoped=True)
def end(number: int) -> AnyResponse:
    """End a window now, or call it off."""
    found = db().get(MaintenanceWindow, number)
    if found is None or not _is_within(found.site, found.device, found.camera):
        abort(404)
    if is_over(found, parts().now()):
        flash(_("Perawatan itu sudah diakhiri."))
        return redirect(url_for("maintenance.listing"), code=303)
    end_window(db(), number, parts().now())
    audit.append(db(), at=parts().now(), actor=signed_in().name, action="maintenance.end", target=f"{number}")
    flash(_("Perawatan diakhiri."))
    return redirect(url_for("maintenance.listing"), code=303)


def _listed() -> list[MaintenanceWindow]:
    reach, since = own_reach(), parts().now() - LISTED_FOR
    return [row for row in windows_listed(db(), since) if reach.touches_site(row.site)]


def _header() -> list[str]:
    return [_("Tempat"), _("Mulai"), _("Selesai"), _("Pekerjaan"), _("Oleh"), _("Dibatalkan")]


def _table() -> list[list[object]]:
    names = {choice.value: choice.name for choice in _choices()}
    rows: list[list[object]] = []
    for row in _listed():
        place = "/".join(part for part in (row.site, row.device, row.camera) if part)
        rows.append([names.get(place, place), *map(_told, (row.begins_at, row.ends_at)), row.why, row.by])
        rows[-1].append(_told(row.cancelled_at) if row.cancelled_at else "")
    return rows


def _told(at: datetime) -> str:
    return moment_text(at, parts().zone, language())


def _is_within(site: str, device: str, camera: str) -> bool:
    reach = own_reach(Permission.OUTAGE_HANDLE)
    if camera:
        return reach.holds_camera(device, camera)
    return reach.holds_site(site)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        return typed_moment(text, zone)
    except ValueError as error:
        raise InputError("waktu tidak terbaca; pilih tanggal dan jamnya") from error


def _choices() -> list[Choice]:
    """Return every place within reach, points before what stands there."""
    reach = own_reach()
    query = (
        select(Site.id, Site.name, Device.id, Device.name, CityCamera.id, CityCamera.name)
        .join(Device, Device.site == Site.id)
        .join(CityCamera, CityCamera.device == Device.id)
        .where(CityCamera.is_retired.is_(False), Device.is_retired.is_(False))
        .order_by(Site.name, Device.id, CityCamera.name)
    )
    found: dict[str, str] = {}
    for site, site_name, device, device_name, camera, camera_name in db().execute(query):
        if reach.holds_site(site):
            found.setdefault(site, _("%(name)s (seluruh titik)", name=site_name))
        if reach.holds_device(device):
            found.setdefault(f"{site}/{device}", f"{site_name} · {device_name} ({device})")
        if reach.holds_camera(device, camera):
            found[f"{site}/{device}/{camera}"] = f"{site_name} · {camera_name}"
    return [Choice(value, name) for value, name in found.items()]
