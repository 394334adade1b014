"""The recap of the city by OPD, on screen and as CSV."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hub.hadir import asking
from hub.hadir.city.ranking import RANKED_FROM_DAYS, OpdMonth, Rate, rank_opds
from hub.people.permissions import Permission
from hub.web.files.spreadsheet import table_response
from hub.web.files.tables import csv_response
from hub.web.formats import number_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.transaction import db

blueprint = Blueprint("city", __name__)


@blueprint.get("/hadir/kota")
@needs(Permission.HADIR_SEE, is_scoped=True)
def city() -> str:
    """Show the OPDs within reach, ranked by a rate."""
    return render_template(
        "hadir/city.html",
        lines=_lines(),
        rates=rate_names(),
        rate=_rate(),
        month=asking.chosen_month(),
        ranked_from=RANKED_FROM_DAYS,
    )


@blueprint.get("/hadir/kota.csv")
@needs(Permission.HADIR_SEE, is_scoped=True)
def city_csv() -> Response:
    """Give the same numbers as a file."""
    rows = [[*_numbers(one), *(share_text(one, rate) for rate in Rate)] for one in _lines()]
    return csv_response(f"hadir-kota-{asking.chosen_month():%Y-%m}.csv", _header(), rows)


@blueprint.get("/hadir/kota.xlsx")
@needs(Permission.HADIR_SEE, is_scoped=True)
def city_xlsx() -> Response:
    """Give the same numbers as a workbook, rates as numbers."""
    month = f"{asking.chosen_month():%Y-%m}"
    rows = [[*_numbers(one), *(_rounded(one.share(rate)) for rate in Rate)] for one in _lines()]
    return table_response(
        f"hadir-kota-{month}.xlsx", _("Hadir antar-OPD %(month)s", month=month), _header(), rows
    )


def _header() -> list[str]:
    return [
        _("peringkat"), _("OPD"), _("pegawai"), _("hari kerja terbit"), _("tepat waktu"), _("terlambat"),
        _("tanpa salah satu pindaian"), _("tanpa keterangan"), _("izin atau dinas"),
        _("tepat waktu (persen)"), _("terlambat (persen)"), _("tanpa keterangan (persen)"),
    ]  # fmt: skip


def _numbers(one: OpdMonth) -> list[object]:
    return [
        one.place or "-", one.opd.name, one.people, one.worked, one.on_time, one.late, one.missing,
        one.absent, one.away,
    ]  # fmt: skip


def _rounded(share: float | None) -> object:
    return "-" if share is None else round(share, 1)


def rate_names() -> dict[Rate, str]:
    """Return what each rate is called."""
    return {
        Rate.ON_TIME: _("tepat waktu"),
        Rate.LATE: _("terlambat"),
        Rate.ABSENT: _("tanpa keterangan"),
    }


@blueprint.app_template_global("share_text")
def share_text(one: OpdMonth, rate: Rate) -> str:
    """Return a rate with one decimal, or a dash."""
    share = one.share(rate)
    return "-" if share is None else number_text(share, language(), 1)


def _rate() -> Rate:
    wanted = request.args.get("menurut", "")
    return Rate(wanted) if wanted in set(Rate) else Rate.ON_TIME


def _lines() -> tuple[OpdMonth, ...]:
    reach = asking.reach_for(Permission.HADIR_SEE)
    return rank_opds(db(), reach=reach, month=asking.chosen_month(), rate=_rate())
