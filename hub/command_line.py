"""What the commands of all concerns share: where the configuration is, and how a database is opened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

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
