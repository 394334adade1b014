"""Restores a backup into the hub that ``hub.toml`` describes, verifies one, and tries one out.

Everything is unpacked and proved beside the hub first. Files are only ever added; the database
changes places at the very end, at one moment. Must not touch the backup itself.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import make_url

from hub.backup.contents import DRAFT, Contents, Manifest, checked_contents, read_manifest
from hub.backup.counting import count_copy
from hub.backup.noting import Took
from hub.backup.opening import open_backup
from hub.backup.placing import load_postgresql, make_current, place_sqlite, refuse_others
from hub.backup.scratch import scratch_database
from hub.config import HubConfig
from hub.errors import HubError

COPIES = ("database.sqlite", "database.dump")
_FILES = "files"


@dataclass(frozen=True, slots=True)
class Proved:
    """A backup that was unpacked, and found to be what it says."""

    folder: Path
    copy: Path
    manifest: Manifest
    contents: Contents
    took: Took


@dataclass(slots=True)
class Restored:
    """What a restoration did; ``differing`` are files that were there already, with other content."""

    proved: Proved
    files: int = 0
    differing: list[str] = field(default_factory=list)
    before: Path | None = None


@contextmanager
def proved_backup(path: Path, key: bytes, beside: Path) -> Iterator[Proved]:
    """Unpack a backup into a folder of its own and prove it; the folder is gone afterwards.

    Args:
        path: The backup.
        key: Of the backups.
        beside: Below it is unpacked, readable by us alone.

    Raises:
        HubError: it cannot be opened, is damaged, or its audit chain does not hold.
    """
    begin_s = time.monotonic()
    for left in beside.glob(f"{DRAFT}*"):
        shutil.rmtree(left)  # of one that was killed
    with tempfile.TemporaryDirectory(dir=beside, prefix=DRAFT) as draft:
        folder = Path(draft) / "opened"
        open_backup(path, folder, key)
        contents, copy = checked_contents(folder), _copy_in(folder)
        counted = count_copy(copy)
        if counted.rows != contents.rows:
            raise HubError(f"{path.name}: its tables do not have the rows that were counted when it was made")
        if counted.broken_audit is not None:
            raise HubError(f"{path.name}: the audit chain is broken at entry {counted.broken_audit}")
        took = Took(len(contents.sums), time.monotonic() - begin_s)
        yield Proved(folder, copy, read_manifest(folder), contents, took)


def restore(path: Path, key: bytes, config: HubConfig, config_path: Path, *, now: datetime) -> Restored:
    """Put a backup in the place of the hub that ``config`` describes, which must stand still.

    Args:
        path: The backup.
        key: Of the backups.
        config: Of the hub here, with absolute paths.
        config_path: Its ``hub.toml``.
        now: Names the old database, which is kept.

    Raises:
        HubError: it cannot be restored, with the reason; then the hub is as it was.
    """
    url = make_url(config.database)
    is_sqlite = url.get_backend_name() == "sqlite"
    beside = Path(str(url.database)).parent if is_sqlite else Path(config.folder)
    try:
        beside.mkdir(parents=True, exist_ok=True)
        if not is_sqlite:
            refuse_others(config.database)
        with proved_backup(path, key, beside) as proved:
            if (proved.copy.name == COPIES[0]) != is_sqlite:
                raise HubError(f"{path.name} is of another kind of database than {url.get_backend_name()}")
            restored = Restored(proved)
            _add_files(restored, config, config_path)
            if is_sqlite:
                make_current(proved.copy)
                restored.before = place_sqlite(proved.copy, Path(str(url.database)), now=now)
            else:
                load_postgresql(proved.copy, config.database)
    except OSError as error:
        raise HubError(f"{error.filename or beside}: {error.strerror or error}") from error
    return restored


def drill(
    path: Path,
    key: bytes,
    load: Callable[[Path], HubConfig],
    health: Callable[[HubConfig], None],
    *,
    database: str,
) -> Proved:
    """Restore a backup into a folder of its own and ask the hub that comes of it for its health.

    Args:
        path: The backup.
        key: Of the backups.
        load: Reads a ``hub.toml``.
        health: Starts the screens over a configuration; raises :class:`HubError` when they are not well.
        database: URL of the hub's database; a backup of PostgreSQL gets one of its own on that server.

    Raises:
        HubError: with what does not work; the running hub is untouched anyway.
    """
    with (
        tempfile.TemporaryDirectory(prefix=DRAFT) as place,
        proved_backup(path, key, Path(place)) as proved,
    ):
        hub = Path(place) / "hub"
        moved = _moved(proved.manifest, config_dir=hub, folder=hub / "folder")
        for source, target in _targets(proved, moved, hub / "hub.toml"):
            if hub in target.parents:
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(source, target)
        config = _elsewhere(load(hub / "hub.toml"), moved)
        with _loaded(proved, config, hub, database) as tried:
            health(tried)
        return proved


@contextmanager
def _loaded(proved: Proved, config: HubConfig, hub: Path, database: str) -> Iterator[HubConfig]:
    """Give a configuration whose database is the one of the backup, somewhere of its own."""
    if proved.copy.name != COPIES[0]:
        with scratch_database(database) as url:
            load_postgresql(proved.copy, url)
            yield msgspec.structs.replace(config, database=url)
        return
    make_current(proved.copy)
    path = Path(str(make_url(config.database).database))
    if hub not in path.parents:
        raise HubError(f"hub.toml of the backup names a database elsewhere: {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    proved.copy.replace(path)
    yield config


def _copy_in(folder: Path) -> Path:
    found = [folder / name for name in COPIES if (folder / name).is_file()]
    if not found:
        raise HubError("there is no database in this backup")
    return found[0]


def _moved(manifest: Manifest, *, config_dir: Path, folder: Path) -> dict[Path, Path]:
    """Return where the two folders of the hub that was backed up are here; the deeper one first."""
    was, was_folder = Path(manifest.config).parent, Path(manifest.folder)
    if was in (was_folder, *was_folder.parents):
        folder = config_dir / was_folder.relative_to(was)
    moved = {was_folder: folder, was: config_dir}
    return dict(sorted(moved.items(), key=lambda one: -len(one[0].parts)))


def _here(path: Path, moved: dict[Path, Path]) -> Path:
    below = next((old for old in moved if old == path or old in path.parents), None)
    return path if below is None else moved[below] / path.relative_to(below)


def _targets(proved: Proved, moved: dict[Path, Path], config_path: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each unpacked file and where it belongs in the hub here."""
    for name in sorted(proved.contents.sums):
        if name.startswith(f"{_FILES}/"):
            was = Path(name.removeprefix(_FILES))
            is_config = was == Path(proved.manifest.config)
            yield proved.folder / name, config_path if is_config else _here(was, moved)


def _elsewhere(config: HubConfig, moved: dict[Path, Path]) -> HubConfig:
    """Return a configuration whose files are where they were moved to."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: changed(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [changed(one) for one in value]
        if not isinstance(value, str):
            return value
        scheme, _, path = value.rpartition("sqlite:///")
        if scheme or not path.startswith("/"):
            return value
        return value.removesuffix(path) + str(_here(Path(path), moved))

    return msgspec.convert(changed(msgspec.to_builtins(config)), HubConfig)


def _add_files(restored: Restored, config: HubConfig, config_path: Path) -> None:
    moved = _moved(
        restored.proved.manifest, config_dir=config_path.resolve().parent, folder=Path(config.folder)
    )
    for source, target in _targets(restored.proved, moved, config_path):
        if target.exists():
            # Documents are named by their content. Keys and settings of the hub here stay its own.
            if target.read_bytes() != source.read_bytes():
                restored.differing.append(str(target))
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            source.open("rb") as content,
            tempfile.NamedTemporaryFile(dir=target.parent, prefix=DRAFT, delete=False) as draft,
        ):
            shutil.copyfileobj(content, draft)
            draft.flush()
            os.fsync(draft.fileno())
        os.chmod(draft.name, source.stat().st_mode & 0o777)
        os.replace(draft.name, target)
        restored.files += 1
