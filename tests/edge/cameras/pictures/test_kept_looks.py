"""What good pictures look like, on the disk: replaced whole, and never in the way."""

import logging
from pathlib import Path

import pytest

from edge.cameras.pictures.kept_looks import KeptLooks


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "gate.looks"
    KeptLooks(path).save(b"first")
    KeptLooks(path).save(b"second")
    assert KeptLooks(path).load() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_kept_without_a_file_or_without_content(tmp_path: Path) -> None:
    nowhere = KeptLooks(None)
    nowhere.save(b"x")
    assert nowhere.load() is None
    kept = KeptLooks(tmp_path / "gate.looks")
    for content in (b"", b"x", b""):
        kept.save(content)
    assert kept.load() is None


def test_a_disk_that_refuses_is_said_once_and_the_old_file_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    path = tmp_path / "gate.looks"
    kept = KeptLooks(path)
    kept.save(b"old")
    (tmp_path / "gate.looks.new").mkdir()
    kept.save(b"new")
    kept.save(b"newer")
    assert kept.load() == b"old"
    assert caplog.text.count("cannot be kept") == 1
    (tmp_path / "gate.looks.new").rmdir()
    kept.save(b"newest")
    assert kept.load() == b"newest"


def test_a_file_that_cannot_be_read_is_said_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert KeptLooks(tmp_path).load() is None
    assert "learnt again" in caplog.text


def test_an_endless_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "gate.looks"
    with path.open("wb") as file:
        file.truncate(10**9)
    content = KeptLooks(path).load()
    assert content is not None
    assert len(content) < 5_000_000
