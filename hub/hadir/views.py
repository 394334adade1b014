"""Attendance on screen: today, a person's month with its reasons, the recap of an OPD."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_babel import gettext as _

from hub.errors import NotFoundError
from hub.hadir.corrections.service import of_person
from hub.hadir.results.outcomes import last_of
from hub.hadir.results.recap import Recap, RecapLine, letters, recap_of
from hub.hadir.results.rows import month_of
from hub.hadir.results.today import today_of
from hub.hadir.service import list_doors, start_of_day
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.reach import PlacedPerson, Reach, opds_within, own_number, people_within, reach_of
from hub.web.formats import day_text, moment_text
from hub.web.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.tables import csv_response
from hub.web.transaction import db

blueprint = Blueprint("hadir", __name__)

EVERYBODY = Reach(is_city=True)


@blueprint.get("/hadir")
@needs(Permission.HADIR_SEE, is_scoped=True)
def board() -> str:
    """Show today: entrances, OPDs and the people of one OPD."""
    return _today_page("hadir/board.html")


@blueprint.get("/hadir/kini")
@needs(Permission.HADIR_SEE, is_scoped=True, is_background=True)
def board_now() -> str:
    """Give the part of that page that changes; the page asks for it every few seconds."""
    return _today_page("hadir/now.html")


def _today_page(template: str) -> str:
    here, reach = parts(), _reach()
    opd = chosen_opd(opds_within(db(), reach, today()))
    state = today_of(db(), reach=reach, opd=opd.number if opd else None, now=here.now(), zone=here.zone)
    doors = list_doors(db(), since=start_of_day(here.now(), here.zone)) if reach.is_city else ()
    return render_template(template, state_today=state, opd=opd, doors=doors)


@blueprint.get("/hadir/pegawai/<int:number>")
@needs(Permission.HADIR_SEE, is_scoped=True)
def person(number: int) -> str:
    """Show somebody's month, every day with its reasons."""
    month = chosen_month()
    within = people_within(db(), _reach(), month, last_of(month))
    found = next((one for one in within if one.number == number), None)
    if found is None:
        raise NotFoundError(f"pegawai {number}")
    return _month_page(found, month, is_own=False)


@blueprint.get("/hadir/saya")
@needs(Permission.HADIR_OWN, is_scoped=True)
def own() -> str:
    """Show one's own month, and ask for corrections."""
    month, number = chosen_month(), own_number(db(), signed_in().account_id)
    everybody = people_within(db(), EVERYBODY, month, last_of(month))
    found = next((one for one in everybody if one.number == number), None)
    if found is None:
        return render_template("hadir/not_linked.html", is_linked=number is not None)
    return _month_page(found, month, is_own=True)


@blueprint.get("/hadir/rekap")
@needs(Permission.HADIR_SEE, is_scoped=True)
def recap() -> str:
    """Show the month of an OPD: a letter a day, sums, and what they rest on."""
    month, opds = chosen_month(), opds_within(db(), _reach(), last_of(chosen_month()))
    opd = chosen_opd(opds)
    return render_template(
        "hadir/recap.html", opds=opds, opd=opd, month=month, recap=_recap(opd, month), letters=letters
    )


@blueprint.get("/hadir/rekap.csv")
@needs(Permission.HADIR_SEE, is_scoped=True)
def recap_csv() -> Response:
    """Give the same numbers as a file."""
    month, opds = chosen_month(), opds_within(db(), _reach(), last_of(chosen_month()))
    opd = chosen_opd(opds)
    found = _recap(opd, month)
    name = f"rekap-hadir-{opd.number if opd else 0}-{month:%Y-%m}.csv"
    header = [
        _("nomor"), _("nama"), _("unit"), *(f"{day.day}" for day in found.days), _("terlambat (menit)"),
        _("pulang awal (menit)"), _("potongan (persen)"), _("penyesuaian (persen)"), _("hari belum lengkap"),
    ]  # fmt: skip
    above = [
        [_("Rekap Hadir"), opd.name if opd else "", f"{month:%Y-%m}"],
        [_("Versi aturan"), ", ".join(found.versions) or "-"],
        [_("Data lengkap sampai"), complete_words(found)],
        [_("Bulan ditutup"), _("ya") if found.is_closed else _("belum")],
        header,
    ]
    return csv_response(name, above[0], [*above[1:], *(_csv_line(line) for line in found.lines)])


@blueprint.get("/api/v1/hadir/rekap")
@needs(Permission.HADIR_SEE, is_scoped=True)
def recap_json() -> Response:
    """Give the recap to payroll: numbers, codes and cuts, no names."""
    month, opds = chosen_month(), opds_within(db(), _reach(), last_of(chosen_month()))
    opd = chosen_opd(opds)
    found = _recap(opd, month)
    return jsonify(
        month=f"{month:%Y-%m}",
        opd=opd.number if opd else None,
        rule_versions=found.versions,
        complete_until=found.complete_until.isoformat() if found.complete_until else None,
        is_closed=found.is_closed,
        people=[_json_line(found, line) for line in found.lines],
    )


def today() -> date:
    """Return the date in the city."""
    return parts().now().astimezone(parts().zone).date()


def chosen_month() -> date:
    """Return the first of the month that was asked for; this month by default."""
    text = request.args.get("bulan", "")
    try:
        return date.fromisoformat(f"{text}-01") if text else month_of(today())
    except ValueError:
        abort(404)


def chosen_opd(opds: tuple[Opd, ...]) -> Opd | None:
    """Return the OPD that was asked for, the first one by default.

    Raises:
        NotFoundError: not one of those within reach.
    """
    wanted = request.args.get("opd", type=int)
    if wanted is None:
        return opds[0] if opds else None
    found = next((opd for opd in opds if opd.number == wanted), None)
    if found is None:
        raise NotFoundError(f"OPD {wanted}")
    return found


def complete_words(found: Recap) -> str:
    """Say how far the data go."""
    if found.complete_until is None:
        return str(_("belum diketahui: ada pembaca yang belum mengirim"))
    return moment_text(found.complete_until, parts().zone, language())


def percent_text(percent: Decimal) -> str:
    """Return as ``1,5``, without zeros that say nothing."""
    text = f"{percent.normalize():f}"
    return text if language() == "en" else text.replace(".", ",")


def _reach() -> Reach:
    return reach_of(db(), signed_in().account_id, Permission.HADIR_SEE, parts().now())


def _recap(opd: Opd | None, month: date) -> Recap:
    people: tuple[PlacedPerson, ...] = ()
    if opd is not None:
        people = people_within(db(), _reach(), month, last_of(month), opd=opd.number)
    return recap_of(db(), people=people, month=month, today=today(), zone=parts().zone)


def _month_page(person: PlacedPerson, month: date, *, is_own: bool) -> str:
    found = recap_of(db(), people=(person,), month=month, today=today(), zone=parts().zone)
    line = found.lines[0]
    opd = db().get(Opd, person.opd)
    return render_template(
        "hadir/person.html",
        person=person,
        opd=opd.name if opd else "",
        month=month,
        recap=found,
        line=line,
        days=[day for day in reversed(line.days) if day is not None],
        corrections=of_person(db(), person.number),
        is_own=is_own,
        today=today(),
    )


def _csv_line(line: RecapLine) -> list[Any]:
    sums = line.month
    adjusted = percent_text(Decimal(line.adjusted_hundredths) / 100)
    person = [line.person.number, line.person.name, line.person.unit_name]
    cut = percent_text(sums.percent)
    return [*person, *letters(line), sums.late_min, sums.early_min, cut, adjusted, sums.incomplete_days]


def _json_line(found: Recap, line: RecapLine) -> dict[str, Any]:
    sums = line.month
    return {
        "number": line.person.number,
        "days": {f"{day}": code for day, code in zip(found.days, letters(line), strict=True) if code},
        "late_min": sums.late_min,
        "early_min": sums.early_min,
        "worked_min": sums.worked_min,
        "percent": str(sums.percent),
        "adjustment_percent": str(Decimal(line.adjusted_hundredths) / 100),
        "is_capped": sums.is_capped,
        "incomplete_days": sums.incomplete_days,
        "to_review": sums.to_review,
    }


@blueprint.app_template_filter("percent")
def _percent(percent: Decimal) -> str:
    return percent_text(percent)


@blueprint.app_template_filter("day")
def _day(day: date) -> str:
    zone = parts().zone
    return day_text(datetime.combine(day, time(12), zone), zone, language())


@blueprint.app_template_filter("complete_words")
def _complete(found: Recap) -> str:
    return complete_words(found)
