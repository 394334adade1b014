"""``/.well-known/security.txt`` (RFC 9116, 2022): whom to tell of a weakness."""

from datetime import timedelta

from flask import Blueprint, Response, request, url_for

from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.parts import parts

blueprint = Blueprint("security_txt", __name__)

# RFC 9116, 2.5.5: at most a year ahead; a hub that nobody looks after any more says so by silence.
LIFE = timedelta(days=180)


@blueprint.get("/.well-known/security.txt")
@needs(Permission.PUBLIC)
def show() -> Response:
    """Name the contact; without one of its own, the page where everybody can write to the city."""
    here = parts()
    contact = here.config.web.security_contact or url_for("report.form", _external=True)
    expires = (here.now() + LIFE).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: id, en",
        f"Canonical: {request.base_url}",
    )
    return Response("\n".join((*lines, "")), mimetype="text/plain")
