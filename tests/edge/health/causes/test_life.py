"""The file a device leaves about itself."""

import logging
from pathlib import Path

import pytest

from edge.health.causes.life import LifeFile
from tests.edge.health.causes.test_absence import LEFT


def test_a_life_is_read_back_and_no_file_is_no_life(tmp_path: Path) -> None:
    file = LifeFile(tmp_path / "life.json")
    assert file.read() is None
    file.write(LEFT)
    assert file.read() == LEFT
    assert [path.name for path in tmp_path.iterdir()] == ["life.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot_id": 5}', "\0" * 90])
def test_a_damaged_file_counts_as_none_and_is_named(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life.json").write_text(text)
    assert LifeFile(tmp_path / "life.json").read() is None
    assert "life.json" in caplog.text


def test_a_disk_that_refuses_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = LifeFile(tmp_path / "gone" / "life.json")
    with caplog.at_level(logging.WARNING):
        file.write(LEFT)
        file.write(LEFT)
    assert caplog.text.count("cannot be written") == 1
