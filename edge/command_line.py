"""What the commands of a device share: where its settings are, and what an error becomes."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from edge.errors import ConfigError, EdgeError

EXIT_FAILED = 1
EXIT_CONFIG = 2
EXIT_CANNOT_START = 3

_DEFAULT_CONFIG = "/etc/pontive/edge.toml"

config_option = click.option(
    "--config",
    "config_path",
    default=_DEFAULT_CONFIG,
    show_default=True,
    envvar="PONTIVE_EDGE_CONFIG",
    type=click.Path(path_type=Path),
    help="The device's settings.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn the errors a person can cure into one line and an exit code."""
    try:
        yield
    except ConfigError as error:
        click.echo(f"pontive-edge: {error}", err=True)
        sys.exit(EXIT_CONFIG)
    except EdgeError as error:
        click.echo(f"pontive-edge: {error}", err=True)
        sys.exit(EXIT_CANNOT_START)


def to_json(value: Any) -> str:
    """Return a value as a program reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False)
