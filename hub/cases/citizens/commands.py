"""``pontive-hub citizens``: the local population register from a file, and citizens for a demonstration."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.cases.attachments.store import folder_of
from hub.cases.citizens.examples import Stage, play
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.citizens.population import LocalPopulation
from hub.cases.keeping.engine import CaseEngine
from hub.cases.machine.answers import nik_fault
from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.errors import InputError
from hub.people import audit
from hub.web.files.table_file import Table, read_table

NEEDED = ("nik", "nama")
_MOST_MISTAKES = 20


def read_population(table: Table) -> list[tuple[str, str]]:
    """Return NIK and name of each row.

    Raises:
        InputError: a column is missing, or rows are wrong; names them without their NIK.
    """
    table.needs(NEEDED)
    people, mistakes = [], []
    for row in table.rows:
        nik, name = row.cells.get("nik", "").strip("'\u2019 "), row.cells.get("nama", "").strip()
        fault = row.complaint or nik_fault(nik) or ("" if name else "nama kosong")
        if fault:
            mistakes.append(f"baris {row.number}: {fault}")
        people.append((nik, name))
    if mistakes:
        more = f"\ndan {len(mistakes) - _MOST_MISTAKES} lagi" if len(mistakes) > _MOST_MISTAKES else ""
        raise InputError("\n".join(mistakes[:_MOST_MISTAKES]) + more)
    return people


def citizen_commands(
    ready: ReadyDatabase,
    *,
    operator: str,
    now: Callable[[], datetime],
    key_of: Callable[[HubConfig], Path],
    engine_of: Callable[[HubConfig], CaseEngine],
) -> click.Group:
    """Build the commands, given how to open the database, where the key of NIKs lies, and the engine."""

    @click.group()
    def citizens() -> None:
        """Citizens and the register that knows them."""

    @citizens.command("import")
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    @config_option
    def take_in(file: Path, config_path: Path, is_json: bool) -> None:
        """Take a table with the columns nik and nama into the local register; digests only are kept."""
        with ready(config_path) as (config, database):
            people = read_population(read_table(file.read_bytes(), file.name))
            box = load_or_make_box(key_of(config))
            with database.writing() as db:
                count = LocalPopulation(db, box).add(people, now())
                audit.append(
                    db, at=now(), actor=operator, action="population.import", target="population",
                    detail=str(count),
                )  # fmt: skip
        click.echo(json.dumps({"people": count}) if is_json else f"{count} people in the local register.")

    @citizens.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Let invented citizens ask for letters, if no citizen has yet; for demonstrations."""
        with ready(config_path) as (config, database):
            folder = folder_of(config.folder)
            stage = Stage(engine=engine_of(config), box=load_or_make_box(key_of(config)), folder=folder)
            with database.writing() as db:
                count = play(db, stage, now())
        click.echo(f"{count} examples of cases.")

    return citizens
