"""The shell of the phone application: pages that hold nobody's data and work without network.

Who the phone belongs to is known to the phone alone, so these addresses are open to everyone.
"""

import hashlib
import hmac

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from hub.people.models import Person, PhoneKey
from hub.people.permissions import Permission
from hub.web.assets import asset_url
from hub.web.guarding.guard import needs
from hub.web.i18n import language, theme
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("phone", __name__)

# What the pages load, and therefore what must lie in the phone for the day without network.
SCRIPTS = ("code", "pages", "clock", "qr", "store", "words")
SIGNING = ("base45", "keys", "token")
ICON_SIZES_PX = (192, 512)


@blueprint.get("/hadir/ponsel/")
@needs(Permission.PUBLIC)
def shell() -> Response:
    """Show the page that draws the code; the same for everybody, so that it may be kept."""
    response = make_response(render_template("hadir/phone/code.html"))
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/hadir/ponsel/luring")
@needs(Permission.PUBLIC)
def offline() -> str:
    """Show what the service worker gives out in place of a page that needs the network."""
    return render_template("hadir/phone/offline.html")


@blueprint.get("/hadir/ponsel/kerja.js")
@needs(Permission.PUBLIC)
def worker() -> Response:
    """Give the service worker, which knows by name what to keep."""
    text = render_template(
        "hadir/phone/worker.js",
        files=_files(),
        shell=url_for("phone.shell"),
        offline=url_for("phone.offline"),
        month=url_for("phone_own.month"),
        # Other colours or another language are another page to keep.
        version=f"{asset_url('').rstrip('/').rsplit('/', 1)[-1]}-{language()}-{theme()}",
    )
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/hadir/ponsel/manifest.webmanifest")
@needs(Permission.PUBLIC)
def manifest() -> Response:
    """Tell a phone how to put the page among its applications."""
    icons = [
        {
            "src": asset_url(f"hadir_phone/icons/{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICON_SIZES_PX
        for purpose in ("any", "maskable")
    ]
    response = jsonify(
        id=url_for("phone.shell"),
        name=_("Hadir %(city)s", city=parts().config.city),
        short_name="Hadir",
        description=_("Kode kehadiran, bulan saya, dan koreksi."),
        lang="id",
        start_url=url_for("phone.shell"),
        scope=url_for("phone.shell"),
        display="standalone",
        orientation="portrait",
        background_color="#0c1214",
        theme_color="#0c1214",
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/hadir/ponsel/waktu")
@needs(Permission.PUBLIC, is_background=True)
def time() -> Response:
    """Give the hub's time in milliseconds, and how this phone stands, to whoever knows its key."""
    response = jsonify(now_ms=int(parts().now().timestamp() * 1000), phone=_standing())
    response.headers["Cache-Control"] = "no-store"
    return response


def _standing() -> str:
    person = request.args.get("pegawai", type=whole_number)
    slot = request.args.get("ponsel", type=whole_number)
    if person is None or slot is None or slot not in range(8):
        return "unknown"
    is_this = (PhoneKey.person_number == person, PhoneKey.slot == slot)
    phone = db().scalars(select(PhoneKey).where(*is_this)).first()
    if phone is None:
        return "unknown"
    digest = hashlib.sha256(phone.public_key).hexdigest()
    if not hmac.compare_digest(digest.encode(), request.args.get("kunci", "").encode()):
        # Another phone has its slot now, so this one was taken out of use.
        return "unknown"
    is_in_use = phone.revoked_at is None and db().get_one(Person, person).is_active
    return "active" if is_in_use else "revoked"


def _files() -> list[str]:
    names = [f"hadir_phone/{name}.js" for name in SCRIPTS]
    names += [f"hadir_phone/signing/{name}.js" for name in SIGNING]
    icons = [f"hadir_phone/icons/{size}.png" for size in ICON_SIZES_PX]
    others = ("vendor/lean-qr-2.7.4.js", "pontive.css", "hadir_phone/phone.css", "pontive.svg")
    return [asset_url(name) for name in (*names, *others, *icons)]
