"""The calendar of content: what is planned and what is out, month by month; strangers see what is out."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hub.people.permissions import Permission
from hub.registers.keeping.reach import RegisterReach
from hub.registers.kind.fields import Choice
from hub.registers.kind.reading import kind_of
from hub.registers.screens.access import may_add, own_reach, today
from hub.registers.showing.calendar import ContentMonth, content_month, month_before, next_month
from hub.registers.showing.guide import NEWS
from hub.web.files.tables import csv_response
from hub.web.formats import YEARS, month_text
from hub.web.guarding.guard import needs, viewer
from hub.web.i18n import language
from hub.web.transaction import db
from hub.web.typed.dates import typed_month

blueprint = Blueprint("content_calendar", __name__)


@blueprint.get("/konten/kalender")
@needs(Permission.PUBLIC)
def month() -> str:
    """Show a month of content."""
    first, kind, channel = _first(), _asked("jenis"), _asked("kanal")
    reach = _reach()
    return render_template(
        "registers/showing/calendar.html",
        month=_month(first, reach, kind, channel),
        month_words=month_text(first, language()),
        before=_address(month_before(first), kind, channel),
        after=_address(next_month(first), kind, channel),
        kinds=_choices("jenis"),
        channels=_choices("kanal"),
        statuses={one.id: one for one in _choices("status")},
        asked={"jenis": kind, "kanal": channel},
        today=today(),
        sees_plans=reach is not None,
        may_add=reach is not None and may_add(kind_of(NEWS)),
    )


@blueprint.get("/konten/kalender.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give the same items."""
    first = _first()
    found = _month(first, _reach(), _asked("jenis"), _asked("kanal"))
    header = [_("Tanggal"), _("Judul"), _("Jenis"), _("Kanal"), _("Status"), _("Mutu")]
    rows = [
        (one.day.isoformat(), one.title, one.kind, "; ".join(one.channels), one.status, one.quality)
        for one in found.items
    ]
    return csv_response(f"konten-{first:%Y-%m}.csv", header, rows)


def _month(first: date, reach: RegisterReach | None, kind: str, channel: str) -> ContentMonth:
    return content_month(db(), first, today=today(), reach=reach, kind=kind, channel=channel)


def _reach() -> RegisterReach | None:
    """Return how far the viewer sees plans; ``None``: like everybody."""
    who = viewer()
    return own_reach() if who is not None and who.may_somewhere(Permission.REGISTER_SEE) else None


def _first() -> date:
    """Return the month that is asked for, or the present one."""
    try:
        return typed_month(request.args.get("bulan", ""))
    except ValueError:
        return today().replace(day=1)


def _asked(field: str) -> str:
    asked = request.args.get(field, "")
    return asked if asked in {one.id for one in _choices(field)} else ""


def _choices(field: str) -> tuple[Choice, ...]:
    return kind_of(NEWS).field(field).choices


def _address(first: date, kind: str, channel: str) -> dict[str, str] | None:
    """Return what an address says of a month; ``None``: no such year is kept."""
    if first.year not in YEARS:
        return None
    said = {"bulan": f"{first:%Y-%m}", "jenis": kind, "kanal": channel}
    return {name: word for name, word in said.items() if word}
