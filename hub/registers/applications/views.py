"""Two looks at the register of applications as a whole: what may be doubled, and which talks to which."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from hub.people.permissions import Permission
from hub.registers.applications.duplicates import Likeness, application_of, likenesses
from hub.registers.applications.integration import SIZE, integration_map
from hub.registers.keeping.listing import Row, Wanted, every_row, page_of
from hub.registers.kind.reading import kind_of
from hub.registers.screens.access import own_reach, today
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs
from hub.web.transaction import db

blueprint = Blueprint("applications", __name__)

_SHOWN = 200


@blueprint.get("/register/aplikasi/kemiripan")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def duplicates() -> str:
    """Show pairs of applications that may be one."""
    found = _likenesses()
    return render_template(
        "registers/applications/duplicates.html",
        found=found[:_SHOWN],
        total=len(found),
        kind=kind_of("aplikasi"),
    )


@blueprint.get("/register/aplikasi/kemiripan.csv")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def duplicates_csv() -> Response:
    """Give all of those pairs."""
    rows = [
        (one.first.name, one.second.name, round(100 * one.score), "; ".join(one.reasons))
        for one in _likenesses()
    ]
    header = (_("aplikasi"), _("mirip dengan"), _("persen"), _("alasan"))
    return csv_response("kemiripan.csv", header, rows)


@blueprint.get("/register/aplikasi/peta-integrasi")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def integrations() -> str:
    """Show which application gives data to which."""
    kind = kind_of("integrasi")
    rows = [(row.id, row.values) for row in _rows("integrasi")]
    total = page_of(db(), kind_of("aplikasi"), Wanted(), own_reach(), today=today(), per_page=1).total
    return render_template(
        "registers/applications/integrations.html",
        map=integration_map(rows, total),
        size=SIZE,
        states={one.id: one for one in kind.field("status").choices},
        ways={one.id: one.label for one in kind.field("cara").choices},
    )


def _likenesses() -> list[Likeness]:
    return likenesses([application_of(row.id, row.values) for row in _rows("aplikasi")])


def _rows(code: str) -> Iterator[Row]:
    return every_row(db(), kind_of(code), Wanted(), own_reach(), today=today())
