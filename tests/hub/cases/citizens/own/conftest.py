"""The fixtures of asking, for accounts of citizens."""

from tests.hub.cases.asking.conftest import desk  # noqa: F401 (a fixture)
from tests.hub.screens import clock, screens  # noqa: F401 (fixtures)
