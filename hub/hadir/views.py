"""Attendance on screen: today, a person's month with its reasons, the recap of an OPD, a search."""

from datetime import date
from decimal import Decimal

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from hub.errors import NotFoundError
from hub.hadir import asking
from hub.hadir.asking import asked, chosen_month, reach_for, today
from hub.hadir.corrections.service import of_person
from hub.hadir.exports.document import example_words, legend_words
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.showing.recap import Recap, letters, recap_of
from hub.hadir.results.showing.today import today_of
from hub.hadir.results.showing.year import YearOfAbsence, year_of
from hub.hadir.results.translation import explained
from hub.hadir.service import list_doors, start_of_day
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.reach import PlacedPerson, Reach, own_number, people_found, people_within, uses_badge
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
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
    here, what = parts(), asked()
    state = today_of(
        db(), reach=what.reach, opd=what.opd.number if what.opd else None, now=here.now(), zone=here.zone
    )
    people = [one for one in state.people if what.unit is None or one.person.unit == what.unit.number]
    doors = list_doors(db(), since=start_of_day(here.now(), here.zone)) if what.reach.is_city else ()
    return render_template(template, state_today=state, people=people, what=what, opd=what.opd, doors=doors)


@blueprint.get("/hadir/pegawai/<int:number>")
@needs(Permission.HADIR_SEE, is_scoped=True)
def person(number: int) -> str:
    """Show somebody's month, every day with its reasons."""
    return _month_page(found_person(number), chosen_month(), is_own=False)


def found_person(number: int) -> PlacedPerson:
    """Return somebody within the viewer's reach in the month that was asked for.

    Raises:
        NotFoundError: not within reach; nothing tells whether they exist.
    """
    month = chosen_month()
    within = people_within(db(), reach_for(Permission.HADIR_SEE), month, last_of(month), also_left=True)
    found = next((one for one in within if one.number == number), None)
    if found is None:
        raise NotFoundError(f"pegawai {number}")
    return found


@blueprint.get("/hadir/saya")
@needs(Permission.HADIR_OWN, is_scoped=True)
def own() -> str:
    """Show one's own month, and ask for corrections."""
    found, is_linked = own_person()
    if found is None:
        return render_template("hadir/not_linked.html", is_linked=is_linked)
    return _month_page(found, chosen_month(), is_own=True)


def own_person() -> tuple[PlacedPerson | None, bool]:
    """Return the viewer as a person placed in the month, and whether the account is linked at all."""
    month, number = chosen_month(), own_number(db(), signed_in().account_id)
    everybody = people_within(db(), EVERYBODY, month, last_of(month))
    return next((one for one in everybody if one.number == number), None), number is not None


@blueprint.get("/hadir/cari")
@needs(Permission.HADIR_SEE, is_scoped=True)
def search() -> str | Response:
    """Find people within reach by name or number."""
    words = request.args.get("q", "").strip()[:60]
    day = today()
    found = people_found(db(), reach_for(Permission.HADIR_SEE), words, day) if words else ()
    return render_template("hadir/search.html", words=words, found=found, opds=_names_of_opds())


def _names_of_opds() -> dict[int, str]:
    return {opd.number: opd.name for opd in db().query(Opd)}


@blueprint.get("/hadir/rekap")
@needs(Permission.HADIR_SEE, is_scoped=True)
def recap() -> str:
    """Show the month of an OPD: a letter a day, sums, and what they rest on."""
    what = asked()
    found = asking.recap_asked(what)
    return render_template(
        "hadir/recap.html",
        what=what,
        recap=found,
        letters=letters,
        legend=legend_words(),
        warning=example_words(found),
    )


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
        has_pin_page=is_own and uses_badge(db(), signed_in().account_id),
        today=today(),
        year=_year(person.number, month),
        warning=example_words(found),
    )


def _year(number: int, month: date) -> YearOfAbsence:
    return year_of(db(), person=number, until=min(today(), last_of(month)))


@blueprint.app_template_filter("percent")
def _percent(percent: Decimal) -> str:
    return asking.percent_text(percent)


@blueprint.app_template_filter("day")
def _day(day: date) -> str:
    return asking.day_words(day)


@blueprint.app_template_filter("complete_words")
def _complete(found: Recap) -> str:
    return asking.complete_words(found)


@blueprint.app_template_filter("explained")
def _explained(sentence: str) -> str:
    return explained(sentence, language())
