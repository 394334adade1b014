"""The calendar of rooms, and the tile at a room's door: what is on now, what comes next."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from hub.cases.bookings.models import Booking
from hub.cases.bookings.service import bookings_between, count_between
from hub.cases.complaints.masking import without_personal_data
from hub.cases.definition.form import Choice
from hub.cases.keeping.versions import newest
from hub.people.permissions import Permission
from hub.web.formats import clock_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day

blueprint = Blueprint("rooms", __name__)

SERVICE = "pinjam-ruang"
_DAYS = 7


@blueprint.get("/ruang")
@needs(Permission.PUBLIC)
def calendar() -> str:
    """Show a week of all rooms."""
    first = _wanted_day()
    rooms = {f"{SERVICE}:{room.id}": room for room in _rooms()}
    days = []
    for number in range(_DAYS):
        day = first + timedelta(days=number)
        found = _shown(_midnight(day), _midnight(day + timedelta(days=1)), prefix=SERVICE)
        days.append((day, [(rooms.get(one.resource), one, title) for one, title in found]))
    year = first.year
    used = count_between(db(), _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1)), prefix=SERVICE)
    return render_template(
        "cases/bookings/calendar.html",
        days=days,
        rooms=list(rooms.values()),
        year=year,
        used=used,
        before=first - timedelta(days=_DAYS),
        after=first + timedelta(days=_DAYS),
    )


@blueprint.get("/ruang/<room>")
@needs(Permission.PUBLIC, is_background=True)
def door(room: str) -> str:
    """Show one room's door: now and the rest of the day; the page loads itself anew."""
    found = next((each for each in _rooms() if each.id == room), None)
    if found is None:
        raise NotFound
    now = parts().now()
    today = now.astimezone(parts().zone).date()
    prefix = f"{SERVICE}:{room}"
    later = [
        pair
        for pair in _shown(now, _midnight(today + timedelta(days=1)), prefix=prefix)
        if pair[0].resource == prefix
    ]
    current = next((pair for pair in later if pair[0].begins_at <= now), None)
    coming = [pair for pair in later if pair[0].begins_at > now]
    return render_template("cases/bookings/door.html", room=found, current=current, coming=coming[:4])


@blueprint.app_template_filter("clock_minutes")
def _clock_minutes(at: datetime) -> str:
    return clock_text(at, parts().zone, language())[:5]


def _shown(first: datetime, last: datetime, *, prefix: str) -> list[tuple[Booking, str]]:
    """Return bookings with what everybody reads of their titles: employees type what they like."""
    found = bookings_between(db(), first, last, prefix=prefix)
    return [(booking, without_personal_data(case.title)) for booking, case in found]


def _rooms() -> tuple[Choice, ...]:
    definition = newest(db(), SERVICE)
    if definition is None:
        return ()
    return next((field.choices for field in definition.fields if field.id == "room"), ())


def _wanted_day() -> date:
    today = parts().now().astimezone(parts().zone).date()
    try:
        return typed_day(request.args.get("dari", ""))
    except ValueError:
        return today


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), parts().zone)
