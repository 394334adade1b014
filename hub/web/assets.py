"""Styles, scripts and pictures: one digest over all of them in the address, cached for ever.

One digest for the whole folder, so that scripts may import each other by relative name.
"""

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_from_directory, url_for

from hub.people.permissions import Permission
from hub.web.guarding.guard import needs

FOLDER = Path(__file__).with_name("static")
# Python's table depends on the machine's; these are what we ship.
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
}

blueprint = Blueprint("assets", __name__)


def digest_of(folder: Path) -> str:
    """Return twelve hex digits over every file's name and bytes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


# Read once: files do not change under a running server.
_DIGEST = digest_of(FOLDER)


@blueprint.get("/aset/<digest>/<path:name>")
@needs(Permission.PUBLIC)
def asset(digest: str, name: str) -> Response:
    """Serve one file."""
    if digest != _DIGEST or Path(name).suffix not in _TYPES:
        abort(404)
    response = send_from_directory(FOLDER, name, mimetype=_TYPES[Path(name).suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def asset_url(name: str) -> str:
    """Return the address of a file of the static folder."""
    return url_for("assets.asset", digest=_DIGEST, name=name)


def install_assets(app: Flask) -> None:
    """Serve the folder and let templates name its files."""
    app.register_blueprint(blueprint)
    app.add_template_global(asset_url, "asset_url")
