"""Counting who has the same complaint: no name, no account, once a browser."""

import hmac
import secrets
from hashlib import sha256

from flask import Blueprint, abort, current_app, redirect, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.complaints.models import ComplaintSupport
from hub.cases.complaints.publishing.board import PublicBoard
from hub.people.permissions import Permission
from hub.web.guard import needs
from hub.web.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("complaint_support", __name__)

PER_ADDRESS = "30 per minute"
_VOICE = "suara"


@blueprint.post("/laporan/<number>/dukung")
@limiter.limit(PER_ADDRESS)
@needs(Permission.PUBLIC)
def support(number: str) -> AnyResponse:
    """Count somebody who has the same complaint; the second time changes nothing."""
    case = PublicBoard(db()).row(number)
    if case is None:
        abort(404)
    voice = session.setdefault(_VOICE, secrets.token_urlsafe(12))
    key = hmac.new(str(current_app.secret_key).encode(), f"{case.id} {voice}".encode(), sha256).hexdigest()
    known = select(ComplaintSupport.id).where(
        ComplaintSupport.case_id == case.id, ComplaintSupport.voice == key
    )
    if db().scalars(known).first() is None:
        db().add(ComplaintSupport(case_id=case.id, voice=key, at=parts().now()))
    return redirect(url_for("public_complaints.one", number=number, didukung="ya"), code=303)
