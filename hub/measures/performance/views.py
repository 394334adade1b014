"""Plan, realisation and evaluation: the city, an OPD, one sub kegiatan, and files in and out."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.measures.charts import Chart, line_chart
from hub.measures.keeping.importing import read_number
from hub.measures.keeping.periods import WIB
from hub.measures.performance import service
from hub.measures.performance.files import COLUMNS, export_rows, import_budget, read_percent
from hub.measures.performance.models import BudgetLine
from hub.measures.performance.rules import MONTHS, Month, Progress, Verdict, cumulated
from hub.measures.performance.service import LineYear, Together
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.reach import reach_of
from hub.web.files.table_file import MAX_FILE_BYTES
from hub.web.files.tables import csv_response
from hub.web.formats import month_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("performance", __name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """The year and month that are looked at, of the years there are."""

    year: int
    month: int
    years: tuple[int, ...]


@blueprint.get("/kinerja")
@needs(Permission.MEASURE_SEE, is_scoped=True)
def city() -> str:
    """Show the city, its OPDs side by side, and what is late."""
    at = _moment()
    lines = service.lines_of(db(), at.year, _seen(Permission.MEASURE_SEE))
    names = _names()
    by_opd: dict[int, list[LineYear]] = {}
    for one in lines:
        by_opd.setdefault(one.line.opd, []).append(one)
    offices = [
        (opd, names.get(opd, str(opd)), service.together(some).until(at.month), len(some))
        for opd, some in by_opd.items()
    ]
    whole = service.together(lines)
    late = [(one, one.until(at.month)) for one in lines]
    return render_template(
        "measures/performance/city.html",
        at=at,
        whole=whole.until(at.month),
        charts=_charts(whole, at.month),
        offices=sorted(offices, key=_behind_first),
        late=sorted(
            ((one, stands) for one, stands in late if stands.verdict is Verdict.LATE),
            key=lambda pair: pair[1].deviation or 0.0,
        ),
        names=names,
        months=_months(),
        may_keep=bool(_seen(Permission.BUDGET_KEEP) is None or _seen(Permission.BUDGET_KEEP)),
    )


@blueprint.get("/kinerja/<int:opd>")
@needs(Permission.MEASURE_SEE, is_scoped=True)
def office(opd: int) -> str:
    """Show an OPD: its S-curve and each sub kegiatan."""
    at = _moment()
    lines = _lines(opd, at)
    whole = service.together(lines)
    return render_template(
        "measures/performance/office.html",
        at=at,
        opd=opd,
        name=_names().get(opd, str(opd)),
        whole=whole.until(at.month),
        charts=_charts(whole, at.month),
        lines=[(one, one.until(at.month)) for one in lines],
        months=_months(),
    )


@blueprint.get("/kinerja/<int:opd>/<int:line>")
@needs(Permission.MEASURE_SEE, is_scoped=True)
def one(opd: int, line: int) -> str:
    """Show one sub kegiatan month by month."""
    here, at = _line(opd, line, Permission.MEASURE_SEE)
    keeps = _seen(Permission.BUDGET_KEEP)
    return render_template(
        "measures/performance/line.html",
        at=at,
        here=here,
        stands=here.until(at.month),
        charts=_charts(Together(here.line.ceiling, here.months), at.month),
        names=_names(),
        months=_months(),
        may_keep=keeps is None or opd in keeps,
    )


@blueprint.post("/kinerja/<int:opd>/<int:line>")
@needs(Permission.BUDGET_KEEP, is_scoped=True)
def report(opd: int, line: int) -> AnyResponse:
    """Keep what an OPD reports of a month."""
    here, _at = _line(opd, line, Permission.BUDGET_KEEP)
    number = request.form.get("bulan", 0, type=whole_number)
    back = url_for("performance.one", opd=opd, line=line, tahun=here.line.year, bulan=number or 1)
    try:
        if number not in MONTHS:
            raise InputError("bulan: pilih 1 sampai 12")
        month = _reported(here.months[number - 1])
    except InputError as error:
        flash(str(error), "bad")
        return redirect(back, code=303)
    who = signed_in().name
    service.keep_months(
        db(), here.line, {number: month}, source_name=_("laporan OPD"), actor=who, now=parts().now()
    )
    flash(_("Realisasi tersimpan."))
    return redirect(back, code=303)


@blueprint.get("/kinerja.csv")
@needs(Permission.MEASURE_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the year in the shape in which it is brought in."""
    at = _moment()
    lines = service.lines_of(db(), at.year, _seen(Permission.MEASURE_SEE))
    return csv_response(f"kinerja-{at.year}.csv", COLUMNS, export_rows(lines))


@blueprint.get("/kinerja/impor")
@needs(Permission.BUDGET_KEEP, is_scoped=True)
def bring() -> str:
    """Show how plan and realisation are brought in."""
    return render_template("measures/performance/import.html", columns=COLUMNS, faults=[])


@blueprint.post("/kinerja/impor")
@needs(Permission.BUDGET_KEEP, is_scoped=True, upload_bytes=MAX_FILE_BYTES + 64 * 1024)
def send() -> str | tuple[str, int] | AnyResponse:
    """Keep the rows of a file, all or none."""
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        flash(_("Pilih berkas CSV atau XLSX."), "bad")
        return redirect(url_for("performance.bring"), code=303)
    seen = _seen(Permission.BUDGET_KEEP)
    opds = frozenset(_names()) if seen is None else frozenset(_names()) & seen
    data = sent.stream.read(MAX_FILE_BYTES + 1)
    try:
        kept = import_budget(db(), data, sent.filename, opds=opds, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        shown = {"columns": COLUMNS, "faults": str(error).splitlines()}
        return render_template("measures/performance/import.html", **shown), 422
    flash(_("Tersimpan: %(count)s baris.", count=kept))
    return redirect(url_for("performance.city"), code=303)


def _reported(before: Month) -> Month:
    """Return a month with what the form says of it; the plan stays.

    Raises:
        InputError: money or percent cannot be read.
    """
    spent = read_number(request.form.get("keuangan", "").strip() or "0", "realisasi keuangan")
    if spent < 0:
        raise InputError("realisasi keuangan: tidak boleh kurang dari nol")
    done = read_percent(request.form.get("fisik", "").strip(), "realisasi fisik")
    return Month(before.planned, spent, before.work_planned, done)


def _lines(opd: int, at: Moment) -> list[LineYear]:
    seen = _seen(Permission.MEASURE_SEE)
    lines = service.lines_of(db(), at.year, [opd]) if seen is None or opd in seen else []
    if not lines:
        abort(404)
    return lines


def _line(opd: int, number: int, permission: Permission) -> tuple[LineYear, Moment]:
    seen, row = _seen(permission), db().get(BudgetLine, number)
    if row is None or row.opd != opd or (seen is not None and opd not in seen):
        abort(404)
    found = next(each for each in service.lines_of(db(), row.year, [opd]) if each.line.id == number)
    return found, Moment(row.year, _month(row.year), (row.year,))


def _seen(permission: Permission) -> frozenset[int] | None:
    """Return the OPDs for which the viewer holds a permission; ``None``: all."""
    if signed_in().may(permission):
        return None
    return reach_of(db(), signed_in().account_id, permission, parts().now()).opds


def _names() -> dict[int, str]:
    return {row.number: row.name for row in db().scalars(select(Opd).order_by(Opd.number))}


def _moment() -> Moment:
    today = parts().now().astimezone(WIB).date()
    years = service.years_of(db())
    asked = request.args.get("tahun", 0, type=whole_number)
    year = asked if asked in years else next(iter(years), today.year)
    return Moment(year, _month(year), tuple(years))


def _month(year: int) -> int:
    today = parts().now().astimezone(WIB).date()
    asked = request.args.get("bulan", 0, type=whole_number)
    # The running month is not reported yet.
    newest = max(MONTHS[0], today.month - 1) if year == today.year else MONTHS[-1]
    return asked if asked in MONTHS else newest


def _months() -> list[tuple[int, str]]:
    return [(n, month_text(date(2026, n, 1), language()).split(" ")[0]) for n in MONTHS]


def _charts(whole: Together, until: int) -> tuple[Chart | None, Chart | None]:
    """Return the S-curves of money and of work: the plan of the year, and what was done until now."""
    if not whole.ceiling:
        return None, None
    planned, spent = cumulated(whole.months)
    share = 100 / whole.ceiling
    words = [name for _n, name in _months()]
    money: list[list[float | None]] = [
        [*(value * share for value in planned)],
        [value * share if place < until else None for place, value in enumerate(spent)],
    ]
    work: list[list[float | None]] = [
        [month.work_planned for month in whole.months],
        [month.work_done if place < until else None for place, month in enumerate(whole.months)],
    ]
    return line_chart(money, words), line_chart(work, words)


def _behind_first(office: tuple[int, str, Progress, int]) -> tuple[float, str]:
    return office[2].deviation or 0.0, office[1]
