"""``pontive-hub boards``: addresses for screens, from the command line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.boards.models import BoardScreen
from hub.boards.screens.service import give_out, listed, revoke
from hub.command_line import ReadyDatabase, config_option


def board_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands.

    Args:
        ready: Opens the database that a configuration names; tells refusals in one line.
        operator: Who acts, for the audit.
        now: The clock.
    """

    @click.group("boards")
    def boards() -> None:
        """Boards on screens that nobody signs in at: walls, LEDs of markets, kiosks."""

    @boards.command("screen")
    @config_option
    @click.argument("board")
    @click.option("--name", required=True, help="Where it hangs, as 'LED Pasar Flamboyan'.")
    @click.option("--scope", default="", help="Part of the city, as pasar:flamboyan; left out: the whole.")
    @click.option("--network", default="", help="Only from this range, as 10.20.3.0/24.")
    def screen(config_path: Path, board: str, name: str, scope: str, network: str) -> None:
        """Give a screen an address that shows BOARD, and print its path, this once."""
        with ready(config_path) as (_config, database), database.writing() as db:
            asked = {"name": name, "board": board, "scope": scope, "network": network}
            click.echo(f"/layar/{give_out(db, **asked, actor=operator, now=now()).secret}")

    @boards.command("screens")
    @config_option
    @click.option("--json", "is_json", is_flag=True, help="One JSON list.")
    def screens(config_path: Path, is_json: bool) -> None:
        """List the screens; their addresses are not kept."""
        with ready(config_path) as (_config, database), database.reading() as db:
            rows = [_said_of(row) for row in listed(db)]
        if is_json:
            click.echo(json.dumps(rows))
            return
        for row in rows:
            state = "revoked" if row["is_revoked"] else f"last asked {row['seen_at'] or 'never'}"
            click.echo(f"{row['id']:>4}  {row['name']}: {row['board']} {row['scope']}, {state}")

    @boards.command("revoke")
    @config_option
    @click.argument("screen_id", type=int)
    def end(config_path: Path, screen_id: int) -> None:
        """Make the address of a screen lead nowhere, at once."""
        with ready(config_path) as (_config, database), database.writing() as db:
            revoke(db, screen=screen_id, actor=operator, now=now())
        click.echo(f"screen {screen_id} is revoked")

    return boards


def _said_of(row: BoardScreen) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "board": row.board,
        "scope": row.scope,
        "is_revoked": row.revoked_at is not None,
        "seen_at": None if row.seen_at is None else row.seen_at.isoformat(timespec="seconds"),
    }
