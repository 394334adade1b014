"""Puts retention together: as a chore of ingest, and as ``pontive-hub retention``."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.command_line import ReadyDatabase, config_option
from hub.db import Database
from hub.ingest.chores import Chore
from hub.notify.sender import Background
from hub.operating.retention.purging import Purger, Retention
from hub.operating.retention.schedule import schedule_of
from hub.telemetry.rollups.expiring import DayPurger, HourPurger
from hub.upkeep import RetentionSettings

PURGE_EVERY_S = 6 * 3600.0


def retention_of(settings: RetentionSettings, database: Database, now: Callable[[], datetime]) -> Retention:
    """Return what purges a hub.

    Raises:
        ConfigError: the settings name a table that is not purged.
    """
    special: dict[str, Purger] = {"telemetry_hourly": HourPurger(), "telemetry_day": DayPurger()}
    return Retention(database=database, schedule=schedule_of(settings), now=now, special=special)


def retention_chores(
    settings: RetentionSettings, database: Database, now: Callable[[], datetime]
) -> tuple[Chore, ...]:
    """Return the chore; it looks for rows in a thread of its own, as that may take seconds."""
    run = Background("retention", retention_of(settings, database, now).purge)
    return (Chore("taking away what is over its time", every_s=PURGE_EVERY_S, act=run, is_for_idle=True),)


def retention_command(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Command:
    """Return the command, on a database that ``ready`` opens."""

    @click.command("retention")
    @config_option
    @click.option("--dry-run", is_flag=True, help="Say what would go, and on what basis; delete nothing.")
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def retention(config_path: Path, dry_run: bool, is_json: bool) -> None:
        """Take away rows that were kept long enough, as the hub does by itself four times a day."""
        with ready(config_path) as (config, database):
            found = retention_of(config.retention, database, now)
            due = list(found.due())
            gone = {} if dry_run else found.purge()
        if is_json:
            lines = [
                {"table": one.table, "days": one.days, "rows": one.rows, "basis": one.basis} for one in due
            ]
            click.echo(json.dumps({"due": lines, "gone": gone}))
            return
        for one in due:
            click.echo(f"{one.rows:>9}  {one.table:<20} older than {one.days:>5} days  {one.basis}")
        click.echo(f"{sum(one.rows for one in due)} rows {'would go' if dry_run else 'were due'}")

    return retention
