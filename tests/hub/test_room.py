"""/healthz says 503 as soon as one of the disks that the hub writes to is full: here they really are."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from hub.config import HubConfig
from hub.room import folders_written, is_full
from tests.hub.screens import Screens, city, clock, make_config, screens

__all__ = ["city", "clock", "screens"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small file system here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def with_least(config: HubConfig, mib: int) -> HubConfig:
    operating = msgspec.structs.replace(config.operating, disk_least_mib=mib)
    return msgspec.structs.replace(config, operating=operating)


def test_a_file_system_that_fills_is_full_and_one_that_is_gone_too(small_disk: Path, tmp_path: Path) -> None:
    config = with_least(make_config(tmp_path), 1)
    for name in ("folder", "database"):
        there = str(small_disk) if name == "folder" else f"sqlite:///{small_disk}/hub.db"
        hub = msgspec.structs.replace(config, **{name: there})
        assert not is_full(hub)
        (small_disk / "film").write_bytes(bytes(3 * 2**20 + 2**19))
        assert is_full(hub)
        (small_disk / "film").unlink()
    assert is_full(msgspec.structs.replace(config, folder=str(tmp_path / "gone")))
    on_server = msgspec.structs.replace(config, database="postgresql://db/hub")
    assert folders_written(on_server) == (Path(config.folder),)


def test_a_hub_without_room_is_not_well_however_young_its_last_commit(screens: Screens) -> None:
    screens.city.beat(screens.clock())
    stranger = screens.stranger()
    assert stranger.get("/healthz").status_code == 200
    here = screens.app.extensions["pontive"]
    # No disk of a test has a tebibyte left.
    screens.app.extensions["pontive"] = replace(here, config=with_least(here.config, 2**20))
    answer = stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"status": "disk full", "last_commit_age_s": 0.0}
