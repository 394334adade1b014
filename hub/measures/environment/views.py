"""Air, river and rain for everybody: the city at a glance, and each station with its hours."""

from datetime import datetime

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from hub.measures.charts import Chart, line_chart
from hub.measures.environment.ispu import CATEGORY_WORDS, parameters, shown
from hub.measures.environment.keeper import AIR, INDEX
from hub.measures.environment.stations import Station, hourly, stations, worst_station
from hub.measures.keeping.quality import QUALITY_WORDS, Quality
from hub.measures.keeping.series import Facets
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.formats import clock_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("environment", __name__)


@blueprint.get("/lingkungan")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show the city's index, which is that of its worst station, and every station."""
    found = stations(db(), parts().now())
    return render_template(
        "measures/environment/listing.html",
        stations=found,
        worst=worst_station(found),
        categories=CATEGORY_WORDS,
        shown=shown,
    )


@blueprint.get("/lingkungan.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give the same numbers."""
    header = [_("Titik"), _("Parameter"), "ISPU", _("Kategori"), "µg/m³", _("Mutu"), _("Terbit")]
    rows: list[list[object]] = []
    for one in stations(db(), parts().now()):
        for line in one.lines:
            words = CATEGORY_WORDS[line.category][0] if line.category else ""
            index = "" if line.index is None else shown(line.index)
            at = "" if line.at is None else line.at.isoformat()
            quality = QUALITY_WORDS[line.quality]
            rows.append([one.name, line.parameter.label, index, words, line.concentration, quality, at])
        rows += [
            [one.name, water.label, "", "", water.value, water.unit, water.at.isoformat()]
            for water in one.waters
        ]
    return csv_response("lingkungan.csv", header, rows)


@blueprint.get("/lingkungan/<site>")
@needs(Permission.PUBLIC)
def station(site: str) -> str:
    """Show one station: what each parameter says, how sure it is, and the last two days."""
    here = _station(site)
    scope = Facets(site=site, dimension="pm2_5")
    code, label = INDEX, "ISPU PM2,5"
    hours = hourly(db(), code, scope, parts().now())
    if not hours and here.waters:
        code, label = here.waters[0].measure, here.waters[0].label
        hours = hourly(db(), code, Facets(site=site), parts().now())
    return render_template(
        "measures/environment/station.html",
        station=here,
        hours=hours,
        chart=_chart(hours),
        chart_label=label,
        charted=code,
        decimals=0 if code == INDEX else here.waters[0].decimals,
        categories=CATEGORY_WORDS,
        qualities=QUALITY_WORDS,
        insufficient=Quality.INSUFFICIENT,
        shown=shown,
    )


@blueprint.get("/lingkungan/<site>.csv")
@needs(Permission.PUBLIC)
def station_as_csv(site: str) -> Response:
    """Give the hours of a station: concentrations as they were measured."""
    here = _station(site)
    now = parts().now()
    rows = [
        (at.isoformat(), name, value)
        for code, one in parameters().items()
        for name, measure in ((one.label, AIR), (f"ISPU {one.label}", INDEX))
        for at, value in hourly(db(), measure, Facets(site=site, dimension=code), now)
    ]
    rows += [
        (at.isoformat(), water.label, value)
        for water in here.waters
        for at, value in hourly(db(), water.measure, Facets(site=site), now)
    ]
    return csv_response(f"lingkungan-{site}.csv", [_("Jam"), _("Parameter"), _("Nilai")], rows)


def _station(site: str) -> Station:
    found = stations(db(), parts().now(), site)
    if not site or not found:
        abort(404)
    return found[0]


def _chart(hours: list[tuple[datetime, float]]) -> Chart | None:
    words = [clock_text(at, parts().zone, language())[:5] for at, _value in hours]
    return line_chart([[value for _at, value in hours]], words)
