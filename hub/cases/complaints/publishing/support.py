"""Counting who has the same complaint: no name, no account, once a browser."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from flask import Blueprint, abort, current_app, redirect, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from hub.bulk import upsert
from hub.cases.complaints.models import ComplaintSupport
from hub.cases.complaints.publishing.board import PublicBoard
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
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
    count_voice(db(), case.id, key, parts().now())
    return redirect(url_for("public_complaints.one", number=number, didukung="ya"), code=303)


def count_voice(session: Session, case: int, voice: str, now: datetime) -> None:
    """Count a voice once: of two presses at one time the later waits for the first and changes nothing."""
    row = {"case_id": case, "voice": voice, "at": now}
    upsert(session, ComplaintSupport, [row], key=("case_id", "voice"))
