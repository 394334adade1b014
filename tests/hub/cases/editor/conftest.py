"""The application on a city with services, for the tests of pages; the others use the cheap office."""

import pytest

from hub.cases.editor.faults import named_opds as named_opds_of
from hub.cases.keeping.versions import load_shipped
from hub.people.models import Opd
from hub.places.areas import load_areas
from tests.hub.cases.office import Office
from tests.hub.cases.shipped import SHIPPED
from tests.hub.screens import Screens, clock, screens

__all__ = ["clock", "screens"]


@pytest.fixture
def desk(screens: Screens) -> Office:
    """The office behind the screens; both have one clock and one database."""
    one = Office(screens.database, now=screens.clock())
    with one.writing() as db:
        load_areas(db)
        load_shipped(db, now=one.now)
        for number, name in enumerate(named_opds(), start=1):
            db.add(Opd(number=number, name=name))
    return one


def named_opds() -> list[str]:
    """The OPDs that services name; the editor refuses one that the city does not have."""
    return sorted(set().union(*map(named_opds_of, SHIPPED)))
