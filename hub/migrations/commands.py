"""``pontive-hub move-database``."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.command_line import config_option
from hub.config import load_config
from hub.errors import HubError
from hub.migrations.moving import move


def move_command(*, operator: str, now: Callable[[], datetime]) -> click.Command:
    """Return the command.

    Args:
        operator: Who is named in the audit chain.
        now: The clock.
    """

    @click.command("move-database")
    @config_option
    @click.option(
        "--to",
        "to_path",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        required=True,
        help="The hub.toml of afterwards: the same, but for its database.",
    )
    def move_database(config_path: Path, to_path: Path) -> None:
        """Bring all rows into the empty database that another hub.toml names; the hub must be stopped.

        SQLite to PostgreSQL, or back. All or nothing; the old database stays as it is.
        """
        try:
            old, new = load_config(config_path), load_config(to_path)
            if old.folder != new.folder:
                raise HubError(f"{to_path}: folder is {new.folder}, and the files stay in {old.folder}")
            moved = move(old.database, new.database, now=now(), actor=operator, say=click.echo)
        except HubError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{moved.rows:,} rows of {moved.tables} tables are there and compared.")
        click.echo(f"Now: mv {to_path} {config_path}")

    return move_database
