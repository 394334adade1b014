"""One alarm on screen, and what people do about one or many."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hub.alarms.handling import service
from hub.alarms.listing import folded_under, get_alarm, history_of, rows_within
from hub.alarms.models import Alarm
from hub.alarms.reach import AlarmReach, alarm_reach
from hub.alarms.rules import SHELF_HOURS
from hub.alarms.steps import STEP_WORDS
from hub.alarms.telling.endings import tell_assigned
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.people.role_words import role_words
from hub.web.guarding.guard import is_local_path, needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("alarm_handling", __name__)

# A storm is one alarm; who ticks more than this has not looked at them.
MOST_AT_ONCE = 200


@blueprint.get("/alarm/<int:alarm_id>")
@needs(Permission.ALARM_SEE, is_scoped=True)
def alarm(alarm_id: int) -> str:
    """Show one alarm with everything that happened to it."""
    reach, now = _reach(Permission.ALARM_SEE), parts().now()
    view = get_alarm(db(), reach, alarm_id, now)
    return render_template(
        "alarms/alarm.html",
        view=view,
        folded=folded_under(db(), reach, alarm_id, now),
        history=history_of(db(), alarm_id),
        role_words={role.value: word for role, word in role_words().items()},
        step_words=STEP_WORDS,
        people=service.people_who_handle(db(), now),
        shelf_hours=SHELF_HOURS,
        may_handle=bool(rows_within(db(), _reach(Permission.ALARM_HANDLE), [alarm_id])),
    )


@blueprint.post("/alarm/ketahui")
@needs(Permission.ALARM_HANDLE, is_scoped=True)
def acknowledge() -> Response:
    """Note that the viewer knows of the alarms that are ticked."""
    note = request.form.get("catatan", "").strip()[: service.MAX_NOTE]
    count = service.acknowledge(db(), _ticked(), actor=signed_in().name, note=note, now=parts().now())
    flash(
        ngettext("%(num)d alarm dinyatakan diketahui.", "%(num)d alarm dinyatakan diketahui.", count), "good"
    )
    return _back()


@blueprint.post("/alarm/tunda")
@needs(Permission.ALARM_HANDLE, is_scoped=True)
def shelve() -> Response:
    """Take the alarms that are ticked off the list for a while."""
    hours = request.form.get("jam", "")
    ticked, now = _ticked(), parts().now()
    try:
        for one in ticked:
            service.shelve(
                db(),
                one,
                hours=int(hours) if hours.isdecimal() and len(hours) < 5 else 0,
                why=request.form.get("catatan", ""),
                actor=signed_in().name,
                now=now,
            )
    except InputError as error:
        return _refuse(error)
    flash(ngettext("%(num)d alarm ditunda.", "%(num)d alarm ditunda.", len(ticked)), "good")
    return _back()


@blueprint.post("/alarm/<int:alarm_id>/kembalikan")
@needs(Permission.ALARM_HANDLE, is_scoped=True)
def unshelve(alarm_id: int) -> Response:
    """Put an alarm back on the list."""
    service.unshelve(db(), _one(alarm_id), actor=signed_in().name, now=parts().now())
    return redirect(url_for("alarm_handling.alarm", alarm_id=alarm_id), code=303)


@blueprint.post("/alarm/<int:alarm_id>/tugaskan")
@needs(Permission.ALARM_HANDLE, is_scoped=True)
def assign(alarm_id: int) -> Response:
    """Give an alarm to somebody."""
    to, one, who, here = request.form.get("kepada", ""), _one(alarm_id), signed_in(), parts()
    given = int(to) if to.isdecimal() and len(to) < 18 else None
    try:
        service.assign(db(), one, to=given, actor=who.name, now=here.now())
    except InputError as error:
        return _refuse(error)
    tell_assigned(db(), one, giver=who.account_id, name=who.display_name, now=here.now(), zone=here.zone)
    return redirect(url_for("alarm_handling.alarm", alarm_id=alarm_id), code=303)


@blueprint.post("/alarm/<int:alarm_id>/catat")
@needs(Permission.ALARM_HANDLE, is_scoped=True)
def comment(alarm_id: int) -> Response:
    """Add a remark to the history."""
    text = request.form.get("catatan", "")
    try:
        service.comment(db(), _one(alarm_id), text=text, actor=signed_in().name, now=parts().now())
    except InputError as error:
        return _refuse(error)
    return redirect(url_for("alarm_handling.alarm", alarm_id=alarm_id), code=303)


def _reach(permission: Permission) -> AlarmReach:
    return alarm_reach(db(), signed_in(), permission, parts().now())


def _one(alarm_id: int) -> Alarm:
    found = rows_within(db(), _reach(Permission.ALARM_HANDLE), [alarm_id])
    if not found:
        abort(404)
    return found[0]


def _ticked() -> Sequence[Alarm]:
    given = request.form.getlist("id")[:MOST_AT_ONCE]
    ids = [int(text) for text in given if text.isdecimal() and len(text) < 18]
    return rows_within(db(), _reach(Permission.ALARM_HANDLE), ids)


def _refuse(error: InputError) -> Response:
    flash(_(str(error)), "bad")
    return _back()


def _back() -> Response:
    wanted = request.form.get("lanjut", "")
    here = wanted if is_local_path(wanted) and wanted.startswith("/alarm") else url_for("alarms.listing")
    return redirect(here, code=303)
