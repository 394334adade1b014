"""``pontive-hub hadir token``: tokens for payroll programs, from the command line."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click

from hub.command_line import ReadyDatabase, config_option
from hub.people.programs.service import issue, list_tokens, revoke


def token_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the group ``token``."""

    @click.group()
    def token() -> None:
        """Tokens with which payroll reads the results of months."""

    @token.command("issue")
    @config_option
    @click.argument("name")
    @click.option("--opd", type=int, help="Number of the OPD; without it: the whole city.")
    @click.option("--days", type=click.IntRange(1, 366), default=180, show_default=True, help="Good for.")
    def issue_now(config_path: Path, name: str, opd: int | None, days: int) -> None:
        """Issue a token for a program; it is printed once."""
        with ready(config_path) as (_config, database), database.writing() as db:
            made = issue(db, name=name, opd=opd, life=timedelta(days=days), actor=operator, now=now())
            click.echo(made.secret)

    @token.command("list")
    @config_option
    def list_now(config_path: Path) -> None:
        """List tokens; the tokens themselves are kept nowhere."""
        with ready(config_path) as (_config, database), database.reading() as db:
            for row in list_tokens(db):
                scope = f"opd {row.scope_id}" if row.scope_id else "city"
                state = "revoked" if row.revoked_at else "over" if row.expires_at <= now() else "good"
                click.echo(f"{row.id} {row.name}: {scope}, {state}, until {row.expires_at:%Y-%m-%d}")

    @token.command("revoke")
    @config_option
    @click.argument("number", type=int)
    def revoke_now(config_path: Path, number: int) -> None:
        """End a token at once."""
        with ready(config_path) as (_config, database), database.writing() as db:
            revoke(db, token_id=number, actor=operator, now=now())
        click.echo(f"token {number} is revoked")

    return token
