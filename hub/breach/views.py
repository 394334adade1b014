"""The page of the personal-data officer: whose data were touched, as a table and a file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.breach.report import NOTICE_WITHIN, Whose, touched
from hub.breach.table import HEADER, rows_of
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.files.downloads import list_as_csv
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_moment

blueprint = Blueprint("breach", __name__)

# Of the first look; a span that somebody types may be longer.
_FIRST_LOOK = timedelta(days=3)
# Fields know no seconds: what happens now is part of it.
_THIS_MINUTE = timedelta(minutes=1)
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked about; ``fault`` says why it is not what somebody typed."""

    since: datetime
    until: datetime
    account: str
    fault: str = ""


@blueprint.get("/insiden-data")
@needs(Permission.BREACH_SEE)
def page() -> str:
    """Show a span; three days unless somebody chose another."""
    wanted = _wanted()
    report = touched(db(), since=wanted.since, until=wanted.until, account=wanted.account)
    return render_template(
        "breach/page.html",
        wanted=wanted,
        report=report,
        citizens=report.count(Whose.CITIZEN),
        employees=report.count(Whose.EMPLOYEE),
        shown=report.touches[:MOST_SHOWN],
        due=parts().now() + NOTICE_WITHIN,
        hours=int(NOTICE_WITHIN.total_seconds() // 3600),
    )


@blueprint.post("/insiden-data/berkas")
@needs(Permission.BREACH_SEE)
def file() -> Response | AnyResponse:
    """Hand the whole table out as a file; that it left the house is noted."""
    wanted = _wanted()
    report = touched(db(), since=wanted.since, until=wanted.until, account=wanted.account)
    span = f"{wanted.since:%Y-%m-%dT%H:%M%z}..{wanted.until:%Y-%m-%dT%H:%M%z}"
    audit.append(
        db(),
        at=parts().now(),
        actor=signed_in().name,
        action="breach.report",
        target=wanted.account or "all",
        detail=span,
    )
    return list_as_csv("insiden-data", HEADER, rows_of(report, parts().zone, _))


def _wanted() -> Wanted:
    now, values = parts().now(), request.values
    since, until, account = now - _FIRST_LOOK, now + _THIS_MINUTE, values.get("akun", "").strip()[:40]
    try:
        if values.get("sejak"):
            since = typed_moment(values["sejak"], parts().zone)
        if values.get("sampai"):
            until = typed_moment(values["sampai"], parts().zone)
    except ValueError:
        return Wanted(since, until, account, _("Isi tanggal dan jam yang benar."))
    fault = "" if since < until else _("Mulainya harus sebelum akhirnya.")
    return Wanted(since, until, account, fault)
