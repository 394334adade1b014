"""How often somebody may try: kept in memory, one web process."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

LOGIN_PER_ADDRESS = "20 per minute"
LOGIN_PER_ACCOUNT = "5 per minute; 30 per hour"


def typed_account() -> str:
    """Return the key of the account that a login form names, whether it exists or not."""
    return "account:" + request.form.get("name", "").strip().casefold()[:80]


def is_refusal(response: Response) -> bool:
    """Return whether the password was wrong; only those tries are counted against an account."""
    return response.status_code == 401


def is_unprocessable(response: Response) -> bool:
    """Return whether a form was sent back; only those tries are counted."""
    return response.status_code == 422


def install_limits(app: Flask) -> None:
    """Start counting."""
    limiter.init_app(app)
