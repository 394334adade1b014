"""The portal on a city with something in every tile, filled once a run and copied for each test."""

import shutil
from pathlib import Path

import pytest

from hub.db import Database
from tests.hub.portal.town import fill_town
from tests.hub.prepared import place_empty_database
from tests.hub.screens import START, Screens, clock, screens

__all__ = ["clock", "screens"]  # fixtures that the tests here ask for


@pytest.fixture(scope="session")
def filled_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    place_empty_database(folder)
    database = Database(f"sqlite:///{folder}/hub.db")
    fill_town(database, folder, START)
    database.close()
    return folder


@pytest.fixture
def town(screens: Screens, filled_town: Path) -> Screens:
    screens.database.close()
    shutil.copytree(filled_town, screens.folder, dirs_exist_ok=True)
    screens.database.changes += 1
    return screens
