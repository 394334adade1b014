"""Statistics of complaints: what is counted here, beside it what was published, with its contradictions."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from hub.cases.complaints.publishing.board import category_labels, complaint_service
from hub.cases.complaints.publishing.words import STATUS_WORDS
from hub.cases.complaints.statistics.counted import Counted, Shelf, published
from hub.cases.complaints.statistics.counting import Line, Tally, handed_on, lines_of
from hub.cases.complaints.statistics.figures import Conflict, Figure, Part, Period, conflicts_in
from hub.cases.complaints.statistics.satisfaction import RATING, STARS, satisfaction_of
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.places.areas import read_areas
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs
from hub.web.i18n import N_
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("complaint_statistics", __name__)

# Sides by their names in addresses; the values are names of what is counted and texts to translate.
SIDES: dict[str, tuple[str, str]] = {
    "tahun": ("year", N_("Tahun")),
    "bulan": ("month", N_("Bulan")),
    "status": ("status", N_("Status")),
    "opd": ("opd", N_("OPD")),
    "kategori": ("category", N_("Kategori")),
    "kelurahan": ("kelurahan", N_("Kelurahan")),
    "nilai": ("rating", N_("Nilai warga")),
}
_BY_COUNT = frozenset({"opd", "category", "kelurahan"})
_NAME = "pontive-complaint-counts"


@dataclass(frozen=True, slots=True)
class Side:
    """One table of the page; the keys of its lines are words already."""

    name: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of one subject and period, and what in it cannot be right."""

    subject: str
    period: Period
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...]
    counted: int


@blueprint.get("/laporan/statistik")
@needs(Permission.PUBLIC)
def page() -> str:
    """Show all sides of the year that is asked for, and what was published."""
    counted = _counted()
    year = _year(counted)
    sides = [_side(name, counted, year) for name in SIDES]
    by_status = {line.key: line.count for line in lines_of(counted.sides["status"], year=year)}
    return render_template(
        "cases/complaints/statistics.html",
        sides=sides,
        year=year,
        years=counted.years[::-1],
        total=sum(by_status.values()),
        handed_on=handed_on(by_status),
        counted=counted,
        satisfaction=satisfaction_of(counted.sides, year=year),
        published=_published(counted),
        parts=Part,
        status_words=STATUS_WORDS,
    )


@blueprint.get("/laporan/statistik.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give one side with the numbers of the page."""
    name = request.args.get("sisi", "bulan")
    if name not in SIDES:
        abort(404)
    counted = _counted()
    year = "" if name == "tahun" else _year(counted)
    side = _side(name, counted, year)
    header = [_(side.label), _("Jumlah"), _("Persen")]
    rows = [(line.key, line.count, line.percent) for line in side.lines]
    return csv_response(f"laporan-{name}{'-' + year if year else ''}.csv", header, rows)


@blueprint.get("/laporan/statistik/terbit.csv")
@needs(Permission.PUBLIC)
def published_csv() -> Response:
    """Give the published figures as they came, in the form in which they are imported."""
    header = ["subjek", "periode", "bagian", "kunci", "jumlah", "sumber", "contoh"]
    rows = [
        (
            one.subject,
            str(one.period),
            one.part,
            one.key,
            one.count,
            one.source,
            "ya" if one.is_example else "",
        )
        for one in published(db())
    ]
    return csv_response("laporan-terbit.csv", header, rows)


def _counted() -> Counted:
    shelf: Shelf = current_app.extensions.setdefault(_NAME, Shelf())
    here = parts()
    return shelf.counted(db(), here.zone, here.now())


def _year(counted: Counted) -> str:
    """Return the year that is asked for, if anything was counted in it; empty is all of them."""
    wanted = request.args.get("tahun", "")
    return wanted if wanted in counted.years else ""


def _side(name: str, counted: Counted, year: str) -> Side:
    field, label = SIDES[name]
    if field == "year":
        tallies = [Tally(one.year, one.year, one.count) for one in counted.sides["month"]]
        return Side(name, label, lines_of(tallies))
    order = tuple(STATUS_WORDS) if field == "status" else tuple(STARS) if field == RATING else ()
    lines = lines_of(counted.sides[field], year=year, order=order, is_by_count=field in _BY_COUNT)
    words = _words(field)
    shown = (line for line in lines if line.count)
    return Side(
        name, label, tuple(Line(words.get(one.key) or one.key, one.count, one.percent) for one in shown)
    )


def _words(field: str) -> dict[str, str]:
    match field:
        case "status":
            return {key: _(words) for key, words in STATUS_WORDS.items()}
        case "opd":
            names = {str(opd.number): opd.name for opd in db().scalars(select(Opd))}
            return names | {"0": _("belum diteruskan")}
        case "category":
            return category_labels(complaint_service(db())) | {"": _("tanpa kategori")}
        case "rating":
            return {key: f"{stars} / 5" for key, stars in STARS.items()}
        case "kelurahan":
            names = {area.code: area.name for area in read_areas().kelurahan}
            return names | {"": _("tanpa kelurahan")}
        case _:
            return {}


def _published(counted: Counted) -> list[Published]:
    figures = published(db())
    conflicts = conflicts_in(figures)
    keys = list(dict.fromkeys((one.subject, one.period) for one in figures))
    return [
        Published(
            subject,
            period,
            tuple(one for one in figures if (one.subject, one.period) == (subject, period)),
            tuple(one for one in conflicts if (one.subject, one.period) == (subject, period)),
            sum(one.count for one in counted.sides["month"] if _lies_in(one.key, period)),
        )
        for subject, period in sorted(keys, key=lambda key: (key[0], -key[1].first))
    ]


def _lies_in(month: str, period: Period) -> bool:
    number = int(month[:4]) * 12 + int(month[5:7]) - 1
    return period.first <= number <= period.last
