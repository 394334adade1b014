"""``pontive-hub cases``: services loaded, and cases to look at in a simulated city."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.cases.examples import add_examples
from hub.cases.keeping.engine import CaseEngine
from hub.cases.letters.issuing.commands import end_key_command
from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig

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
    @config_option
    def examples(config_path: Path) -> None:
        """File a few cases where there are none, all of them contoh, and show them to the first account."""
        with ready(config_path) as (config, database), database.writing() as db:
            click.echo(f"{add_examples(db, engine_of(config), now=now())} cases (contoh)")

    cases.add_command(end_key_command(ready, now=now))
    return cases
