"""A hub with a few applications on its register, for tests of open data."""

import pytest

from tests.hub.registers.conftest import DISHUB, add_application, add_opds
from tests.hub.screens import Screens, clock, screens

__all__ = ["clock", "screens"]  # fixtures that the tests here ask for

# name, owner, year: three rows whose order differs by each of them
APPLICATIONS = (("Gencil", 1, 2016), ("E-Lawar", 1, 2019), ("Parkir", DISHUB, 2021))


@pytest.fixture
def portal(screens: Screens) -> Screens:
    """The application with a register that has rows."""
    add_opds(screens.database)
    for name, owner, year in APPLICATIONS:
        add_application(screens.database, name, owner, tahun=year)
    return screens
