"""The application on a city with services, OPDs and a few cases; browsers of those who work on them."""

import pytest

from hub.cases.keeping.versions import load_shipped
from hub.places.areas import load_areas
from tests.hub.cases.office import Office
from tests.hub.screens import Screens, clock, screens

__all__ = ["clock", "screens"]


@pytest.fixture
def office(screens: Screens) -> Office:
    """The office behind the screens; both have one clock and one database."""
    one = Office(screens.database, now=screens.clock())
    with one.writing() as db:
        load_areas(db)
        load_shipped(db, now=one.now)
    one.opds()
    return one
