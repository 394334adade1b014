"""Makes one file of a hub: its database, its settings, its keys, its documents.

Left out is what devices send again or nobody misses: stills, clips, and the database's own files.
Must not write anywhere but into the folder of backups.
"""

import logging
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import make_url

from hub.backup.contents import CONTENTS, DRAFT, MANIFEST, Contents, Manifest, put_bytes, put_file
from hub.backup.counting import count_copy
from hub.backup.database import copy_database
from hub.backup.sealing import OpenedFile, Sealer, opened
from hub.config import HubConfig
from hub.errors import HubError

logger = logging.getLogger(__name__)

SUFFIX = ".pontive-backup"
# Below the hub's folder: pictures of the moment, and clips, which devices and cameras keep.
# Pictures that prove something (findings, events, cases) have folders of their own and are in it.
LEFT_OUT = ("stills", "clips", "cache")
_PART = ".part-"


@dataclass(slots=True)
class Made:
    """A backup that was made; ``skipped`` could not be read."""

    path: Path
    files: int = 0
    skipped: list[str] = field(default_factory=list)


def make_backup(config: HubConfig, config_path: Path, folder: Path, key: bytes, *, now: datetime) -> Made:
    """Write a backup into a folder, whole or not at all.

    Args:
        config: With absolute paths.
        config_path: ``hub.toml`` itself.
        folder: Of the backups.
        key: 32 bytes.
        now: Aware; names the file.

    Raises:
        HubError: it cannot be made; older backups are untouched.
    """
    path = folder / f"pontive-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    made = Made(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_PART}*"):
            # Of a backup that was killed; one runs at a time, as the timer's unit sees to.
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=folder, prefix=_PART) as draft:
            part = Path(draft) / path.name
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                with Sealer(file, key) as sealer, tarfile.open(fileobj=sealer, mode="w|gz") as archive:
                    _fill(archive, config, config_path, Path(draft), made, now)
                file.flush()
                os.fsync(file.fileno())
            _try_to_read(part, key)
            part.rename(path)
    except OSError as error:
        raise HubError(f"{folder}: {error.strerror or error}; free some room, or choose another") from error
    return made


def keep_newest(folder: Path, count: int) -> int:
    """Remove all backups but the newest; return how many went."""
    old = sorted(folder.glob(f"pontive-*{SUFFIX}"))[:-count]
    for path in old:
        path.unlink()
    return len(old)


def newest_backup(path: Path) -> Path:
    """Return the newest backup of a folder; a file is itself.

    Raises:
        HubError: there is none.
    """
    if not path.is_dir():
        return path
    found = sorted(path.glob(f"pontive-*{SUFFIX}"))
    if not found:
        raise HubError(f"{path}: there is no backup in it; make one: pontive-hub backup make")
    return found[-1]


def _fill(
    archive: tarfile.TarFile, config: HubConfig, config_path: Path, draft: Path, made: Made, now: datetime
) -> None:
    database = copy_database(config.database, draft)
    manifest = Manifest(at=now, config=str(config_path.resolve()), folder=config.folder)
    put_bytes(archive, MANIFEST, msgspec.json.encode(manifest))
    sums = {database.name: put_file(archive, database.name, database)}
    for path in files_of(config, config_path):
        try:
            sums[f"files{path}"] = put_file(archive, f"files{path}", path)
            made.files += 1
        except PermissionError:
            # The root key, where it still lies: it belongs into a safe and not into a backup.
            made.skipped.append(str(path))
        except FileNotFoundError:
            # Thrown away by its own rule since it was listed.
            logger.info("%s is gone meanwhile", path)
    rows = count_copy(database).rows
    put_bytes(archive, CONTENTS, msgspec.json.encode(Contents(sums=sums, rows=rows)))


def files_of(config: HubConfig, config_path: Path) -> list[Path]:
    """Return every file that belongs to a hub, besides its database."""
    named = {Path(text) for text in _paths(msgspec.to_builtins(config))}
    database = make_url(config.database).database or ""
    own = (
        {Path(database + suffix) for suffix in ("", "-wal", "-shm", "-journal")} if "/" in database else set()
    )
    left_out = [Path(config.folder) / name for name in LEFT_OUT]
    found = {config_path.resolve()}
    for path in named:
        found |= {one for one in _files_below(path) if one not in own and not _is_below(one, left_out)}
    found = {one for one in found if not any(part.startswith(DRAFT) for part in one.parts)}
    return sorted(found)


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _paths(one)
    elif isinstance(value, str) and value.startswith("/") and Path(value).exists():
        yield value


def _files_below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, _folders, names in os.walk(path, onerror=_tell):
        yield from (one for name in names if (one := Path(folder) / name).is_file() and not one.is_symlink())


def _tell(error: OSError) -> None:
    logger.warning("%s is not in the backup: %s", error.filename, error.strerror)


def _is_below(path: Path, folders: list[Path]) -> bool:
    return any(folder in path.parents for folder in folders)


def _try_to_read(path: Path, key: bytes) -> None:
    """Read the whole file as a restoration would: a backup that cannot be opened is none."""
    with path.open("rb") as file, tarfile.open(fileobj=OpenedFile(opened(file, key)), mode="r|gz") as archive:
        for _member in archive:
            pass
