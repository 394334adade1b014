"""What happens once a password was right: a code is awaited, or the session begins."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from hub.people import sessions
from hub.people.models import Account
from hub.people.second_factor.service import has_factor
from hub.people.second_factor.waiting import LIFE, begin_waiting
from hub.web.guarding.guard import login_cookie_name, set_login_cookie
from hub.web.guarding.visit import forget_visit
from hub.web.parts import parts
from hub.web.transaction import db


def after_password(account: Account, where: str) -> Response:
    """Ask for the code of an account that has a second step; sign any other in."""
    if not has_factor(db(), account.id):
        return begin_session(account, where)
    token = begin_waiting(db(), account=account, wanted=where, now=parts().now())
    response = redirect(url_for("second_step.ask"), code=303)
    is_tls = parts().config.web.is_behind_tls
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=int(LIFE.total_seconds()),
        secure=is_tls,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def begin_session(account: Account, where: str) -> Response:
    """Sign an account in and send the browser to a page of ours."""
    return open_session(account, redirect(where, code=303))


def open_session(account: Account, response: Response) -> Response:
    """Sign an account in with this answer."""
    token = sessions.begin(
        db(),
        account=account,
        now=parts().now(),
        address=request.remote_addr or "",
        agent=request.user_agent.string,
    )
    forget_visit()
    set_login_cookie(response, token)
    return response


def waiting_token() -> str:
    """Return the token of a browser that is asked for a code; empty for any other."""
    return request.cookies.get(_cookie_name(), "")


def drop_waiting_cookie(response: Response) -> None:
    """Make the browser forget that it was asked."""
    is_tls = parts().config.web.is_behind_tls
    response.delete_cookie(_cookie_name(), secure=is_tls, httponly=True, samesite="Lax", path="/")


def _cookie_name() -> str:
    return login_cookie_name(parts().config.web.is_behind_tls) + "-code"
