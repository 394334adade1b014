"""The page that opens when a phone's camera scans the code on an office's screen (direction B).

It only asks where the phone is and signs; whether the scan counts is decided by ``/hadir/hs``.
"""

from flask import Blueprint, render_template

from hub.people.permissions import Permission
from hub.web.guarding.guard import needs

blueprint = Blueprint("phone_workplace", __name__)


@blueprint.get("/S/<tail>")
@blueprint.get("/s/<tail>")
@needs(Permission.HADIR_OWN, is_scoped=True)
def scanned(tail: str) -> str:
    """Show the page for one scanned code; a camera application may have changed its case."""
    return render_template("hadir/phone/workplace.html", tail=tail.upper())
