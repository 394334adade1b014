"""How often somebody may ask: a flood guard in the memory of each web process.

Wrong passwords and codes are counted in the database, by ``hub.people.signing_in.throttle``.
"""

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

LOGIN_PER_ADDRESS = "20 per minute"


def is_refusal(response: Response) -> bool:
    """Return whether a password or PIN was wrong; only those tries are counted."""
    return response.status_code == 401


def is_unprocessable(response: Response) -> bool:
    """Return whether a form was sent back; only those tries are counted."""
    return response.status_code == 422


def install_limits(app: Flask) -> None:
    """Start counting."""
    limiter.init_app(app)
