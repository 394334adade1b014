"""A backup holds all that cannot be made again, is whole or not there, and tells every bit that changed."""

import io
import json
import os
import random
import sqlite3
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from hub.backup.contents import put_file
from hub.backup.database import copy_database
from hub.backup.making import SUFFIX, files_of, keep_newest, make_backup
from hub.backup.opening import open_backup
from hub.backup.sealing import PIECE_BYTES, OpenedFile, SealedError, Sealer, opened
from hub.cli import main
from hub.config import load_config
from hub.db import Database
from hub.errors import HubError
from hub.migrations.schema import upgrade
from tests import postgres

KEY, NOW = bytes(range(32)), datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    with Sealer(file, key) as sealer:
        sealer.write(content)
    return file.getvalue()


def unsealed(content: bytes, key: bytes = KEY) -> bytes:
    return b"".join(opened(io.BytesIO(content), key))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_any_length_comes_back(size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert unsealed(sealed(content)) == content


def test_every_change_cut_and_swap_is_refused() -> None:
    whole = sealed(bytes(2 * PIECE_BYTES + 10))
    piece, head = PIECE_BYTES + 16, 15
    changed = bytearray(whole)
    changed[head + 5] ^= 1
    swapped = whole[:head] + whole[head + piece : head + 2 * piece] + whole[head : head + piece]
    for other in (bytes(changed), whole[: head + 2 * piece], whole[:-1], whole + b"x", swapped, whole[:head]):
        with pytest.raises(SealedError):
            unsealed(other)
    with pytest.raises(SealedError, match="no backup"):
        unsealed(b"PK" + whole)
    with pytest.raises(SealedError, match="another key"):
        unsealed(whole, bytes(32))


def test_what_is_opened_reads_like_a_file() -> None:
    file = io.BufferedReader(OpenedFile(opened(io.BytesIO(sealed(b"abc" * 1000)), KEY)))
    assert file.read(4) == b"abca"
    assert len(file.read()) == 2996


def test_nothing_is_written_beside_the_folder_and_nothing_but_files(tmp_path: Path) -> None:
    path = tmp_path / "odd"
    with (
        path.open("wb") as file,
        Sealer(file, KEY) as sealer,
        tarfile.open(fileobj=sealer, mode="w|gz") as archive,
    ):
        for name, kind in (
            ("../beside", tarfile.REGTYPE),
            ("link", tarfile.SYMTYPE),
            ("good", tarfile.REGTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member, io.BytesIO())
    assert open_backup(path, tmp_path / "out", KEY) == 1
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["good"]
    assert not (tmp_path / "beside").exists()
    with path.open("wb") as file, Sealer(file, KEY) as sealer:
        sealer.write(b"no archive" * 100)
    with pytest.raises(SealedError, match="what is inside"):
        open_backup(path, tmp_path / "out2", KEY)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """Return the ``hub.toml`` of a small hub with a database, keys, a document and a still."""
    folder = tmp_path / "hub"
    (folder / "stills/pi-a").mkdir(parents=True)
    (folder / "attachments").mkdir()
    (folder / "stills/pi-a/utara.jpg").write_bytes(b"jpeg")
    (folder / "attachments/a1").write_bytes(b"document")
    (folder / "hub-signing.key").write_bytes(b"secret")
    elsewhere = tmp_path / "elsewhere.secret"
    elsewhere.write_text("outside")
    (folder / "hub.toml").write_text(f'secret_file = "{elsewhere}"\n')
    database = Database(load_config(folder / "hub.toml").database)
    upgrade(database)
    with database.writing() as db:
        db.execute(text("CREATE TABLE kept (word TEXT)"))
        db.execute(text("INSERT INTO kept VALUES ('here')"))
    database.close()
    return folder / "hub.toml"


def test_all_that_cannot_be_made_again_is_in_it_and_comes_out(hub: Path, tmp_path: Path) -> None:
    made = make_backup(load_config(hub), hub, tmp_path / "backups", KEY, now=NOW)
    assert made.path.name == f"pontive-20261122T023000Z{SUFFIX}"
    assert made.path.stat().st_mode & 0o777 == 0o600
    out = tmp_path / "out"
    open_backup(made.path, out, KEY)
    inside = out / "files" / hub.parent.relative_to("/")
    assert (inside / "attachments/a1").read_bytes() == b"document"
    assert (inside / "hub-signing.key").read_bytes() == b"secret"
    assert (out / "files" / (tmp_path / "elsewhere.secret").relative_to("/")).read_text() == "outside"
    assert (inside / "hub.toml").exists()
    assert not (inside / "stills").exists()
    assert not list(inside.glob("hub.db*"))
    with sqlite3.connect(out / "database.sqlite") as database:
        assert database.execute("SELECT word FROM kept").fetchone() == ("here",)
    assert json.loads((out / "manifest.json").read_text())["config"] == str(hub)
    assert list((tmp_path / "backups").iterdir()) == [made.path], "no draft is left"


def test_the_database_is_copied_while_somebody_writes(hub: Path, tmp_path: Path) -> None:
    database = Database(load_config(hub).database)
    with database.writing() as db:
        db.execute(text("INSERT INTO kept VALUES ('not yet')"))
        db.flush()
        copy = copy_database(load_config(hub).database, tmp_path)
    database.close()
    with sqlite3.connect(copy) as copied:
        assert copied.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_damaged_database_and_a_missing_one_make_no_backup(hub: Path, tmp_path: Path) -> None:
    config = load_config(hub)
    path = hub.parent / "hub.db"
    whole = path.read_bytes()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(HubError, match="cannot be copied"):
        make_backup(config, hub, tmp_path / "b", KEY, now=NOW)
    path.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    with pytest.raises(HubError):
        make_backup(config, hub, tmp_path / "b", KEY, now=NOW)
    path.unlink()
    with pytest.raises(HubError, match="is it the database"):
        make_backup(config, hub, tmp_path / "b", KEY, now=NOW)
    assert list((tmp_path / "b").iterdir()) == []


def test_a_folder_without_room_or_right_is_named(hub: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HubError, match="choose another"):
        make_backup(load_config(hub), hub, tmp_path / "file", KEY, now=NOW)


def test_a_file_that_may_not_be_read_is_named_and_the_rest_is_kept(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = put_file

    def refuse(archive: tarfile.TarFile, name: str, path: Path) -> str:
        if path.name == "a1":
            raise PermissionError(13, "Permission denied")
        if path.name == "hub-signing.key":
            raise FileNotFoundError(2, "No such file")
        return real(archive, name, path)

    monkeypatch.setattr("hub.backup.making.put_file", refuse)
    made = make_backup(load_config(hub), hub, tmp_path / "b", KEY, now=NOW)
    assert [Path(one).name for one in made.skipped] == ["a1"]


def test_a_folder_that_may_not_be_entered_is_told(hub: Path, caplog: pytest.LogCaptureFixture) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may enter every folder")
    (hub.parent / "attachments").chmod(0)
    files_of(load_config(hub), hub)
    (hub.parent / "attachments").chmod(0o700)
    assert "is not in the backup" in caplog.text


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 5):
        (tmp_path / f"pontive-2026110{day}T000000Z{SUFFIX}").touch()
    (tmp_path / "something-else").touch()
    assert keep_newest(tmp_path, 2) == 2
    assert len(list(tmp_path.iterdir())) == 3


def test_the_commands_make_open_and_refuse(hub: Path, tmp_path: Path) -> None:
    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["backup", *words])
        assert result.exit_code == code, result.output
        return result.output

    key, folder = tmp_path / "backup.key", tmp_path / "b"
    assert "MiB" in run("make", str(folder), "--key", str(key), "--config", str(hub))
    (made,) = folder.iterdir()
    out = str(tmp_path / "out")
    assert "take the copy from the safe" in run("open", str(made), out, "--key", str(tmp_path / "no"), code=1)
    assert "files" in run("open", str(made), out, "--key", str(key))
    assert "is not empty" in run("open", str(made), out, "--key", str(key), code=1)
    key.write_bytes(bytes(32))
    assert "another key" in run("open", str(made), out + "2", "--key", str(key), code=1)
    assert "no such" in run("make", str(folder), "--key", str(key), "--config", str(tmp_path / "x"), code=1)
    assert "No such file" in run("open", str(tmp_path / "gone"), out + "3", "--key", str(key), code=1)


@pytest.mark.postgres
def test_a_dump_of_postgresql_can_be_read_by_its_own_tools(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{postgres.BINS[-1]}:{os.environ['PATH']}")
    dump = copy_database(f"{postgres_server}/postgres", tmp_path)
    listed = subprocess.run(["pg_restore", "--list", str(dump)], capture_output=True, text=True, check=True)
    assert "dbname: postgres" in listed.stdout
    with pytest.raises(HubError, match="pg_dump"):
        copy_database(f"{postgres_server}/nowhere", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HubError, match="postgresql-client"):
        copy_database(f"{postgres_server}/postgres", tmp_path)
