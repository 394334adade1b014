"""``pontive-hub complaints``: files of SP4N-LAPOR! and published figures, in and out."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.cases.attachments.store import folder_of
from hub.cases.complaints.examples import play
from hub.cases.complaints.publishing.board import category_labels, complaint_service
from hub.cases.complaints.publishing.shown import Wanted
from hub.cases.complaints.sp4n.bringing import bring_in
from hub.cases.complaints.sp4n.files import read_rows
from hub.cases.complaints.sp4n.giving import HEADER, rows_for_sp4n
from hub.cases.complaints.statistics.figures import conflicts_in
from hub.cases.complaints.statistics.importing import SHIPPED, import_figures
from hub.cases.keeping.engine import CaseEngine
from hub.command_line import ReadyDatabase, config_option
from hub.config import HubConfig
from hub.web.files.table_file import read_table
from hub.web.files.tables import csv_text

_OPERATOR = "pontive-hub"


def complaint_commands(
    ready: ReadyDatabase, engine_of: Callable[[HubConfig], CaseEngine], *, now: Callable[[], datetime]
) -> click.Group:
    """Return the commands.

    Args:
        ready: Opens the database that a configuration names; tells refusals in one line.
        engine_of: Makes what cases are worked with, from the configuration.
        now: The clock.
    """

    @click.group("complaints")
    def complaints() -> None:
        """Files of SP4N-LAPOR! and published figures."""

    @complaints.command("import-figures")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=SHIPPED)
    def figures(config_path: Path, file: Path) -> None:
        """Keep published figures (CSV or XLSX); without FILE those of the city that ship."""
        with ready(config_path) as (_config_read, database), database.writing() as db:
            kept = import_figures(db, file.read_bytes(), file.name, actor=_OPERATOR, now=now())
        click.echo(f"{len(kept)} figures kept")
        for one in conflicts_in(kept):
            click.echo(f"does not add up: {one.subject} {one.period}: {one.stated} and {one.found}")

    @complaints.command("import-sp4n")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    def sp4n(config_path: Path, file: Path) -> None:
        """Bring complaints of a file (CSV or XLSX) in; those that are known are left alone."""
        with ready(config_path) as (config, database), database.writing() as db:
            labels = category_labels(complaint_service(db))
            rows = read_rows(read_table(file.read_bytes(), file.name, is_literal=True), labels)
            zone = ZoneInfo(config.timezone)
            done = bring_in(db, engine_of(config), rows, actor=_OPERATOR, zone=zone, now=now())
        click.echo(f"{done.new} new, {done.known} known")

    @complaints.command("export-sp4n")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    def export(config_path: Path, file: Path) -> None:
        """Write all public complaints to a CSV file."""
        with ready(config_path) as (config, database), database.reading() as db:
            rows = list(rows_for_sp4n(db, Wanted(), ZoneInfo(config.timezone)))
        file.write_text(csv_text(HEADER, rows), encoding="utf-8", newline="")
        click.echo(f"{len(rows)} complaints written to {file}")

    @complaints.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Fill the hub with invented complaints and the figures that ship; for a look around."""
        with ready(config_path) as (config, database), database.writing() as db:
            count = play(db, engine_of(config), folder_of(config.folder), now())
        click.echo(f"{count} examples of complaints.")

    return complaints
