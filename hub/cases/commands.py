"""``pontive-hub cases``: services loaded, and cases to look at in a simulated city."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import click

from hub.cases.examples import add_examples
from hub.cases.keeping.engine import CaseEngine
from hub.config import HubConfig
from hub.db import Database

ReadyDatabase = Callable[[Path], AbstractContextManager[tuple[HubConfig, Database]]]
MakeEngine = Callable[[HubConfig], CaseEngine]


def case_commands(ready: ReadyDatabase, *, now: Callable[[], datetime], engine_of: MakeEngine) -> click.Group:
    """Return the commands.

    Args:
        ready: Opens a database.
        now: The clock.
        engine_of: Puts together what cases are worked with.
    """

    @click.group()
    def cases() -> None:
        """Complaints, letters, permits and all other cases."""

    @cases.command("examples")
    @click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("hub.toml"),
        help="The hub's configuration file.",
    )
    def examples(config_path: Path) -> None:
        """File a few cases where there are none, all of them contoh, and show them to the first account."""
        with ready(config_path) as (config, database), database.writing() as db:
            click.echo(f"{add_examples(db, engine_of(config), now=now())} cases (contoh)")

    return cases
