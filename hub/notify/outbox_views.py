"""What waits in the outbox and what was given up, for whoever looks after messages."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response

from hub.notify.models import OutboxMessage
from hub.notify.service import State, revive
from hub.people import audit
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("notify", __name__)

MOST_ROWS = 200


@blueprint.get("/pemberitahuan")
@needs(Permission.NOTIFY_MANAGE)
def outbox() -> str:
    """Show the messages, those that were given up first. Addresses are shown in part."""
    first = case((OutboxMessage.state == State.DEAD, 0), (OutboxMessage.state == State.WAITING, 1), else_=2)
    query = (
        select(OutboxMessage, Account.display_name)
        .join(Account, Account.id == OutboxMessage.account_id, isouter=True)
        .order_by(first, OutboxMessage.id.desc())
        .limit(MOST_ROWS)
    )
    counts = db().execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return render_template(
        "notify/outbox.html",
        rows=[(row[0], row[1] or "", masked(row[0].address)) for row in db().execute(query)],
        counts={row[0]: row[1] for row in counts},
    )


@blueprint.post("/pemberitahuan/<int:number>/ulang")
@needs(Permission.NOTIFY_MANAGE)
def again(number: int) -> Response:
    """Let a message that was given up be tried again."""
    if not revive(db(), number, now=parts().now()):
        abort(404)
    audit.append(
        db(), at=parts().now(), actor=signed_in().name, action="notify.again", target=f"message:{number}"
    )
    flash(_("Pesan dicoba lagi dalam beberapa detik."), "good")
    return redirect(url_for("notify.outbox"), code=303)


def masked(address: str) -> str:
    """Return enough of an address to tell it from others: a private one is nobody else's business."""
    name, at, host = address.partition("@")
    if at and name:
        return f"{name[:2]}…@{host}"
    if "://" in address:
        return address.split("?", 1)[0][:60]
    return f"…{address[-3:]}"
