"""``pontive-hub registers``: files put in from the command line, and rows to look at in a simulated city."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.command_line import ReadyDatabase, config_option
from hub.registers.keeping.reach import EVERYTHING
from hub.registers.keeping.service import Actor
from hub.registers.sample import add_examples, load_file

_OPERATOR = "pontive-hub"


def register_commands(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def registers() -> None:
        """Rows of all kinds: applications, websites, policies, budget lines and more."""

    @registers.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Fill the registers where there is nothing, all of it contoh."""
        with ready(config_path) as (config, database), database.writing() as db:
            written = add_examples(db, now=now(), zone=ZoneInfo(config.timezone))
        click.echo(f"{written} rows (contoh)")

    @registers.command("load")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
    def load(config_path: Path, file: Path) -> None:
        """Put in a CSV or XLSX called as its kind (aplikasi.csv); whole, or not at all."""
        with ready(config_path) as (config, database), database.writing() as db:
            today = now().astimezone(ZoneInfo(config.timezone)).date()
            actor = Actor(name=_OPERATOR, now=now(), today=today, reach=EVERYTHING)
            changed = load_file(db, file, actor)
        click.echo(f"{changed} rows")

    return registers
