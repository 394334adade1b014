"""Screens with the services that ship; a disk that always has room."""

import pytest

from hub.cases.attachments import door
from hub.cases.keeping.versions import keep_version
from hub.places.areas import load_areas
from tests.hub.cases.shipped import SHIPPED
from tests.hub.screens import Screens, clock, screens  # noqa: F401 (fixtures)


@pytest.fixture
def desk(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> Screens:  # noqa: F811 (the fixture)
    """The application with all services and kelurahan."""
    monkeypatch.setattr(door, "free_bytes", lambda _folder: 2**62)
    with screens.database.writing() as db:
        load_areas(db)
        for each in SHIPPED:
            keep_version(db, each, author="system", now=screens.clock(), is_published=True)
    return screens
