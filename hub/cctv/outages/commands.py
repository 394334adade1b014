"""``pontive-hub outages``: what a person or a program may ask of outages at the command line."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hub.cctv.outages.examples import add_examples
from hub.cctv.outages.service import open_outages
from hub.command_line import config_option

Ready = Callable[[Path], AbstractContextManager[tuple[Any, Any]]]


def outage_commands(ready: Ready, *, now: Callable[[], datetime]) -> click.Group:
    """Return the commands, on a database that ``ready`` opens."""

    @click.group()
    def outages() -> None:
        """Outages of cameras and their causes."""

    @outages.command("list")
    @config_option
    @click.option("--json", "is_json", is_flag=True, help="Print one JSON list.")
    def list_open(config_path: Path, is_json: bool) -> None:
        """Say what is dark now and why, one line a root cause."""
        with ready(config_path) as (_config, database), database.reading() as db:
            found = [
                {
                    "number": one.outage.id,
                    "scope": one.outage.scope,
                    "key": one.outage.key,
                    "cause": one.outage.cause,
                    "confidence": one.outage.confidence,
                    "began_at": one.outage.began_at.isoformat(),
                    "cameras": len(one.cameras),
                }
                for one in open_outages(db)
            ]
        if is_json:
            click.echo(json.dumps(found))
            return
        for one in found:
            click.echo(
                f"{one['number']}  {one['scope']} {one['key']}: {one['cause']} ({one['confidence']:.0%}), "
                f"{one['cameras']} cameras since {one['began_at']}"
            )
        click.echo(f"{len(found)} open")

    @outages.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Write a past of outages to look at, all of them examples; only for a hub without any."""
        with ready(config_path) as (_config, database), database.writing() as db:
            count = add_examples(db, now())
        click.echo(
            f"{count} outages, all of them examples (contoh)"
            if count
            else "There are real ones; nothing was added."
        )

    return outages
