"""``pontive-hub backup``: make a backup, open one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.backup.making import keep_newest, make_backup
from hub.backup.opening import open_backup
from hub.command_line import config_option
from hub.config import load_config
from hub.errors import HubError
from hub.keyfile import load_or_make_key

_folder = click.Path(path_type=Path, file_okay=False)
_file = click.Path(path_type=Path, dir_okay=False)
_key_option = click.option(
    "--key", "key_path", type=_file, required=True, help="Of the backups; keep a copy."
)


def backup_commands(now: Callable[[], datetime]) -> click.Group:
    """Return the commands."""

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
        try:
            key = load_or_make_key(key_path, setting="--key")
            made = make_backup(load_config(config_path), config_path, folder, key, now=now())
            gone = keep_newest(folder, keep)
        except HubError as error:
            raise click.ClickException(str(error)) from error
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
        try:
            if not key_path.exists():
                raise HubError(f"{key_path}: no such key; take the copy from the safe")
            count = open_backup(file, folder, load_or_make_key(key_path, setting="--key"))
        except HubError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{folder}: {count} files; database.* and files/ go where hub.toml says")

    return backup
