"""Starts the screens over a hub that a drill restored in a corner, and asks them for its health.

Composition for ``pontive-hub drill``; serves nobody.
"""

from hub.app import create_app
from hub.config import HubConfig
from hub.db import Database
from hub.errors import HubError

# /healthz says 503 of a hub that took nothing in lately, as a restored one did not.
_ASKED = {"/healthz": (200, 503), "/masuk": (200,)}


def screens_answer(config: HubConfig) -> None:
    """Ask the screens of a hub for its health and for the page on which people sign in.

    Raises:
        HubError: they do not answer as they should.
    """
    database = Database(config.database)
    try:
        app = create_app(config, database=database)
        browser = app.test_client()
        for address, good in _ASKED.items():
            answer = browser.get(address, base_url=f"https://{config.web.trusted_hosts[0]}")
            if answer.status_code not in good:
                raise HubError(f"the restored hub answers {answer.status_code} for {address}")
    finally:
        database.close()
