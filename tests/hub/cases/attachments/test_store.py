"""The store of kept files: whole or not at all, once, and swept when nobody refers to a file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cases.attachments.kept import PDF
from hub.cases.attachments.store import UNCLAIMED_FOR, find, folder_of, put, sweep

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_the_same_content_is_kept_once_and_found_by_its_digest_alone(tmp_path: Path) -> None:
    folder = folder_of(str(tmp_path))
    digest = put(folder, b"sama", PDF)
    assert put(folder, b"sama", PDF) == digest
    assert [path.name for path in folder.rglob("*.pdf")] == [f"{digest}.pdf"]
    found = find(folder, digest, PDF)
    assert found is not None
    assert found.read_bytes() == b"sama"
    for wrong in ("../" * 8 + "etc/passwd", digest.upper(), "0" * 64):
        assert find(folder, wrong, PDF) is None
    assert find(folder, digest, "text/html") is None


def test_a_write_that_fails_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put(tmp_path, b"isi", PDF)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_only_old_files_that_nobody_refers_to_are_swept(tmp_path: Path) -> None:
    names = {word: put(tmp_path, word.encode(), PDF) for word in ("old", "referenced", "young")}
    before = (NOW - UNCLAIMED_FOR - timedelta(minutes=1)).timestamp()
    for path in tmp_path.rglob("*.pdf"):
        is_young = path.stem == names["young"]
        os.utime(path, (NOW.timestamp(), NOW.timestamp()) if is_young else (before, before))
    asked: list[str] = []

    def referenced(digests: object) -> set[str]:
        assert isinstance(digests, list)
        asked.extend(digests)
        return {names["referenced"]}

    assert sweep(tmp_path, referenced, NOW) == 1
    assert {path.stem for path in tmp_path.rglob("*.pdf")} == {names["referenced"], names["young"]}
    assert sorted(asked) == sorted([names["old"], names["referenced"]])


def test_a_file_that_is_handed_in_again_while_rows_are_asked_stays(tmp_path: Path) -> None:
    digest = put(tmp_path, b"lagi", PDF)
    before = (NOW - UNCLAIMED_FOR - timedelta(minutes=1)).timestamp()
    found = find(tmp_path, digest, PDF)
    assert found is not None
    os.utime(found, (before, before))

    def referenced(_digests: object) -> set[str]:
        put(tmp_path, b"lagi", PDF)
        return set()

    assert sweep(tmp_path, referenced, NOW) == 0
    assert find(tmp_path, digest, PDF) is not None
