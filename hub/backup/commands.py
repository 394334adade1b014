"""``pontive-hub backup``, and ``verify``, ``restore``, ``drill``: make backups, prove and use them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from hub.backup.making import keep_newest, make_backup, newest_backup
from hub.backup.noting import RunKind, Took, note
from hub.backup.opening import open_backup
from hub.backup.restoring import Proved, drill, proved_backup, restore
from hub.command_line import config_option
from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError
from hub.keyfile import load_or_make_key

_folder = click.Path(path_type=Path, file_okay=False)
_file = click.Path(path_type=Path, dir_okay=False)
_key_option = click.option(
    "--key", "key_path", type=_file, required=True, help="Of the backups; keep a copy."
)
_json_option = click.option("--json", "is_json", is_flag=True, help="Answer for a program.")


def backup_commands(
    now: Callable[[], datetime], *, operator: str, health: Callable[[HubConfig], None]
) -> tuple[click.Command, ...]:
    """Return the commands: the group, and those of it that are wanted in a hurry, once more by themselves.

    Args:
        now: The clock.
        operator: Who is named in the audit chain.
        health: Starts the screens over a configuration; raises :class:`HubError` when they are not well.
    """

    @click.group()
    def backup() -> None:
        """Backups: one encrypted file of everything that cannot be made again."""

    @backup.command("make")
    @config_option
    @click.argument("folder", type=_folder)
    @_key_option
    @click.option("--keep", type=click.IntRange(1, 1000), default=14, show_default=True, help="The newest.")
    def make(config_path: Path, folder: Path, key_path: Path, keep: int) -> None:
        """Write a backup into FOLDER; the hub may run. Copy it to another machine, and the key to a safe."""
        with _refusals():
            begin_s = time.monotonic()
            key = load_or_make_key(key_path, setting="--key")
            config = load_config(config_path)
            made = make_backup(config, config_path, folder, key, now=now())
            took = Took(made.files, time.monotonic() - begin_s)
            _note(config, RunKind.MADE, made.path, took, operator, now())
            gone = keep_newest(folder, keep)
        for path in made.skipped:
            click.echo(f"not in it, as it may not be read: {path}", err=True)
        size_mib = made.path.stat().st_size / 1024**2
        click.echo(f"{made.path}: {made.files} files, {size_mib:.1f} MiB; {gone} older ones removed")

    @backup.command("open")
    @click.argument("file", type=_file)
    @click.argument("folder", type=_folder)
    @_key_option
    def open_(file: Path, folder: Path, key_path: Path) -> None:
        """Unpack the backup FILE into FOLDER, which must be empty."""
        with _refusals():
            count = open_backup(file, folder, _key(key_path))
        click.echo(f"{folder}: {count} files; database.* and files/ go where hub.toml says")

    using = _using_commands(now, operator=operator, health=health)
    for command in using:
        backup.add_command(command)
    return backup, *using


def _using_commands(
    now: Callable[[], datetime], *, operator: str, health: Callable[[HubConfig], None]
) -> tuple[click.Command, ...]:
    @click.command("verify")
    @click.argument("file", type=_file)
    @_key_option
    @_json_option
    def verify(file: Path, key_path: Path, is_json: bool) -> None:
        """Prove the backup FILE: open it, check every sum, count its rows, follow its audit chain."""
        with _refusals(), proved_backup(file, _key(key_path), file.resolve().parent) as proved:
            _say(proved, file, is_json)

    @click.command("drill")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path))
    @_key_option
    @_json_option
    def drill_(config_path: Path, file: Path, key_path: Path, is_json: bool) -> None:
        """Restore the backup FILE in a corner, start the screens over it, throw it away. The hub may run.

        FILE may be a folder of backups: the newest is tried. A drill that fails is noted too.
        """
        with _refusals():
            config, begin_s = load_config(config_path), time.monotonic()
            try:
                file = newest_backup(file)
                proved = drill(file, _key(key_path), load_config, health, database=config.database)
            except HubError as error:
                took = Took(0, time.monotonic() - begin_s)
                _note(config, RunKind.FAILED, file, took, operator, now(), why=str(error))
                raise
            _note(config, RunKind.DRILLED, file, proved.took, operator, now())
        _say(proved, file, is_json)

    @click.command("restore")
    @config_option
    @click.argument("file", type=_file)
    @_key_option
    @click.confirmation_option(
        prompt="The database of this hub is replaced; the old one stays beside it. Go on?"
    )
    def restore_(config_path: Path, file: Path, key_path: Path) -> None:
        """Put the backup FILE in the place of this hub, which must be stopped; all of it or nothing."""
        with _refusals():
            config = load_config(config_path)
            done = restore(file, _key(key_path), config, config_path, now=now())
            _note(config, RunKind.RESTORED, file, done.proved.took, operator, now())
        for path in done.differing:
            click.echo(f"left as it is, the backup has another: {path}", err=True)
        if done.before is not None:
            click.echo(f"the old database: {done.before}")
        rows = sum(done.proved.contents.rows.values())
        click.echo(
            f"restored of {done.proved.manifest.at:%Y-%m-%d %H:%M} UTC: {rows} rows, {done.files} files"
        )

    return verify, drill_, restore_


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except HubError as error:
        raise click.ClickException(str(error)) from error


def _key(path: Path) -> bytes:
    if not path.exists():
        raise HubError(f"{path}: no such key; take the copy from the safe")
    return load_or_make_key(path, setting="--key")


def _note(
    config: HubConfig, kind: RunKind, file: Path, took: Took, operator: str, now: datetime, *, why: str = ""
) -> None:
    """Write down in the hub what was done; a backup of a hub that cannot be written to is one as well."""
    database = Database(config.database)
    try:
        with database.writing() as db:
            note(db, kind, file, took, actor=operator, now=now, why=why)
    except SQLAlchemyError as error:
        click.echo(f"could not be noted in the hub: {error}", err=True)
    finally:
        database.close()


def _say(proved: Proved, file: Path, is_json: bool) -> None:
    rows = proved.contents.rows
    if is_json:
        facts = {
            "file": str(file),
            "at": proved.manifest.at.isoformat(),
            "files": proved.took.files,
            "rows": rows,
        }
        click.echo(json.dumps(facts | {"seconds": round(proved.took.seconds, 1)}))
        return
    click.echo(
        f"{file}: of {proved.manifest.at:%Y-%m-%d %H:%M} UTC, {proved.took.files} files, "
        f"{sum(rows.values())} rows in {len(rows)} tables; sums, rows and audit chain are right"
    )
