"""The inventory's lists, files of it, and the entry of one camera."""

from datetime import date, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.importing.export import cells_of, inventory_workbook, tables_on_duty, within
from hub.places.importing.known import read_known
from hub.places.importing.tables import LAYOUTS, PURPOSE_WORDS, InventoryTables, Kind
from hub.places.models import CityCamera, Device, Site
from hub.places.owning.opds import known_opds
from hub.places.owning.service import history_of
from hub.places.purposes import WORDS as PURPOSES
from hub.places.register.listing import Register, Wanted
from hub.places.register.service import Actor, camera_cells, change_camera, set_retired
from hub.web.files.spreadsheet import XLSX_TYPE, file_response
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("inventory", __name__)

_CAMERA = "/inventaris/kamera/<device>/<camera>"
# What the forms of a camera's entry may send.
_TYPED = ("nama", "jenis", "media", "arah_derajat", "sudut_derajat", "jangkauan_m", "switch")
_OWNER = ("pemilik", "pemilik_sejak")


@blueprint.get("/inventaris")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def listing() -> str:
    """Show one of the five lists."""
    register, kind, wanted = _register(), _kind(), _wanted()
    return render_template(
        "places/inventory/listing.html",
        kind=kind,
        kinds=kind_words(),
        counts=register.counts(),
        lines=register.lines(kind, wanted),
        wanted=wanted,
        owners=register.owners(),
        districts=register.districts(),
    )


@blueprint.get("/inventaris/unduh.csv")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give one table as CSV, to change and put in again."""
    kind = _kind()
    return csv_response(f"{kind}.csv", LAYOUTS[kind].columns, cells_of(_seen_tables())[kind])


@blueprint.get("/inventaris/unduh.xlsx")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give all tables as a workbook, to change and put in again."""
    return file_response(inventory_workbook(_seen_tables()), "inventaris.xlsx", XLSX_TYPE)


@blueprint.get(_CAMERA)
@needs(Permission.DEVICE_SEE, is_scoped=True)
def camera(device: str, camera: str) -> str:
    """Show what the inventory says of a camera, with forms for those who may change it."""
    return _entry(device, camera)


@blueprint.post(f"{_CAMERA}/simpan")
@needs(Permission.PLACE_MANAGE)
def save(device: str, camera: str) -> AnyResponse | tuple[str, int]:
    """Change what a camera is, where it looks and what for."""
    typed = {name: request.form[name] for name in _TYPED if name in request.form}
    typed["tujuan"] = " ".join(request.form.getlist("tujuan"))
    typed["publik"] = "ya" if request.form.get("publik") == "ya" else "tidak"
    return _change(device, camera, typed)


@blueprint.post(f"{_CAMERA}/pemilik")
@needs(Permission.PLACE_MANAGE)
def owner(device: str, camera: str) -> AnyResponse | tuple[str, int]:
    """Make somebody the owner from a day on."""
    return _change(device, camera, {name: request.form.get(name, "") for name in _OWNER})


@blueprint.post(f"{_CAMERA}/pensiun")
@needs(Permission.PLACE_MANAGE)
def retire(device: str, camera: str) -> AnyResponse:
    """Take a camera off duty; its history stays."""
    insist_on_sure()
    set_retired(db(), (device, camera), is_retired=True, actor=_actor())
    flash(_("Kamera dipensiunkan; riwayatnya tetap tersimpan."))
    return _back(device, camera)


@blueprint.post(f"{_CAMERA}/kembali")
@needs(Permission.PLACE_MANAGE)
def restore(device: str, camera: str) -> AnyResponse:
    """Bring a camera back on duty."""
    set_retired(db(), (device, camera), is_retired=False, actor=_actor())
    flash(_("Kamera kembali bertugas."))
    return _back(device, camera)


def kind_words() -> dict[Kind, str]:
    """Return what each list is called."""
    return {
        Kind.SITES: _("Titik"),
        Kind.DEVICES: _("Perangkat"),
        Kind.CAMERAS: _("Kamera"),
        Kind.DOORS: _("Pintu"),
        Kind.SENSORS: _("Sensor"),
    }


def _change(device: str, camera: str, typed: dict[str, str]) -> AnyResponse | tuple[str, int]:
    try:
        is_changed = change_camera(db(), (device, camera), typed, _actor())
    except InputError as error:
        roll_back()
        return _entry(device, camera, typed=typed, mistake=str(error)), 422
    flash(_("Tersimpan.") if is_changed else _("Tidak ada yang berubah."))
    return _back(device, camera)


def _entry(device: str, camera: str, *, typed: dict[str, str] | None = None, mistake: str = "") -> str:
    cells = camera_cells(db(), (device, camera), _today()) | (typed or {})
    where = db().get_one(Device, device)
    return render_template(
        "places/inventory/camera.html",
        row=db().get_one(CityCamera, (device, camera)),
        where=where,
        site=db().get_one(Site, where.site),
        cells=cells,
        mistake=mistake,
        history=history_of(db(), (device, camera)),
        purposes=[(word, PURPOSES[purpose]) for word, purpose in PURPOSE_WORDS.items()],
        opds=sorted(opd.name for opd in known_opds()),
        today=_today(),
        one_day=timedelta(days=1),
    )


def _seen_tables() -> InventoryTables:
    known = read_known(db(), _today())
    return within(tables_on_duty(known), own_reach(Permission.DEVICE_SEE))


def _register() -> Register:
    return Register(db(), own_reach(Permission.DEVICE_SEE), _today())


def _kind() -> Kind:
    text = request.args.get("tabel", "")
    return Kind(text) if text in {kind.value for kind in Kind} else Kind.SITES


def _wanted() -> Wanted:
    return Wanted(
        text=request.args.get("cari", "").strip()[:80],
        district=request.args.get("kecamatan", "")[:80],
        owner=request.args.get("pemilik", "")[:80],
        is_retired=request.args.get("pensiun") == "ya",
    )


def _actor() -> Actor:
    return Actor(signed_in().name, parts().now(), _today())


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()


def _back(device: str, camera: str) -> AnyResponse:
    return redirect(url_for("inventory.camera", device=device, camera=camera), code=303)
