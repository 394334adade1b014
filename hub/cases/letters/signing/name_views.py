"""/kepegawaian/penanda-tangan: personnel write the names and ranks that stand under letters."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.letters.signing.names import MOST_NAME, MOST_RANK, name_signer, signers
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("signers", __name__)


@blueprint.get("/kepegawaian/penanda-tangan")
@needs(Permission.STAFF_MANAGE)
def listing() -> str:
    """Show who signs letters, and under which name."""
    return _page()


@blueprint.post("/kepegawaian/penanda-tangan/<int:number>")
@needs(Permission.STAFF_MANAGE)
def save(number: int) -> Response | tuple[str, int]:
    """Write the name of one of them."""
    try:
        row = name_signer(
            db(),
            number,
            full_name=request.form.get("nama", ""),
            rank=request.form.get("pangkat", ""),
            viewer=signed_in(),
            now=parts().now(),
        )
    except InputError as error:
        return _page(fault=str(error), at=number), 422
    flash(_("Nama %(name)s di bawah surat disimpan.", name=row.full_name), "good")
    return redirect(url_for("signers.listing"), code=303)


def _page(fault: str = "", at: int = 0) -> str:
    return render_template(
        "cases/letters/signers.html",
        signers=signers(db(), parts().now()),
        own=signed_in().account_id,
        fault=fault,
        at=at,
        typed=request.form,
        most_name=MOST_NAME,
        most_rank=MOST_RANK,
    )
