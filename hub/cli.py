"""``pontive-hub``: the hub's command line. Exit codes: 0 done, 1 refused with a reason, 2 misuse.

All of the hub takes seconds to import, and a command needs a corner of it: each imports its own
when it is asked for, and so do the functions of ``COMMANDS``.
"""

import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from edge.faultpoints import arm
from hub.command_line import LaterGroup, config_option
from hub.commands import COMMANDS, OPERATOR, now, ready_database, refusals
from hub.config import load_config
from hub.db import Database
from hub.errors import HubError
from hub.logs import set_up_logging


@click.group(cls=LaterGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The Pontive hub: takes in what the edge says, keeps it and shows it."""
    set_up_logging("text")


@main.command()
@config_option
def migrate(config_path: Path) -> None:
    """Bring the database to this version's tables."""
    from hub.cases.keeping.versions import load_shipped
    from hub.migrations.schema import upgrade
    from hub.places.areas import load_areas

    with refusals():
        config = load_config(config_path)
        database = Database(config.database)
        upgrade(database)
        with database.writing() as db:
            load_areas(db)
            load_shipped(db, now=now())
        database.close()
    click.echo("The database is up to date.")


@main.command()
@config_option
@click.option(
    "--worker",
    "numbers",
    type=click.IntRange(0, 63),
    multiple=True,
    help="Run only this one of [ingest] workers here; again for more.",
)
@click.option("--keeper", type=int, hidden=True, help="Process that keeps this worker running.")
def ingest(config_path: Path, numbers: tuple[int, ...], keeper: int | None) -> None:
    """Take in what devices say, until stopped; with [ingest] workers above 1 by several processes."""
    from hub.ingest.leading.workers import keep_together

    numbers = _numbers_here(config_path, numbers)
    if len(numbers) > 1:
        with ready_database(config_path):
            pass
        keep_together({f"ingest-{number}": _worker_command(config_path, number) for number in numbers})
    else:
        _ingest(config_path, numbers[0], keeper)


def _numbers_here(config_path: Path, asked: tuple[int, ...]) -> tuple[int, ...]:
    with refusals():
        workers = load_config(config_path).ingest.workers
        for number in asked:
            if number >= workers:
                last = workers - 1
                raise HubError(f"--worker {number}: [ingest] workers is {workers}, so they are 0 to {last}")
    return tuple(sorted(set(asked))) or tuple(range(workers))


def _worker_command(config_path: Path, number: int) -> list[str]:
    return [*_own_command("ingest", config_path), "--worker", str(number), "--keeper", str(os.getpid())]


def _ingest(config_path: Path, worker: int, keeper: int | None) -> None:
    from hub.enrolment.wiring import enrolment_parts
    from hub.ingest.process import run_ingest
    from hub.ingest.saying.desired import SeveralSources
    from hub.operating.metrics.ingest import ingest_metrics
    from hub.wiring import HANDLERS, KnownDevices, chores_of_concerns, desired_sources

    arm(os.environ)
    with ready_database(config_path) as (config, database):
        set_up_logging(config.operating.log)
        enrolment = enrolment_parts(config, database)
        with refusals(), ingest_metrics(config, database, worker):
            run_ingest(
                config,
                HANDLERS,
                is_known=KnownDevices(database),
                desired=SeveralSources(desired_sources(config, database), enrolment.source),
                worker=worker,
                keeper=keeper,
                chores=(*chores_of_concerns(config, database), *enrolment.chores),
            )


@main.command()
@config_option
def web(config_path: Path) -> None:
    """Serve the screens, until stopped."""
    from hub.web.guarding.secret import load_or_make_secret
    from hub.web.server import serve

    with ready_database(config_path) as (config, _database):
        load_or_make_secret(Path(config.secret_file))
        scheme = "https" if config.web.tls.certificate else "http"
        click.echo(f"{scheme}://{config.web.host}:{config.web.port}/")
    serve(config_path)


@main.command()
@config_option
def run(config_path: Path) -> None:
    """Ingest and screens together; when one ends, so does the other."""
    from hub.children import run_together

    with ready_database(config_path):
        pass
    ended = run_together({part: _own_command(part, config_path) for part in ("ingest", "web")})
    if ended is not None:
        raise click.ClickException(f"{ended} ended, so the other was stopped; see its messages above")


def _own_command(part: str, config_path: Path) -> list[str]:
    return [sys.executable, "-m", "hub.cli", part, "--config", str(config_path)]


@main.group()
def places() -> None:
    """Sites, devices, cameras, doors and sensors."""


@places.command("load")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--retire-others", "retires", is_flag=True, help="Take what the file does not name off duty.")
def places_load(config_path: Path, file: Path, dry_run: bool, retires: bool) -> None:
    """Add or change what an inventory file (TOML or JSON) names; the rest stays, unless told otherwise."""
    from hub.people import audit
    from hub.places.inventory import read_inventory
    from hub.places.service import load_inventory, retire_others

    with ready_database(config_path) as (config, database):
        inventory = read_inventory(file)
        today = now().astimezone(ZoneInfo(config.timezone)).date()
        scope = database.reading() if dry_run else database.writing()
        with scope as db:
            report = load_inventory(db, inventory, today)
            if retires:
                retire_others(db, inventory, report)
            if not dry_run:
                audit.append(
                    db, at=now(), actor=OPERATOR, action="places.load", target=file.name, detail=str(report)
                )
    click.echo(f"{'Would be' if dry_run else 'Done'}: {report}")


@main.command("show-config")
@config_option
def show_config(config_path: Path) -> None:
    """Print the effective configuration, defaults included; secrets are masked."""
    with refusals():
        config = load_config(config_path)
    shown = msgspec.structs.replace(config, database=_without_password(config.database))
    click.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


@main.command("check-config")
@config_option
def check_config(config_path: Path) -> None:
    """Check the configuration and name what is wrong."""
    with refusals():
        load_config(config_path)
    click.echo(f"{config_path}: good")


def _without_password(url: str) -> str:
    head, at, host = url.rpartition("@")
    if not at:
        return url
    user_part, colon, _password = head.rpartition(":")
    return f"{user_part}:***@{host}" if colon and "//" in user_part else url


main.later.update(COMMANDS)


if __name__ == "__main__":
    main()
