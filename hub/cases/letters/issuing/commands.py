"""``pontive-hub cases end-letter-key``: what a stolen key seals is believed no longer."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from hub.cases.letters.issuing.keys import end_key
from hub.command_line import ReadyDatabase, config_option
from hub.errors import InputError


def end_key_command(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Command:
    """Return the command.

    Args:
        ready: Opens a database.
        now: The clock.
    """

    @click.command("end-letter-key")
    @click.argument("number", type=click.IntRange(1, 255))
    @click.option("--since", type=click.DateTime(), help="UTC; left out: now.")
    @click.option("--reason", required=True, help="Kept in the audit chain.")
    @config_option
    def end(number: int, since: datetime | None, reason: str, config_path: Path) -> None:
        """Trust a letter key no longer; letters that the archive had before stay good.

        Doors and kiosks are told at once. Put a new signing_key in place before letters are signed again.
        """
        at = now()
        begin = at if since is None else since.replace(tzinfo=UTC)
        try:
            with ready(config_path) as (_config, database), database.writing() as db:
                key = end_key(db, number, since=begin, actor="command line", reason=reason, now=at)
        except InputError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"key {key.number} is trusted no longer for letters since {begin:%Y-%m-%d %H:%M} UTC")

    return end
