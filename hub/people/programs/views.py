"""The screen on which tokens of programs are issued and revoked."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from hub.errors import InputError, NotFoundError
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.programs import service
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("programs", __name__)


@blueprint.get("/program")
@needs(Permission.TOKEN_MANAGE)
def tokens() -> str:
    """Show who has a token."""
    return _page()


@blueprint.post("/program")
@needs(Permission.TOKEN_MANAGE)
def issue() -> str | Response:
    """Issue a token and show it, this once."""
    try:
        made = service.issue(
            db(),
            name=request.form.get("nama", ""),
            opd=request.form.get("opd", type=whole_number),
            # A day past the longest is refused in words; beyond years of it Python cannot count.
            life=timedelta(
                days=min(request.form.get("hari", default=0, type=whole_number), service.MAX_LIFE.days + 1)
            ),
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        flash(str(error), "bad")
        return redirect(url_for("programs.tokens"), code=303)
    return _page(made=made)


@blueprint.post("/program/cabut")
@needs(Permission.TOKEN_MANAGE)
def revoke() -> Response:
    """End a token."""
    insist_on_sure()
    number = request.form.get("token", default=0, type=whole_number)
    try:
        service.revoke(db(), token_id=number, actor=signed_in().name, now=parts().now())
        flash(_("Token dicabut; program itu ditolak mulai sekarang."))
    except NotFoundError:
        flash(_("Token itu tidak ada."), "bad")
    return redirect(url_for("programs.tokens"), code=303)


def _page(made: service.Issued | None = None) -> str:
    opds = db().scalars(select(Opd).order_by(Opd.name)).all()
    names = {str(opd.number): opd.name for opd in opds}
    return render_template(
        "people/programs/tokens.html", tokens=service.list_tokens(db()), opds=opds, names=names, made=made
    )
