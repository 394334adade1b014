"""``GET /rilis/<sha256>``: where devices fetch a bundle, piece by piece, by the permit they were sent."""

from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file

from edge.wire.updates import PATH
from hub.enrolment.issuing.register import refused_devices
from hub.people.permissions import Permission as Right
from hub.updates.releases import bundle_path
from hub.updates.serving.permits import FIELD, Permit, judge_permit, permit_key
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.guarding.secret import load_or_make_secret
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("release_files", __name__)

# Many devices behind one address, each going on after every break of a bad link.
PER_ADDRESS = "600 per minute"
_MOST_PERMIT_LETTERS = 200


@blueprint.get(f"{PATH}<sha256>")
@needs(Right.PUBLIC)
@limiter.limit(PER_ADDRESS)
def bundle(sha256: str) -> Response:
    """Give a bundle, or the part that is asked for; 404 for whoever has no permit of ours."""
    here = parts()
    key = permit_key(load_or_make_secret(Path(here.config.secret_file)))
    given = request.args.get(FIELD, "")[:_MOST_PERMIT_LETTERS]
    permit, device = judge_permit(key, given, sha256=sha256, now=here.now())
    if permit is Permit.WRONG or device in refused_devices(db()):
        abort(404)
    if permit is Permit.OVER:
        abort(403)
    path = bundle_path(Path(here.config.updates.folder), sha256)
    if not path.exists():
        abort(404)
    response = send_file(path, mimetype="application/octet-stream", conditional=True, etag=sha256)
    response.headers["Cache-Control"] = "private, no-store"
    return response
