"""The weather for everybody, and the page where an officer keeps it."""

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.areas import read_areas
from hub.portal.weather import service
from hub.portal.weather.bmkg import MOST_BYTES, read_forecast
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.dates import typed_moment

blueprint = Blueprint("weather", __name__)

_FORM_BYTES = MOST_BYTES + 64 * 1024


@blueprint.get("/cuaca")
@needs(Permission.PUBLIC)
def show() -> str:
    """Show what officers say and what the forecast says, hour by hour."""
    return render_template("portal/weather.html", weather=service.weather_now(db(), parts().now()))


@blueprint.get("/cuaca.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give the same hours."""
    weather = service.weather_now(db(), parts().now())
    header = [_("Waktu"), _("Kode BMKG"), _("Cuaca"), "°C", "%", "km/jam"]
    rows = [
        (one.at.isoformat(), one.code, one.words, one.temperature_c, one.humidity_percent, one.wind_kmh)
        for one in weather.periods
    ]
    return csv_response("cuaca.csv", header, rows)


@blueprint.get("/cuaca/isi")
@needs(Permission.MEASURE_KEEP)
def entry() -> str:
    """Show what is told now, and the forms."""
    return _page({})


@blueprint.post("/cuaca/isi")
@needs(Permission.MEASURE_KEEP)
def tell() -> AnyResponse | tuple[str, int]:
    """Keep a text."""
    until = _moment(request.form.get("sampai", ""))
    try:
        service.keep_text(
            db(),
            request.form.get("teks", ""),
            is_warning=request.form.get("peringatan") == "ya",
            valid_until=until,
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        return _refused("teks", error)
    flash(_("Teks cuaca tampil di beranda."))
    return redirect(url_for("weather.entry"), code=303)


@blueprint.post("/cuaca/berkas")
@needs(Permission.MEASURE_KEEP, upload_bytes=_FORM_BYTES)
def bring() -> AnyResponse | tuple[str, int]:
    """Keep the forecast of a file of BMKG."""
    given = request.files.get("berkas")
    try:
        content = given.stream.read(MOST_BYTES + 1) if given else b""
        found = read_forecast(content, regency=_regency(), city=_city_name())
        service.keep_forecast(db(), found, actor=signed_in().name, now=parts().now())
    except InputError as error:
        return _refused("berkas", error)
    flash(_("Prakiraan tersimpan: %(count)s jam untuk %(area)s.", count=len(found.periods), area=found.area))
    return redirect(url_for("weather.entry"), code=303)


@blueprint.post("/cuaca/isi/<int:number>/tarik")
@needs(Permission.MEASURE_KEEP)
def withdraw(number: int) -> AnyResponse:
    """Take a text back."""
    service.withdraw_text(db(), number, actor=signed_in().name, now=parts().now())
    flash(_("Teks cuaca ditarik."))
    return redirect(url_for("weather.entry"), code=303)


def _refused(field: str, error: InputError) -> tuple[str, int]:
    roll_back()
    return _page({field: str(error)}), 422


def _page(faults: dict[str, str]) -> str:
    now = parts().now()
    return render_template(
        "portal/weather_entry.html",
        weather=service.weather_now(db(), now),
        faults=faults,
        typed=request.form,
        latest=now + service.LONGEST,
    )


def _city_name() -> str:
    return parts().config.city.removeprefix("Kota ")


def _regency() -> str:
    """Return the code of the city, which those of its kecamatan begin with."""
    return read_areas().kecamatan[0].code.rpartition(".")[0]


def _moment(text: str) -> datetime | None:
    try:
        return typed_moment(text, parts().zone)
    except ValueError:
        return None
