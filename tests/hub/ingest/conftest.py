"""Ingest on a link in memory and each of the two databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.db import Database
from tests.hub.ingest.rig import Rig


@pytest.fixture
def make_rig(database: Database, tmp_path: Path) -> Callable[..., Rig]:
    return lambda **more: Rig(database, tmp_path / "hub", **more)


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()
