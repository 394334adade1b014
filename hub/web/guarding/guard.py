"""Default deny: an endpoint that declares no permission answers nobody.

A stranger is sent to the login page; somebody without the permission is told that there is no
such page, as for a page that does not exist.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hub.people import sessions
from hub.people.permissions import Permission
from hub.people.programs.models import ProgramToken
from hub.people.programs.service import find_token, is_use_due, note_use
from hub.people.sessions import Viewer
from hub.web.guarding.known_viewers import install_known_viewers, known_viewers
from hub.web.parts import parts
from hub.web.transaction import SAFE_METHODS

_logger = logging.getLogger(__name__)
_ATTRIBUTE = "needed_permission"
_BACKGROUND = "is_background"
_SCOPED = "is_scoped"
_UPLOAD = "upload_bytes"
# Werkzeug counts a piece of 64 KiB of a file together with the end of the piece before as form
# memory, so a file with line breaks at the wrong places would be refused with less.
_UPLOAD_MEMORY_BYTES = 256 * 1024
_PROGRAMS = "is_for_programs"
_STRANGERS = "pontive-pages-for-strangers"
_BEARER = "Bearer "

View = TypeVar("View", bound=Callable[..., Any])


def needs(
    permission: Permission,
    *,
    is_background: bool = False,
    is_scoped: bool = False,
    upload_bytes: int = 0,
    is_for_programs: bool = False,
) -> Callable[[View], View]:
    """Declare what an endpoint asks for. Put it nearest to the function.

    Args:
        permission: What the viewer must hold.
        is_background: The page asks by itself; that is not a person who is there, so it does
            not keep the session from idling out.
        is_scoped: Also for those who hold the permission for a part of the city; the view itself
            shows them no more than ``hub.people.reach`` allows.
        upload_bytes: The largest body it takes, when that is more than a form; only those who
            hold the permission may send so much.
        is_for_programs: Also for a program with a token that carries the permission; it is told
            in JSON why it may not.
    """

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        setattr(view, _BACKGROUND, is_background)
        setattr(view, _SCOPED, is_scoped)
        setattr(view, _UPLOAD, upload_bytes)
        setattr(view, _PROGRAMS, is_for_programs)
        return view

    return declare


def declared(view: Callable[..., Any]) -> Permission | None:
    """Return what a view declared, or ``None``."""
    return getattr(view, _ATTRIBUTE, None)


def viewer() -> Viewer | None:
    """Return who is looking, or ``None`` for a stranger."""
    found: Viewer | None = g.get("viewer")
    return found


def program() -> ProgramToken | None:
    """Return the token of the program that asks, or ``None`` when a person does."""
    found: ProgramToken | None = g.get("program")
    return found


def signed_in() -> Viewer:
    """Return who is looking; only for endpoints that strangers cannot reach."""
    found = viewer()
    assert found is not None, "the guard lets no stranger in here"
    return found


def login_cookie_name(is_behind_tls: bool) -> str:
    """Return the cookie's name; browsers bind ``__Host-`` to this very host and to TLS."""
    return "__Host-pontive" if is_behind_tls else "pontive"


def set_login_cookie(response: AnyResponse, token: str) -> None:
    """Hand the session's token to the browser, for as long as it stays open."""
    is_tls = parts().config.web.is_behind_tls
    response.set_cookie(
        login_cookie_name(is_tls), token, secure=is_tls, httponly=True, samesite="Lax", path="/"
    )


def drop_login_cookie(response: AnyResponse) -> None:
    """Make the browser forget the token."""
    is_tls = parts().config.web.is_behind_tls
    response.delete_cookie(login_cookie_name(is_tls), secure=is_tls, httponly=True, samesite="Lax", path="/")


def may_open(who: Viewer, endpoint: str) -> bool:
    """Return whether the guard would let somebody who is signed in open an endpoint."""
    view = current_app.view_functions[endpoint]
    needed = declared(view)
    return needed is not None and _holds(who, needed, is_scoped=getattr(view, _SCOPED, False))


def answer_strangers(app: Flask, endpoint: str, page: Callable[[], AnyResponse]) -> None:
    """Show strangers a page of their own where they would be sent to the login.

    Args:
        app: The application.
        endpoint: Whose address it is; who is signed in sees it as before.
        page: What everybody may see; it is shown to browsers that look, to nobody else.
    """
    app.extensions.setdefault(_STRANGERS, {})[endpoint] = page


def install_guard(app: Flask) -> None:
    """Check each request before its view runs."""
    install_known_viewers(app)

    @app.before_request
    def check() -> AnyResponse | None:
        g.viewer = _find_viewer()
        if request.endpoint is None:
            return None  # no such address: Flask answers 404 by itself
        if _has_nul(request.args.lists()):
            abort(400)
        view = current_app.view_functions[request.endpoint]
        needed = declared(view)
        if needed is None:
            _logger.error("endpoint %s declares no permission and answers nobody", request.endpoint)
            abort(404)
        if getattr(view, _PROGRAMS, False) and _speaks_as_program():
            return _decide_for_program(needed)
        refusal = _decide(needed, is_scoped=getattr(view, _SCOPED, False))
        upload_bytes: int = getattr(view, _UPLOAD, 0)
        if refusal is None and upload_bytes:
            # Before the form check reads the body, and after it is known who sends it.
            request.max_content_length = upload_bytes
            request.max_form_memory_size = _UPLOAD_MEMORY_BYTES
        if refusal is None and request.method not in SAFE_METHODS and _has_nul(request.form.lists()):
            abort(400)
        return refusal

    @app.after_request
    def keep_private(response: Response) -> Response:
        if g.get("viewer") is not None and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def _has_nul(fields: Iterable[tuple[str, list[str]]]) -> bool:
    """Return whether a value holds what no text has and PostgreSQL refuses: a page would fail for it."""
    return any("\0" in value for name, values in fields for value in (name, *values))


def _decide(needed: Permission, *, is_scoped: bool) -> AnyResponse | None:
    if needed is Permission.PUBLIC:
        return None
    who = viewer()
    if who is None:
        return _to_login()
    if who.must_change_password and needed is not Permission.SIGNED_IN:
        return redirect(url_for("people.change_password"), code=303)
    if is_held_up(who) and needed is not Permission.SIGNED_IN:
        return redirect(url_for("second_factor.show"), code=303)
    if not _holds(who, needed, is_scoped=is_scoped):
        if request.endpoint == "boards.board":
            # Logo and crumbs lead to "/": who has no board has another first page.
            return redirect(url_for("people.home"), code=303)
        abort(404)
    return None


def is_held_up(who: Viewer) -> bool:
    """Return whether somebody must first change a password or set up a second step."""
    is_required = parts().config.sign_in.is_second_factor_required
    return who.must_change_password or (who.lacks_second_factor and is_required)


def _holds(who: Viewer, needed: Permission, *, is_scoped: bool) -> bool:
    return who.may_somewhere(needed) if is_scoped else who.may(needed)


def _speaks_as_program() -> bool:
    has_token = "Authorization" in request.headers
    return has_token or (viewer() is None and "text/html" not in request.headers.get("Accept", ""))


def _decide_for_program(needed: Permission) -> AnyResponse | None:
    here, header = parts(), request.headers.get("Authorization", "")
    with here.database.reading() as db:
        found = (
            find_token(db, header.removeprefix(_BEARER), here.now()) if header.startswith(_BEARER) else None
        )
        if found is not None:
            db.expunge(found)
    if found is None or found.permission != needed:
        # The same words for a token that is unknown, revoked, over, or for something else.
        response = jsonify(
            error={"code": 401, "message": "token tidak berlaku; minta yang baru kepada admin"}
        )
        response.status_code = 401
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if is_use_due(found, here.now()):
        with here.database.writing() as db:
            note_use(db, found.id, here.now())
    g.program = found
    return None


def _to_login() -> AnyResponse:
    wanted_type = request.accept_mimetypes.best_match(["text/html", "text/event-stream"], default="text/html")
    wants_page = wanted_type == "text/html"
    if request.method not in SAFE_METHODS or not wants_page or "HX-Request" in request.headers:
        abort(401)
    page = current_app.extensions.get(_STRANGERS, {}).get(request.endpoint)
    if page is not None:
        shown: AnyResponse = page()
        return shown
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("people.login", lanjut=None if wanted == "/" else wanted), code=303)


def _find_viewer() -> Viewer | None:
    here = parts()
    token = request.cookies.get(login_cookie_name(here.config.web.is_behind_tls))
    if not token:
        return None
    found = known_viewers().find(token)
    if found is not None and found.is_seen_due and not asks_by_itself():
        with here.database.writing() as db:
            sessions.touch(db, found.session_id, here.now())
    return found


def asks_by_itself() -> bool:
    """Return whether a page makes this request without anybody's hand."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, _BACKGROUND, False))


def is_local_path(path: str) -> bool:
    """Return whether a browser would stay on this host when sent to ``path``."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
