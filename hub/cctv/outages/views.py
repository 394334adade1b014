"""Outages on screen: what is open, what was, and everything about one of them."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.outages.facts import Scope
from hub.cctv.outages.listing import OutageFilter, OutageRow, rows_of_outages, wanted_rows
from hub.cctv.outages.models import Outage
from hub.cctv.outages.service import CAUSE_WORDS, cameras_of, outages_between, verdicts_of
from hub.cctv.outages.tickets.service import STATE_WORDS, TicketState, notes_of, ticket_of, work_on
from hub.cctv.rules import Cause
from hub.errors import InputError
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.models import CityCamera
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import N_, language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("outages", __name__)

DAYS_BACK = 30
MAX_DAYS_BACK = 366
SCOPE_WORDS = {
    Scope.CAMERA: N_("kamera"),
    Scope.DEVICE: N_("perangkat"),
    Scope.SWITCH: N_("switch"),
    Scope.POINT: N_("titik"),
}
CHANGE_WORDS = {
    "opened": N_("gangguan dibuka"),
    "folded": N_("meluas ke seluruh tempat"),
    "flapped": N_("padam lagi"),
    "seen": N_("bukti baru"),
    "returned": N_("perangkat kembali"),
    "late-record": N_("catatan perangkat menyusul"),
}


@blueprint.get("/gangguan")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> str:
    """Show open outages, the oldest first, and those of the last days."""
    rows, wanted = _read()
    found = wanted_rows(rows, wanted)
    return render_template(
        "cctv/outages/listing.html",
        open_rows=sorted((row for row in found if row.ended_at is None), key=lambda row: row.began_at),
        past_rows=[row for row in found if row.ended_at is not None],
        wanted=wanted,
        days=_days(),
        causes=[cause for cause in Cause if cause is not Cause.NONE],
        owners=sorted({row.owner for row in rows if row.owner}),
        sites=sorted({(row.site_name, row.site) for row in rows}),
        query=request.query_string.decode(),
        **_words(),
    )


@blueprint.get("/gangguan/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the rows as CSV."""
    rows, wanted = _read()
    return csv_response("gangguan.csv", _header(), [_cells(row) for row in wanted_rows(rows, wanted)])


@blueprint.get("/gangguan/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the rows as a workbook."""
    rows, wanted = _read()
    here = parts()
    sheet = Sheet(
        title=_("Gangguan"),
        above=[[_("Gangguan kamera")], [moment_text(here.now(), here.zone, language())]],
        header=_header(),
        rows=[_cells(row) for row in wanted_rows(rows, wanted)],
        widths=(8, 10, 30, 28, 8, 12, 11, 24, 24, 12, 10, 22, 18, 16, 50),
        kept_columns=1,
    )
    return file_response(workbook(sheet), "gangguan.xlsx", XLSX_TYPE)


@blueprint.get("/gangguan/<int:number>")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def outage(number: int) -> str:
    """Show one outage: evidence in words, its history, its cameras, its ticket."""
    found = _find(number)
    row = _row_of(found)
    ticket = ticket_of(db(), found.id)
    cameras = [one for one in cameras_of(db(), found.id) if (one.device, one.camera) in row.cameras]
    names = {(one.device, one.id): one.name for one in db().query(CityCamera)}
    return render_template(
        "cctv/outages/outage.html",
        row=row,
        outage=found,
        verdicts=verdicts_of(db(), found.id),
        cameras=cameras,
        names=names,
        ticket=ticket,
        notes=[] if ticket is None else notes_of(db(), ticket.id),
        ticket_states=[state for state in TicketState if state is not TicketState.RECOVERED],
        may_work=_may_work(row),
        **_words(),
    )


@blueprint.post("/gangguan/<int:number>/tiket")
@needs(Permission.OUTAGE_HANDLE, is_scoped=True)
def work(number: int) -> AnyResponse:
    """Note what somebody does about an outage."""
    found = _find(number)
    _row_of(found, Permission.OUTAGE_HANDLE)
    ticket = ticket_of(db(), found.id)
    if ticket is None:
        abort(404)
    now, who = parts().now(), signed_in()
    try:
        work_on(
            db(),
            ticket.number,
            state=request.form.get("keadaan", ""),
            assignee=request.form.get("petugas", ""),
            text=request.form.get("catatan", ""),
            by=who.name,
            now=now,
        )
    except InputError as error:
        flash(str(error), "bad")
    else:
        audit.append(db(), at=now, actor=who.name, action="outage.work", target=ticket.number)
        flash(_("Catatan tersimpan."))
    return redirect(url_for("outages.outage", number=number), code=303)


def _find(number: int) -> Outage:
    """Return an outage, whosever it is; one that became part of another leads there."""
    found = db().get(Outage, number)
    if found is None:
        abort(404)
    while found.folded_into is not None:
        found = db().get_one(Outage, found.folded_into)
    return found


def _row_of(found: Outage, permission: Permission = Permission.CAMERA_SEE) -> OutageRow:
    """Return the row as the viewer sees it; 404 when the outage lies beyond the permission's reach."""
    rows = rows_of_outages(db(), [found], own_reach(permission), parts().now())
    if not rows:
        abort(404)
    return rows[0]


def _may_work(row: OutageRow) -> bool:
    reach = own_reach(Permission.OUTAGE_HANDLE)
    return any(reach.holds_camera(*key) for key in row.cameras)


def _days() -> int:
    text = request.args.get("hari", "")
    return min(max(int(text), 1), MAX_DAYS_BACK) if text.isdecimal() and len(text) < 5 else DAYS_BACK


def _read() -> tuple[list[OutageRow], OutageFilter]:
    now = parts().now()
    outages = outages_between(db(), now - timedelta(days=_days()), now + timedelta(days=1))
    wanted = OutageFilter(
        cause=request.args.get("sebab", "")[:20],
        owner=request.args.get("pemilik", "")[:80],
        site=request.args.get("titik", "")[:63],
    )
    return rows_of_outages(db(), outages, own_reach(), now), wanted


def _words() -> dict[str, object]:
    return {
        "scope_words": SCOPE_WORDS,
        "cause_names": CAUSE_WORDS,
        "change_words": CHANGE_WORDS,
        "ticket_words": STATE_WORDS,
    }


def _header() -> list[str]:
    return [
        _("Nomor"), _("Jangkauan"), _("Tempat"), _("Titik"), _("Kamera"), _("Sebab"), _("Keyakinan (%)"),
        _("Mulai"), _("Selesai"), _("Lama (menit)"), _("Berulang"), _("Pemilik"), _("Tiket"),
        _("Keadaan tiket"), _("Nama kamera"),
    ]  # fmt: skip


def _cells(row: OutageRow) -> list[object]:
    here = parts()

    def moment(at: datetime | None) -> str:
        return "" if at is None else moment_text(at, here.zone, language())

    return [
        row.number,
        _(SCOPE_WORDS[row.scope]),
        row.place,
        row.site_name,
        len(row.cameras),
        _(CAUSE_WORDS[row.cause]),
        round(row.confidence * 100) if row.confidence else "",
        moment(row.began_at),
        moment(row.ended_at),
        round(row.lasted_s(here.now()) / 60),
        row.flaps,
        row.owner,
        row.ticket,
        _(STATE_WORDS[TicketState(row.ticket_state)]) if row.ticket_state else "",
        ", ".join(row.camera_names),
    ]
