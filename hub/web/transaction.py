"""One transaction a request, committed in one place: after the view, before the answer is sent."""

from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from hub.web.parts import parts

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def db() -> Session:
    """Return the session of this request: reading for safe methods, writing for all others."""
    if "db_session" not in g:
        database = parts().database
        scope = database.reading() if request.method in SAFE_METHODS else database.writing()
        g.db_session = scope.__enter__()
        g.db_scope = scope
    session: Session = g.db_session
    return session


def roll_back() -> None:
    """Throw away what this request wrote; for error pages."""
    scope = _take_scope()
    if scope is not None:
        # The scope must see an exception to roll back, and raises it again when it is done.
        try:
            scope.__exit__(_AbandonedError, _AbandonedError(), None)
        except _AbandonedError:
            return


class _AbandonedError(Exception):
    """Only tells the scope to roll back."""


def install_transaction(app: Flask) -> None:
    """Commit after each view; close what an error left open."""

    @app.after_request
    def commit(response: Response) -> Response:
        scope = _take_scope()
        if scope is not None:
            scope.__exit__(None, None, None)
        return response

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        roll_back()


def _take_scope() -> AbstractContextManager[Any] | None:
    g.pop("db_session", None)
    scope: AbstractContextManager[Any] | None = g.pop("db_scope", None)
    return scope
