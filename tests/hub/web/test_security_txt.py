"""Whom to tell of a weakness: named for as long as somebody looks after the hub."""

import re
from datetime import datetime, timedelta

from hub.app import create_app
from tests.hub.screens import FakeClock, Screens, make_config


def test_a_contact_is_named_and_not_expired(screens: Screens) -> None:
    answer = screens.stranger().get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == "http://localhost/lapor"
    assert lines["Canonical"].endswith("/.well-known/security.txt")
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=90) < expires - screens.clock() < timedelta(days=366)


def test_the_citys_own_contact_comes_first(screens: Screens, clock: FakeClock) -> None:
    config = make_config(screens.folder, security_contact="mailto:keamanan@contoh.id")
    app = create_app(config, now=clock, database=screens.database)
    text = app.test_client().get("/.well-known/security.txt").get_data(as_text=True)
    assert re.search(r"^Contact: mailto:keamanan@contoh\.id$", text, re.M)
