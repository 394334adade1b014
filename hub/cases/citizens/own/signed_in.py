"""Which citizen looks: their own cookie, apart from that of the city's accounts."""

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub.cases.citizens.models import CitizenAccount, CitizenPerson
from hub.cases.citizens.own import accounts
from hub.web.parts import parts
from hub.web.transaction import SAFE_METHODS, db


def cookie_name() -> str:
    """Return the cookie's name; browsers bind ``__Host-`` to this very host and to TLS."""
    return "__Host-pontive-warga" if parts().config.web.is_behind_tls else "pontive-warga"


def citizen() -> CitizenAccount | None:
    """Return the account of the citizen who looks, or ``None``."""
    if "citizen" not in g:
        token = request.cookies.get(cookie_name())
        g.citizen = accounts.find(db(), token, parts().now()) if token else None
        if g.citizen is not None and token and request.method not in SAFE_METHODS:
            accounts.touch(db(), token, parts().now())
    found: CitizenAccount | None = g.citizen
    return found


def citizen_in(session: Session) -> CitizenAccount | None:
    """Return the account of the citizen who looks, as a session sees it; nothing is written."""
    token = request.cookies.get(cookie_name())
    return accounts.find(session, token, parts().now()) if token else None


def citizen_person() -> CitizenPerson | None:
    """Return the citizen who looks as a person, once they said who they are."""
    account = citizen()
    if account is None or account.person_id is None:
        return None
    return db().scalars(select(CitizenPerson).where(CitizenPerson.id == account.person_id)).first()


def keep_cookie(response: Response, token: str) -> Response:
    """Hand a session's token to the browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(accounts.ABSOLUTE_LIMIT.total_seconds()),
        secure=parts().config.web.is_behind_tls,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop_cookie(response: Response) -> Response:
    """Make the browser forget the token."""
    is_tls = parts().config.web.is_behind_tls
    response.delete_cookie(cookie_name(), secure=is_tls, httponly=True, samesite="Lax", path="/")
    return response
