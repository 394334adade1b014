"""``/sesi``: where one is signed in, and signing out there."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from hub.people import sessions
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.people.signing_in.passwords import is_password
from hub.people.signing_in.throttle import PER_CODE, code_key, is_too_often, note_failure
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import LOGIN_PER_ADDRESS, limiter
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("own_sessions", __name__)

# What a browser calls itself, in the order to look: Edge and Opera also say Chrome, Chrome also says Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One browser of one's own."""

    id: int
    browser: str
    address: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


Page = str | Response | tuple[str, int]


@blueprint.get("/sesi")
@needs(Permission.SIGNED_IN)
def listing() -> Page:
    """Show the browsers that are signed in."""
    return _page()


@blueprint.post("/sesi/akhiri")
@limiter.limit(LOGIN_PER_ADDRESS)
@needs(Permission.SIGNED_IN)
def end() -> Page:
    """End one other session, or all others; the password first: an open browser is not its owner."""
    who, now = signed_in(), parts().now()
    whose = code_key(who.account_id)
    if is_too_often(db(), whose, PER_CODE, now):
        raise TooManyRequests
    if not is_password(request.form.get("sandi", ""), db().get_one(Account, who.account_id).password_hash):
        note_failure(db(), whose, now=now)
        return _page(_("Kata sandi salah.")), 422
    which = request.form.get("sesi", default=0, type=whole_number)
    count = sessions.end_others(db(), viewer=who, now=now, only=which)
    flash(_("%(count)s sesi diakhiri.", count=count) if count else _("Tidak ada sesi lain yang diakhiri."))
    return redirect(url_for("own_sessions.listing"), code=303)


def _page(fault: str = "") -> str:
    who = signed_in()
    lines = [
        SessionLine(
            id=one.id,
            browser=browser_words(one.agent),
            address=one.address,
            begun_at=one.created_at,
            seen_at=one.seen_at,
            is_this=one.id == who.session_id,
        )
        for one in sessions.alive_of(db(), who.account_id, parts().now())
    ]
    return render_template("people/sessions.html", lines=lines, fault=fault)


def browser_words(agent: str) -> str:
    """Return a browser and its system in two words, as far as the browser says."""
    browser, system = (_first(table, agent) for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(word for word in (browser, system) if word) or agent[:40] or "?"


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in table if re.search(mark, agent)), "")
