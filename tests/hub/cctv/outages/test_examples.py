"""A past to look at for a hub that just began, and the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from hub.cctv.outages.commands import outage_commands
from hub.cctv.outages.examples import add_examples
from hub.cctv.outages.models import FaultTicket, Outage
from hub.db import Database
from hub.people.permissions import Role
from tests.hub.screens import Screens


def test_every_cause_is_there_once_and_never_beside_real_ones(screens: Screens) -> None:
    with screens.database.writing() as db:
        assert add_examples(db, screens.clock()) == 0  # no cameras yet
    screens.city.load()
    with screens.database.writing() as db:
        assert add_examples(db, screens.clock()) == 5
    with screens.database.writing() as db:
        assert add_examples(db, screens.clock()) == 0
    with screens.database.reading() as db:
        assert {one.cause for one in db.scalars(select(Outage))} == {"camera", "power", "link", "unknown"}
        assert {one.state for one in db.scalars(select(FaultTicket))} == {"recovered"}
    page = screens.signed_in(Role.OPERATOR).get("/gangguan").text
    assert "Sudah pulih (5)" in page


def test_the_command_line_lists_what_is_open(broken: Screens) -> None:
    @contextmanager
    def ready(_path: Path) -> Iterator[tuple[None, Database]]:
        yield None, broken.database

    commands = outage_commands(ready, now=broken.clock)
    said = CliRunner().invoke(commands, ["list"])
    assert said.output.endswith("4 open\n"), said.output
    assert "point tugu: unknown" in said.output
    as_json = json.loads(CliRunner().invoke(commands, ["list", "--json"]).output)
    assert {one["scope"] for one in as_json} == {"point", "camera"}
    assert "real ones" in CliRunner().invoke(commands, ["examples"]).output
