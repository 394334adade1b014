"""Whom a retroactive change changes, shown before it is published."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.hadir.asking import chosen_month, chosen_opd, reach_for, today
from hub.hadir.computing.keeper import last_run
from hub.hadir.models import MonthClosing
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.outcomes import (
    Recount,
    close_month,
    count_published,
    last_of,
    publish,
    recount,
)
from hub.people import audit
from hub.people.permissions import Permission
from hub.people.reach import opds_within, people_within
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("publishing", __name__)


@blueprint.get("/hadir/terbit")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def changes() -> str:
    """Show what publishing would change in an OPD and month."""
    month = chosen_month()
    reach = reach_for(Permission.HADIR_MANAGE)
    opds = opds_within(db(), reach, last_of(month))
    opd = chosen_opd(opds)
    names, counted = _counted(opd.number if opd else None)
    found = [change for part in counted for change in part.changes]
    return render_template(
        "hadir/publish.html",
        opds=opds,
        opd=opd,
        month=month,
        names=names,
        changes=[change for change in found if change.old_revision or change.is_frozen],
        new=sum(not change.old_revision and not change.is_frozen for change in found),
        open_days=sum(day < today() for part in counted for day in part.unknown),
        run=last_run(db()),
        is_city=reach.is_city,
        closing=db().get(MonthClosing, month),
        published=count_published(db(), month) if reach.is_city else 0,
    )


@blueprint.post("/hadir/terbit")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def publish_now() -> Response:
    """Publish what the page showed; what changed since is published with it."""
    here, month, opd = parts(), chosen_month(), request.args.get("opd", type=whole_number)
    lock_results(db())
    _names, counted = _counted(opd)
    written = sum(publish(db(), part, now=here.now(), zone=here.zone) for part in counted)
    audit.append(
        db(),
        at=here.now(),
        actor=signed_in().name,
        action="attendance.publish",
        target=f"opd:{opd}",
        detail=f"{month:%Y-%m}: {written} days",
    )
    flash(_("%(count)s hasil hari diterbitkan.", count=written))
    return redirect(url_for("publishing.changes", opd=opd, bulan=f"{month:%Y-%m}"), code=303)


@blueprint.post("/hadir/terbit/tutup")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def close_now() -> Response:
    """Freeze a month of the city; only for who answers for all of it."""
    insist_on_sure()
    here, month = parts(), chosen_month()
    try:
        if not reach_for(Permission.HADIR_MANAGE).is_city:
            raise InputError(_("Bulan ditutup untuk seluruh kota, oleh BKPSDM."))
        close_month(db(), month=month, actor=signed_in().name, now=here.now(), zone=here.zone)
        audit.append(
            db(), at=here.now(), actor=signed_in().name, action="month.close", target=f"{month:%Y-%m}"
        )
        flash(_("Bulan %(month)s ditutup; perubahan sesudahnya menjadi penyesuaian.", month=f"{month:%Y-%m}"))
    except InputError as error:
        flash(str(error), "bad")
    return redirect(url_for("publishing.changes", bulan=f"{month:%Y-%m}"), code=303)


def _counted(opd: int | None) -> tuple[dict[int, str], list[Recount]]:
    if opd is None:
        return {}, []
    month = chosen_month()
    reach = reach_for(Permission.HADIR_MANAGE)
    people = people_within(db(), reach, month, last_of(month), opd=opd, also_left=True)
    names = {person.number: person.name for person in people}
    counted = recount(db(), persons=list(names), first=month, last=last_of(month), zone=parts().zone)
    return names, list(counted)
