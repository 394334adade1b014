"""A file for another program is whole, whoever else writes it at the same moment."""

import os
from pathlib import Path

import pytest

from hub.enrolment.issuing.files import replace_file


def test_two_who_replace_one_file_at_once_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sync = tmp_path / "pi-jawi.pem", os.fsync

    def sync_while_another_writes(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        assert replace_file(path, b"of ingest, and longer")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_while_another_writes)
    assert replace_file(path, b"of the web")
    assert path.read_bytes() == b"of the web"
    assert path.stat().st_mode & 0o777 == 0o644, "another user reads it"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_refuses_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "denied"
    path.write_bytes(b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
