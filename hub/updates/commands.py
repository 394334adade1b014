"""``pontive-hub release``: releases, rings and rollouts from the command line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.command_line import ReadyDatabase, config_option
from hub.updates.releases import add_release, find_release, list_releases
from hub.updates.rings import put_in_ring, set_settle_minutes
from hub.updates.rollouts import (
    ALWAYS,
    DEFAULT_MOST_FAILED_PERCENT,
    NIGHT,
    Wish,
    change_rollout,
    newest_rollout,
    start_rollout,
)
from hub.updates.rules import RolloutState

_board = click.option("--board", required=True, help="Which devices, as their releases name it: rpi, virt.")


def release_commands(ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def release() -> None:
        """Software of the devices: releases, rings, rollouts."""

    @release.command("add")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
    @click.option(
        "--number", required=True, type=click.IntRange(1, 2**31 - 1), help="Higher than all before."
    )
    @click.option("--version", "name", required=True, help="What people call it.")
    @_board
    @click.option("--notes", default="", help="What is new.")
    def add(config_path: Path, file: Path, number: int, name: str, board: str, notes: str) -> None:
        """Keep a signed bundle as a release; no device gets it before a rollout is started."""
        with ready(config_path) as (config, database), database.writing() as db:
            row = add_release(
                db,
                file,
                folder=Path(config.updates.folder),
                board=board,
                number=number,
                name=name,
                notes=notes,
                actor=operator,
                now=now(),
            )
            click.echo(f"{board} {name}, number {number}: {row.size_bytes} bytes, sha256 {row.sha256}")

    @release.command("list")
    @config_option
    def listing(config_path: Path) -> None:
        """Print the releases, the newest first."""
        with ready(config_path) as (_config, database), database.reading() as db:
            for row in list_releases(db):
                rollout = newest_rollout(db, row.board)
                state = rollout.state if rollout is not None and rollout.release == row.id else ""
                click.echo(
                    f"{row.board:<12} {row.number:>6}  {row.name:<20} {row.added_at:%Y-%m-%d}  {state}"
                )

    @release.command("ring")
    @config_option
    @click.argument("ring")
    @click.option("--device", "devices", multiple=True, help="Of the inventory; repeatable.")
    @click.option("--site", "sites", multiple=True, help="With all its devices; repeatable.")
    @click.option("--settle-minutes", type=click.IntRange(0, 100_000), help="How long it has to be well.")
    def ring(
        config_path: Path,
        ring: str,
        devices: tuple[str, ...],
        sites: tuple[str, ...],
        settle_minutes: int | None,
    ) -> None:
        """Put devices and sites into RING (uji, awal, semua), or change how long it has to be well."""
        wanted = [("device", name) for name in devices] + [("site", name) for name in sites]
        with ready(config_path) as (_config, database), database.writing() as db:
            for kind, target in wanted:
                put_in_ring(db, kind=kind, target=target, ring=ring, actor=operator, now=now())
            if settle_minutes is not None:
                set_settle_minutes(db, ring, settle_minutes, actor=operator, now=now())
        click.echo(f"{ring}: {len(wanted)} put.")

    @release.command("start")
    @config_option
    @click.argument("number", type=int)
    @_board
    @click.option("--quiet", type=click.Choice(["night", "always"]), default="night", show_default=True)
    @click.option(
        "--most-failed", type=click.IntRange(0, 100), default=DEFAULT_MOST_FAILED_PERCENT, show_default=True
    )
    def start(config_path: Path, number: int, board: str, quiet: str, most_failed: int) -> None:
        """Begin to bring release NUMBER to the devices, ring by ring."""
        wish = Wish(quiet=ALWAYS if quiet == "always" else NIGHT, most_failed_percent=most_failed)
        with ready(config_path) as (_config, database), database.writing() as db:
            row = start_rollout(
                db, find_release(db, board=board, number=number), wish, actor=operator, now=now()
            )
            click.echo(f"Rollout {row.id} of release {number} has begun.")

    _add_changes(release, ready, operator=operator, now=now)
    return release


def _add_changes(
    release: click.Group, ready: ReadyDatabase, *, operator: str, now: Callable[[], datetime]
) -> None:
    def change(name: str, to: RolloutState, text: str) -> None:
        @release.command(name, help=text)
        @config_option
        @_board
        @click.option("--reason", default="", help="Why; it is kept.")
        def act(config_path: Path, board: str, reason: str) -> None:
            with ready(config_path) as (_config, database), database.writing() as db:
                row = newest_rollout(db, board)
                if row is None:
                    raise click.ClickException(f"board {board} never had a rollout")
                change_rollout(db, row, to, actor=operator, now=now(), reason=reason)
                click.echo(f"Rollout {row.id}: {row.state}.")

    change("pause", RolloutState.PAUSED, "Stop asking devices, and take back what did not restart yet.")
    change("resume", RolloutState.RUNNING, "Go on; failures until now count no more.")
    change("cancel", RolloutState.CANCELLED, "End a rollout for good.")
