"""The list of alarms on screen, as CSV and workbook, its live stream, and the piece for walls."""

from datetime import datetime

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from hub.alarms.kinds import SEVERITY_WORDS, Severity
from hub.alarms.listing import AlarmView, Filter, Shown, list_alarms, version_of
from hub.alarms.reach import AlarmReach, alarm_reach
from hub.alarms.rules import SHELF_HOURS, STATE_WORDS
from hub.alarms.screens.feed import AlarmFeed
from hub.alarms.screens.figures import come_often, figures_of
from hub.alarms.words import sentence
from hub.people.permissions import Permission
from hub.places.models import Kecamatan
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import Parts, parts
from hub.web.streams.streaming import Subscription, event_stream
from hub.web.transaction import db

blueprint = Blueprint("alarms", __name__)

PANEL_ROWS = 12


def install_alarms(app: Flask, here: Parts) -> None:
    """Register the list and the feed behind it."""

    def version() -> str:
        with here.database.reading() as session:
            return version_of(session)

    app.extensions["pontive-alarms"] = AlarmFeed(version=version)
    app.jinja_env.globals.update(
        alarm_sentence=sentence, SEVERITY_WORDS=SEVERITY_WORDS, ALARM_STATE_WORDS=STATE_WORDS
    )
    app.register_blueprint(blueprint)


@blueprint.get("/alarm")
@needs(Permission.ALARM_SEE, is_scoped=True)
def listing() -> str:
    """Show the alarms, those that need somebody first."""
    reach, wanted = _reach(), _wanted()
    now = parts().now()
    return render_template(
        "alarms/listing.html",
        rows=list_alarms(db(), reach, wanted, now),
        figures=figures_of(db(), reach, now),
        often=come_often(db(), reach, now),
        wanted=wanted,
        states=list(Shown),
        severities=list(Severity),
        districts=db().scalars(select(Kecamatan.name).order_by(Kecamatan.name)).all(),
        shelf_hours=SHELF_HOURS,
        may_handle=signed_in().may_somewhere(Permission.ALARM_HANDLE),
        query=request.query_string.decode(),
    )


@blueprint.get("/alarm/baris")
@needs(Permission.ALARM_SEE, is_scoped=True, is_background=True)
def rows() -> str:
    """Give the part of the list that changes; the page asks when the stream says so."""
    reach, wanted, now = _reach(), _wanted(), parts().now()
    return render_template(
        "alarms/rows.html",
        rows=list_alarms(db(), reach, wanted, now),
        figures=figures_of(db(), reach, now),
        wanted=wanted,
        may_handle=signed_in().may_somewhere(Permission.ALARM_HANDLE),
    )


@blueprint.get("/alarm/panel")
@needs(Permission.ALARM_SEE, is_scoped=True, is_background=True)
def panel() -> str:
    """Give the piece that walls show: how many, and the first of them. Names nobody."""
    reach, now = _reach(), parts().now()
    found = list_alarms(db(), reach, Filter(), now)
    return render_template(
        "alarms/panel.html",
        rows=found[:PANEL_ROWS],
        more=max(0, len(found) - PANEL_ROWS),
        figures=figures_of(db(), reach, now),
        may_handle=signed_in().may_somewhere(Permission.ALARM_HANDLE),
    )


@blueprint.get("/alarm/daftar.csv")
@needs(Permission.ALARM_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    found = list_alarms(db(), _reach(), _wanted(), parts().now())
    return csv_response("alarm.csv", _header(), [_cells(view) for view in found])


@blueprint.get("/alarm/daftar.xlsx")
@needs(Permission.ALARM_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    here = parts()
    found = list_alarms(db(), _reach(), _wanted(), here.now())
    sheet = Sheet(
        title=_("Alarm"),
        above=[[_("Daftar alarm")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=[_cells(view) for view in found],
        widths=(8, 10, 52, 28, 20, 24, 26, 26, 8, 22, 20, 26),
        kept_columns=1,
    )
    return file_response(workbook(sheet), "alarm.xlsx", XLSX_TYPE)


@blueprint.get("/alarm/aliran")
@needs(Permission.ALARM_SEE, is_scoped=True, is_background=True)
def stream() -> Response:
    """Stream, as server-sent events, that something changed."""
    feed: AlarmFeed = current_app.extensions["pontive-alarms"]
    return event_stream(
        Subscription(
            listen=feed.listen,
            leave=feed.leave,
            still_sees=lambda _db, viewer: viewer.may_somewhere(Permission.ALARM_SEE),
        )
    )


def _reach() -> AlarmReach:
    return alarm_reach(db(), signed_in(), Permission.ALARM_SEE, parts().now())


def _wanted() -> Filter:
    given = request.args
    shown, severity = given.get("keadaan", ""), given.get("tingkat", "")
    return Filter(
        shown=Shown(shown) if shown in list(Shown) else Shown.OPEN,
        severity=severity if severity in list(Severity) else "",
        district=given.get("kecamatan", "")[:60],
        text=given.get("cari", "").strip()[:80],
        mine=signed_in().account_id if given.get("saya") == "1" else None,
    )


def _header() -> list[str]:
    return [
        _("Nomor"), _("Tingkat"), _("Alarm"), _("Titik"), _("Kecamatan"), _("Keadaan"), _("Sejak"),
        _("Pulih"), _("Kali"), _("Diketahui oleh"), _("Ditugaskan kepada"), _("Ditunda sampai"),
    ]  # fmt: skip


def _cells(view: AlarmView) -> list[object]:
    here = parts()

    def moment(at: datetime | None) -> str:
        return "" if at is None else moment_text(at, here.zone, language())

    return [
        view.id,
        _(SEVERITY_WORDS[view.severity]),
        sentence(view.kind, view.facts),
        view.site,
        view.district,
        _(STATE_WORDS[view.state]),
        moment(view.active_since),
        moment(view.cleared_at),
        view.occurrences,
        view.acknowledged_by,
        view.assigned_name,
        moment(view.shelved_until),
    ]
