"""``pontive-hub measures``: published figures in, totals worked out anew, and examples to look at."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from hub.command_line import ReadyDatabase, config_option
from hub.measures.catalogue.reading import shipped
from hub.measures.examples import add_examples
from hub.measures.feeding import Feeder, Feeds
from hub.measures.keeping.city import rebuild_city
from hub.measures.keeping.importing import import_figures
from hub.measures.keeping.periods import WIB
from hub.measures.prices.imported import price_doubt
from hub.measures.service import conflicts_of
from hub.places.areas import read_areas

_OPERATOR = "pontive-hub"


def measure_commands(ready: ReadyDatabase, *, feeds: Feeds, now: Callable[[], datetime]) -> click.Group:
    """Return the commands.

    Args:
        ready: Opens the database that a configuration names; tells refusals in one line.
        feeds: What the modules count.
        now: The clock.
    """

    @click.group("measures")
    def measures() -> None:
        """Prices, air, SPBE and all other numbers of the city."""

    @measures.command("import")
    @config_option
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    def bring(config_path: Path, file: Path) -> None:
        """Keep published figures (CSV or XLSX), all or none; say which sums do not add up."""
        wards = {area.code for area in read_areas().kelurahan}
        with ready(config_path) as (_config, database), database.writing() as db:
            kept = import_figures(
                db,
                file.read_bytes(),
                file.name,
                catalogue=shipped(),
                kelurahan=wards,
                actor=_OPERATOR,
                now=now(),
                doubt=price_doubt,
            )
            conflicts = conflicts_of(db)
        click.echo(f"{kept} figures kept")
        for one in conflicts:
            month = f"{one.begin.astimezone(WIB):%Y-%m}"
            click.echo(f"does not add up: {one.check.whole} {month}: {one.stated} and {one.found}")

    @measures.command("rebuild")
    @config_option
    def rebuild(config_path: Path) -> None:
        """Work out the city's numbers anew, after the catalogue said otherwise how places come together."""
        with ready(config_path) as (_config, database):
            for measure in shipped().measures.values():
                if not measure.formula:
                    with database.writing() as db:
                        rebuild_city(db, measure)
        click.echo("The city's numbers are those of their points.")

    @measures.command("examples")
    @config_option
    def examples(config_path: Path) -> None:
        """Fill a hub without measures with invented ones, all of them contoh, and count its modules."""
        with ready(config_path) as (_config, database):
            with database.writing() as db:
                is_new = add_examples(db, now=now())
            Feeder(database=database, feeds=feeds, now=now)()
        click.echo("Examples of measures." if is_new else "There are measures already.")

    return measures
