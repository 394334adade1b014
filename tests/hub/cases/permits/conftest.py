"""The application on a city with services; see the desk's tests."""

from tests.hub.cases.desk.conftest import office
from tests.hub.screens import clock, screens

__all__ = ["clock", "office", "screens"]
