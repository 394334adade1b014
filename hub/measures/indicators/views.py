"""The board of the six indicators, and the statistics of content; both for everybody."""

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from hub.measures.indicators.board import indicators
from hub.measures.indicators.content import ContentYear, content_of, years_of
from hub.measures.keeping.periods import Grain
from hub.measures.service import newest_of, values_of
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, viewer
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("indicators", __name__)


@blueprint.get("/indikator")
@needs(Permission.PUBLIC)
def board() -> str:
    """Show the six, each number leading to its series and rows."""
    found = indicators(db(), parts().now(), sees_all=_sees_all())
    return render_template("measures/indicators/board.html", indicators=found)


@blueprint.get("/indikator/semua")
@needs(Permission.MEASURE_SEE)
def whole() -> str:
    """Show the same to those who see all measures: the page that the bar leads them to."""
    return board()


@blueprint.get("/indikator.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give the same numbers."""
    header = [_("Indikator"), _("Ukuran"), _("Nilai"), _("Satuan"), _("Sasaran"), _("Capaian"), _("Keadaan")]
    rows = [
        (
            one.label,
            line.measure.label,
            line.newest.value if line.newest else None,
            line.measure.unit,
            line.measure.target,
            line.score.percent,
            line.score.standing,
        )
        for one in indicators(db(), parts().now(), sees_all=_sees_all())
        for line in one.lines
    ]
    return csv_response("indikator.csv", header, rows)


@blueprint.get("/konten/statistik")
@needs(Permission.PUBLIC)
def content() -> str:
    """Show content by kind and channel, and by kind and month, of one year."""
    years = years_of(db())
    return render_template(
        "measures/indicators/content.html",
        years=years,
        here=_year(years),
        published=_published(),
        rooms=values_of(db(), "room_use", grain=Grain.YEAR),
    )


@blueprint.get("/konten/statistik.csv")
@needs(Permission.PUBLIC)
def content_csv() -> Response:
    """Give the counts by kind and channel."""
    here = _year(years_of(db()))
    if here is None:
        abort(404)
    rows = [(kind, channel, count) for (kind, channel), count in here.by_channel.items()]
    return csv_response(f"konten-{here.year}.csv", [_("Jenis"), _("Saluran"), _("Jumlah")], rows)


def _year(years: list[int]) -> ContentYear | None:
    asked = request.args.get("tahun", 0, type=whole_number)
    year = asked if asked in years else next(iter(years), None)
    return None if year is None else content_of(db(), year)


def _published() -> dict[str, float]:
    codes = ("content_published", "content_news_published", "content_news_share", "room_use_published")
    found = {code: next(iter(newest_of(db(), code)), None) for code in codes}
    return {code: one.value for code, one in found.items() if one is not None and one.value is not None}


def _sees_all() -> bool:
    who = viewer()
    return who is not None and who.may(Permission.MEASURE_SEE)
