"""The running log, the hand-over, and the shifts before. Sources of the summary are passed in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.shifts import service
from hub.web.contributions.summary import SummaryPart, SummarySource
from hub.web.contributions.tiles import Look
from hub.web.files.downloads import list_as_csv, list_as_xlsx
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("shifts", __name__)

_SOURCES = "pontive-shift-sources"


def install_shifts(app: Flask, sources: Sequence[SummarySource]) -> None:
    """Register the screens, with what is told at a hand-over, in this order."""
    app.extensions[_SOURCES] = tuple(sources)
    app.register_blueprint(blueprint)


@blueprint.get("/serah-terima")
@needs(Permission.SHIFT_KEEP)
def log() -> str:
    """Show the shift that runs or waits, with what is open now."""
    line = service.newest_unsigned(db())
    number = line.shift.id if line is not None else 0
    return render_template(
        "shifts/log.html",
        line=line,
        entries=service.entries_of(db(), number),
        summary=_summary() if line is None or line.is_running else line.summary,
        is_own=line is not None and line.shift.account_id == signed_in().account_id,
        may_end=line is not None and service.may_end(line.shift, signed_in(), parts().now()),
        most_letters=service.MAX_ENTRY,
    )


@blueprint.get("/serah-terima/daftar")
@needs(Permission.SHIFT_KEEP)
def listing() -> str:
    """Show the shifts before, the newest first."""
    page = min(max(request.args.get("hal", 1, type=int), 1), 1000)
    found = service.shifts(db(), most=service.PAGE + 1, skip=service.PAGE * (page - 1))
    return render_template(
        "shifts/listing.html",
        lines=found[: service.PAGE],
        page=page,
        has_more=len(found) > service.PAGE,
    )


@blueprint.get("/serah-terima/<int:shift>")
@needs(Permission.SHIFT_KEEP)
def show(shift: int) -> str:
    """Show one shift as it was handed over, to read and to print."""
    line = service.one_shift(db(), shift)
    return render_template(
        "shifts/shift.html",
        line=line,
        entries=service.entries_of(db(), shift),
        is_unbroken=not line.is_signed or service.is_unbroken(db(), line.shift),
    )


@blueprint.post("/serah-terima/mulai")
@needs(Permission.SHIFT_KEEP)
def begin() -> AnyResponse:
    """Begin the first shift."""
    return _told(lambda: service.begin(db(), who=signed_in(), now=parts().now()), _("Giliran Anda dimulai."))


@blueprint.post("/serah-terima/catat")
@needs(Permission.SHIFT_KEEP)
def write() -> AnyResponse:
    """Write into the running shift."""
    text = request.form.get("catatan", "")
    return _told(lambda: service.write(db(), who=signed_in(), text=text, now=parts().now()), _("Tercatat."))


@blueprint.post("/serah-terima/serahkan")
@needs(Permission.SHIFT_KEEP)
def hand_over() -> AnyResponse:
    """End one's shift; what is open now goes with it."""
    insist_on_sure()
    note, summary = request.form.get("pesan", ""), _summary()
    return _told(
        lambda: service.hand_over(db(), who=signed_in(), note=note, summary=summary, now=parts().now()),
        _("Giliran diserahkan; menunggu tanda terima petugas berikutnya."),
    )


@blueprint.post("/serah-terima/<int:shift>/terima")
@needs(Permission.SHIFT_KEEP)
def sign(shift: int) -> AnyResponse:
    """Sign for a shift that was handed over, and begin one's own."""
    insist_on_sure()
    return _told(
        lambda: service.sign(db(), shift, who=signed_in(), now=parts().now()),
        _("Serah terima ditandatangani; giliran Anda dimulai."),
    )


@blueprint.get("/serah-terima/daftar.csv")
@needs(Permission.SHIFT_KEEP)
def as_csv() -> Response:
    """Give the newest shifts as CSV."""
    return list_as_csv("giliran", _header(), _rows())


@blueprint.get("/serah-terima/daftar.xlsx")
@needs(Permission.SHIFT_KEEP)
def as_xlsx() -> Response:
    """Give the same rows as a workbook."""
    widths = (10, 24, 26, 26, 26, 24, 60)
    return list_as_xlsx("giliran", _("Daftar giliran"), _header(), _rows(), widths=widths)


def _header() -> list[str]:
    return [
        _("Giliran"), _("Petugas"), _("Mulai"), _("Diserahkan"), _("Ditandatangani"), _("Oleh"), _("Pesan"),
    ]  # fmt: skip


def _rows() -> list[list[object]]:
    return [
        [
            line.shift.id,
            line.keeper,
            *map(_moment, (line.shift.began_at, line.shift.handed_at, line.shift.signed_at)),
            line.signer,
            line.shift.note,
        ]
        for line in service.shifts(db(), most=service.MOST_IN_FILE)
    ]


def _moment(at: datetime | None) -> str:
    return "" if at is None else moment_text(at, parts().zone, language())


def _summary() -> tuple[SummaryPart, ...]:
    sources: Sequence[SummarySource] = current_app.extensions[_SOURCES]
    look = Look(db(), parts().now())
    return tuple(source(look) for source in sources)


def _told(act: Callable[[], object], done: str) -> AnyResponse:
    try:
        act()
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
    except IntegrityError:
        # Two began at the same moment: the database let one of them.
        roll_back()
        flash(_("Orang lain baru saja memulai giliran; muat ulang halaman."), "bad")
    else:
        flash(done)
    return redirect(url_for("shifts.log"), code=303)
