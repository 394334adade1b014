"""What the commands of all concerns share: where the configuration is, and how a database is opened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.config import HubConfig
from hub.db import Database

ReadyDatabase = Callable[[Path], AbstractContextManager[tuple[HubConfig, Database]]]
"""Opens the database that a configuration names; raises when it lacks today's tables."""

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("hub.toml"),
    show_default=True,
    help="The hub's configuration.",
)


class LaterGroup(click.Group):
    """A group with commands that are loaded when they are asked for, beside those it has at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what :class:`click.Group` takes; fill ``later``, by name, afterwards."""
        super().__init__(*args, **kwargs)
        self.later: dict[str, Callable[[], click.Command]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all, sorted."""
        return sorted({*super().list_commands(ctx), *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one, loaded; None for a name that is none of them."""
        load = self.later.get(cmd_name)
        return load() if load is not None else super().get_command(ctx, cmd_name)
