"""Any measure: the list, one with chart, sides, contradictions and files, and its source rows."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.measures.catalogue.reading import shipped
from hub.measures.catalogue.shape import Measure
from hub.measures.charts import Chart, line_chart
from hub.measures.keeping.importing import COLUMNS, MORE_COLUMNS, import_figures
from hub.measures.keeping.periods import Grain
from hub.measures.keeping.quality import QUALITY_WORDS
from hub.measures.keeping.series import Side
from hub.measures.keeping.values import Value
from hub.measures.pages.naming import names_of, period_words
from hub.measures.pages.standing import is_stale, score_of
from hub.measures.pages.wanted import GRAINS, SIDES, Wanted, wanted_of
from hub.measures.prices.imported import price_doubt
from hub.measures.service import SOURCES_A_PAGE, conflicts_of, newest_moment, newest_of, sources_of, values_of
from hub.people.permissions import Permission
from hub.places.areas import read_areas
from hub.web.files.table_file import MAX_FILE_BYTES
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in, viewer
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("measures", __name__)

_MOST_PAGES = 1000
# How old the newest value of a side's key may be beside the others.
_LATELY = {
    Grain.HOUR: timedelta(hours=24),
    Grain.DAY: timedelta(days=7),
    Grain.MONTH: timedelta(days=93),
    Grain.YEAR: timedelta(days=731),
}


@blueprint.get("/ukuran")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show every measure with its newest value."""
    now, found = parts().now(), []
    for measure in shipped().measures.values():
        if not _may_see(measure):
            continue
        newest = None if measure.is_apart else next(iter(newest_of(db(), measure.code)), None)
        stale = newest is not None and is_stale(measure, newest, now)
        found.append((measure, newest, score_of(measure, newest.value if newest else None), stale))
    doubted = {code for one in conflicts_of(db()) for code in (one.check.whole, *one.check.parts)}
    return render_template("measures/pages/listing.html", measures=found, doubted=doubted, period=_period)


@blueprint.get("/ukuran/<measure>")
@needs(Permission.PUBLIC)
def one(measure: str) -> str:
    """Show one measure: its chart, its sides, its contradictions."""
    here = _measure(measure)
    wanted = _wanted(here)
    values = [] if _is_apart(here, wanted) else _values(here, wanted)
    sides = [(name, label, rows) for name, label, rows in _sides(here, wanted) if rows]
    found = () if _is_apart(here, wanted) else newest_of(db(), here.code, scope=wanted.scope)
    newest = next(iter(found), None)
    return render_template(
        "measures/pages/measure.html",
        measure=here,
        wanted=wanted,
        values=values,
        chart=_chart(values, wanted.grain),
        is_apart=_is_apart(here, wanted),
        sides=sides,
        newest=newest,
        score=score_of(here, newest.value if newest else None),
        conflicts=conflicts_of(db(), about=here.code),
        known=shipped().measures,
        grains=[(name, grain) for name, grain in GRAINS.items() if grain >= here.grain_kept],
        period=_period,
        names={name: names_of(db(), side) for name, side in SIDES.items() if name in wanted.parts()},
    )


@blueprint.get("/ukuran/<measure>.csv")
@needs(Permission.PUBLIC)
def as_csv(measure: str) -> Response:
    """Give the numbers of the page: the chart's, or those of a side."""
    here = _measure(measure)
    wanted = _wanted(here)
    side = SIDES.get(request.args.get("sisi", ""))
    rows = [
        (one.begin.isoformat(), one.key, one.value, one.samples, QUALITY_WORDS[one.quality])
        for one in _values(here, wanted, side)
    ]
    header = [_("Mulai"), _("Sisi"), _("Nilai"), _("Jumlah data"), _("Mutu")]
    return csv_response(f"{here.code}.csv", header, rows)


@blueprint.get("/ukuran/<measure>/sumber")
@needs(Permission.PUBLIC)
def sources(measure: str) -> str:
    """Show the rows that a number was made of, and where each came from."""
    here = _measure(measure)
    wanted = _wanted(here)
    page = min(max(request.args.get("hal", 1, type=int), 1), _MOST_PAGES)
    rows = sources_of(db(), here.code, scope=wanted.scope, since=wanted.since, until=wanted.until, page=page)
    return render_template(
        "measures/pages/sources.html",
        measure=here,
        wanted=wanted,
        rows=rows[:SOURCES_A_PAGE],
        has_more=len(rows) > SOURCES_A_PAGE,
        page=page,
        known=shipped().measures,
        qualities=QUALITY_WORDS,
        names={side.value: names_of(db(), side) for side in Side},
        sees_people=_sees_all(),
    )


@blueprint.get("/ukuran/impor")
@needs(Permission.MEASURE_KEEP)
def bring() -> str:
    """Show how published figures are brought in."""
    return render_template("measures/pages/import.html", columns=COLUMNS, more=MORE_COLUMNS, faults=[])


@blueprint.post("/ukuran/impor")
@needs(Permission.MEASURE_KEEP, upload_bytes=MAX_FILE_BYTES + 64 * 1024)
def send() -> str | tuple[str, int] | AnyResponse:
    """Keep the figures of a file, all or none."""
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        flash(_("Pilih berkas CSV atau XLSX."), "bad")
        return redirect(url_for("measures.bring"), code=303)
    try:
        kept = import_figures(
            db(),
            sent.stream.read(MAX_FILE_BYTES + 1),
            sent.filename,
            catalogue=shipped(),
            kelurahan={area.code for area in read_areas().kelurahan},
            actor=signed_in().name,
            now=parts().now(),
            doubt=price_doubt,
        )
    except InputError as error:
        roll_back()
        faults = str(error).splitlines()
        shown = {"columns": COLUMNS, "more": MORE_COLUMNS, "faults": faults}
        return render_template("measures/pages/import.html", **shown), 422
    flash(_("Tersimpan: %(count)s angka.", count=kept))
    return redirect(url_for("measures.listing"), code=303)


def _measure(code: str) -> Measure:
    found = shipped().measures.get(code)
    if found is None or not _may_see(found):
        abort(404)
    return found


def _wanted(measure: Measure) -> Wanted:
    newest = next(iter(newest_of(db(), measure.code)), None)
    return wanted_of(request.args, measure, parts().now(), None if newest is None else newest.begin)


def _is_apart(measure: Measure, wanted: Wanted) -> bool:
    return measure.is_apart and not wanted.scope.dimension


def _may_see(measure: Measure) -> bool:
    return measure.is_public or _sees_all()


def _sees_all() -> bool:
    who = viewer()
    return who is not None and who.may(Permission.MEASURE_SEE)


def _values(measure: Measure, wanted: Wanted, by: Side | None = None) -> list[Value]:
    return values_of(
        db(),
        measure.code,
        scope=wanted.scope,
        since=wanted.since,
        until=wanted.until,
        grain=wanted.grain,
        by=by,
    )


def _sides(measure: Measure, wanted: Wanted) -> list[tuple[str, Side, list[tuple[str, str, Value]]]]:
    """Return each side with the newest value of every key, the largest first."""
    found = []
    lately = _lately(measure, wanted)
    for name, side in SIDES.items():
        if _is_apart(measure, wanted) and side is not Side.DIMENSION:
            continue
        newest = {one.key: one for one in _values(measure, lately, side) if one.key}
        names = names_of(db(), side) if newest else {}
        rows = sorted(newest.values(), key=lambda one: -(one.value or 0.0))
        found.append((name, side, [(one.key, names.get(one.key, one.key), one) for one in rows]))
    return found


def _lately(measure: Measure, wanted: Wanted) -> Wanted:
    """Return the end of what is asked for: the sides show newest values, and a year by day has many."""
    newest = newest_moment(db(), measure.code, scope=wanted.scope)
    until = wanted.until if newest is None else min(wanted.until, newest + timedelta(seconds=1))
    return replace(wanted, since=max(wanted.since, until - _LATELY[wanted.grain]), until=until)


def _chart(values: list[Value], grain: Grain) -> Chart | None:
    return line_chart([[one.value for one in values]], [_period(one.begin, grain) for one in values])


def _period(begin: datetime, grain: Grain) -> str:
    return period_words(begin, grain, parts().zone, language())
